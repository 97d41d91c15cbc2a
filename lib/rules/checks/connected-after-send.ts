import type { Lint } from './lint';
import { fieldOf, isEquality, valuesOf } from './reading';

const SENDS = ['sendto', 'sendmsg', 'sendmmsg'];

/** By the time rules see a send that succeeded, Falco has marked its socket as connected. */
export const connectedAfterSend: Lint = {
  code: 'connected-after-send',
  comparison(check, { negated, beside }) {
    if (fieldOf(check)?.name !== 'fd.connected' || !isEquality(check)) return undefined;
    const wanted = valuesOf(check)[0]?.text === 'true';
    if (wanted !== negated) return undefined;
    const isOfSends = beside
      .about('evt.type', check)
      .some(
        (fact) =>
          !fact.negated &&
          fact.checks.every(
            (other) => isEquality(other) && valuesOf(other).every(({ text }) => SENDS.includes(text)),
          ),
      );
    if (!isOfSends) return undefined;
    return {
      span: check,
      message: 'never true of a send that succeeded: it has marked the socket as connected',
      hint: 'leave it out; fd.name_changed = true is true of the first send to a peer',
    };
  },
};
