import type { Comparison, Condition, Exists } from '../language/ast';
import { fieldsOfOperand } from '../language/walk';
import type { Fact } from './facts';
import { fieldOf, isEquality, valuesOf } from './reading';

/** What tells whether a call succeeded. */
const RESULT = /^evt\.(?:res|rawres|failed|(?:raw)?arg\.res)$/;

/** Results of connects whose socket has a peer; EINPROGRESS is 115, EALREADY 114, EISCONN 106. */
const HAS_PEER = /^(?:SUCCESS|EINPROGRESS|EALREADY|EISCONN|-115|-114|-106|\+?\d+)$/;

/** Deeper, and in larger conditions, the author is believed. */
const DEEPEST = 200;
const MOST_NODES = 5000;

/** Whether a condition's own text asks for the result of a connect in all ways in which it can be true of one. */
export function asksForResult(condition: Condition): boolean {
  let nodes = 0;
  const asks = (node: Condition, negated: boolean, depth: number): boolean => {
    if (depth > DEEPEST || nodes++ > MOST_NODES) return true;
    switch (node.kind) {
      case 'and':
      case 'or': {
        const ask = (operand: Condition): boolean => asks(operand, negated, depth + 1);
        return (node.kind === 'and') !== negated ? node.operands.some(ask) : node.operands.every(ask);
      }
      case 'not':
        return asks(node.operand, !negated, depth + 1);
      // What a macro asks, the rule's author need not know.
      case 'macro':
      case 'exists':
        return false;
      default:
        return fieldsOfOperand(node.left).some(({ name }) => RESULT.test(name)) || isOfOthers(node, negated);
    }
  };
  return asks(condition, false, 0);
}

/** Whether a comparison is true of other calls than connect. */
function isOfOthers(check: Comparison, negated: boolean): boolean {
  if (fieldOf(check)?.name !== 'evt.type') return false;
  const names = valuesOf(check).map(({ text }) => text);
  if (isEquality(check)) return names.includes('connect') === negated;
  return check.operator === '!=' && names[0] === 'connect' && !negated;
}

/** Whether it follows that the call failed, so that a connect left its socket without a peer. */
export function saysFailed({ checks, negated }: Fact): boolean {
  return checks.every((check) => isFailure(check, negated));
}

function isFailure(check: Comparison | Exists, negated: boolean): boolean {
  const name = fieldOf(check)?.name;
  const values = valuesOf(check).map(({ text }) => text);
  const [first] = values;
  if (check.kind === 'exists' || first === undefined || name === undefined || !RESULT.test(name))
    return false;
  if (name === 'evt.failed') return isEquality(check) && values.every((text) => text === String(!negated));
  if (negated)
    return (check.operator === '>=' && first === '0') || (isEquality(check) && values.includes('SUCCESS'));
  if (isEquality(check)) return values.every((text) => !HAS_PEER.test(text));
  return (
    (check.operator === '!=' && first === 'SUCCESS') || (check.operator === '<' && /^(?:0|-\d+)$/.test(first))
  );
}
