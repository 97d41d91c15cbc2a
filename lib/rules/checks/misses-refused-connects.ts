import type { Comparison, Exists } from '../language/ast';
import { factsOf } from './facts';
import type { Lint } from './lint';
import { fieldOf } from './reading';
import { asksForResult } from './result';

/** What Falco knows of a peer only if the connection was made. */
export const SERVER = /^fd\.(?:[sr](?:ip(?:\.name)?|net|port|proto)|ip|net|port|proto)$/;

/** A refused connect has no server address, only the one that was asked for. */
export const missesRefusedConnects: Lint = {
  code: 'misses-refused-connects',
  rule({ condition, eventTypes, complete }) {
    if (!complete || eventTypes === 'all' || !eventTypes.has('connect')) return [];
    const needs = factsOf(condition).find(({ checks, negated }) => !negated && checks.every(asksForServer));
    if (needs === undefined) return [];
    if (asksForResult(condition)) return [];
    const name = fieldOf(needs.checks[0])?.name ?? '';
    return [
      {
        span: needs.at,
        message: `misses connects that are refused or time out: then ${name} has no value`,
        hint: `add: or evt.arg.addr startswith "…:"; in TypeScript: egressTo(list)`,
      },
    ];
  },
};

function asksForServer(check: Comparison | Exists): boolean {
  return check.kind === 'comparison' && check.operator !== '!=' && SERVER.test(fieldOf(check)?.name ?? '');
}
