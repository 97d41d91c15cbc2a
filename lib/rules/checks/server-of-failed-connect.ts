import type { Fact } from './facts';
import { factsOf } from './facts';
import type { Lint } from './lint';
import { SERVER } from './misses-refused-connects';
import { fieldOf } from './reading';
import { saysFailed } from './result';

/** Whoever asks for connects that failed, and for their server, gets those alone that go on or had a peer before. */
export const serverOfFailedConnect: Lint = {
  code: 'server-of-failed-connect',
  rule({ condition, eventTypes, complete }) {
    if (!complete || eventTypes === 'all' || eventTypes.size !== 1 || !eventTypes.has('connect')) return [];
    const facts = factsOf(condition);
    const needs = facts.find(needsServer);
    if (needs === undefined || !facts.some(saysFailed)) return [];
    const name = fieldOf(needs.checks[0])?.name ?? '';
    return [
      {
        span: needs.at,
        message: `never true of a connect that is refused or times out: it has no ${name}`,
        hint: 'ask for the address that it wanted: evt.arg.addr startswith "…:"',
      },
    ];
  },
};

/** `exists` and `!=` need a value, too. */
function needsServer({ checks, negated }: Fact): boolean {
  return !negated && checks.every((check) => SERVER.test(fieldOf(check)?.name ?? ''));
}
