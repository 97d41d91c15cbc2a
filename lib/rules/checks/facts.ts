import type { Comparison, Condition, Exists } from '../language/ast';

/** What must hold if a condition does. */
export interface Fact {
  /** One of these holds; if it is negated, there is one, and it doesn't hold. */
  readonly checks: readonly [Comparison | Exists, ...(Comparison | Exists)[]];
  readonly negated: boolean;
  /** Where the condition's own text says so: the check, or the macro that holds it. */
  readonly at: Condition;
}

/** What a stranger writes may be of any size; more than this of one condition isn't looked at. */
const MOST_NODES = 5000;

interface Open {
  readonly node: Condition;
  readonly negated: boolean;
  readonly at: Condition | undefined;
}

/** What follows from a condition without trying it: the comparisons that all of its ways to be true share. */
export function factsOf(condition: Condition): Fact[] {
  const facts: Fact[] = [];
  const open: Open[] = [{ node: condition, negated: false, at: undefined }];
  const seen = { true: new Set<Condition>(), false: new Set<Condition>() };
  for (
    let next = open.pop(), nodes = 0;
    next !== undefined && nodes < MOST_NODES;
    next = open.pop(), nodes++
  ) {
    const { node, negated, at } = next;
    switch (node.kind) {
      case 'and':
      case 'or':
        if ((node.kind === 'and') !== negated) {
          for (const operand of node.operands.slice(0, MOST_NODES).reverse())
            open.push({ node: operand, negated, at });
        } else if (!negated) {
          const [first, ...others] = node.operands.slice(0, MOST_NODES).filter(isCheck);
          if (first !== undefined && others.length + 1 === node.operands.length)
            facts.push({ checks: [first, ...others], negated, at: at ?? node });
        }
        break;
      case 'not':
        open.push({ node: node.operand, negated: !negated, at });
        break;
      case 'macro': {
        const { definition } = node;
        const done = seen[negated ? 'true' : 'false'];
        if (definition === undefined || done.has(definition.condition)) break;
        done.add(definition.condition);
        open.push({ node: definition.condition, negated, at: at ?? node });
        break;
      }
      default:
        facts.push({ checks: [node], negated, at: at ?? node });
    }
  }
  return facts;
}

function isCheck(condition: Condition): condition is Comparison | Exists {
  return condition.kind === 'comparison' || condition.kind === 'exists';
}
