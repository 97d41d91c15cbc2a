import type { Comparison, Exists } from '../language/ast';
import { fieldsOfOperand } from '../language/walk';
import { factsOf } from './facts';
import type { Lint } from './lint';
import { fieldOf } from './reading';
import { partsOf } from './surroundings';

/** What Falco knows of a peer only if the connection was made. */
const SERVER = /^fd\.(?:[sr](?:ip(?:\.name)?|net|port|proto)|ip|net|port|proto)$/;

/** What tells whether a call succeeded: who asks for it knows. */
const RESULT = /^evt\.(?:res|rawres|failed|(?:raw)?arg\.res)$/;

/** A refused connect has no server address, only the one that was asked for. */
export const missesRefusedConnects: Lint = {
  code: 'misses-refused-connects',
  rule({ condition, eventTypes, complete }) {
    if (!complete || eventTypes === 'all' || !eventTypes.has('connect')) return [];
    const needs = factsOf(condition).find(({ checks, negated }) => !negated && checks.every(asksForServer));
    if (needs === undefined) return [];
    for (const { node } of partsOf(condition)) {
      if (node.kind !== 'comparison' && node.kind !== 'exists') continue;
      if (fieldsOfOperand(node.left).some(({ name }) => RESULT.test(name))) return [];
    }
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
