import { inert } from './evaluate/printable';
import type { Condition } from './language/ast';
import { printCondition } from './language/print';

/**
 * A condition as an indented tree, a line a part: macros by their names with what they stand for below, lists in place.
 */
export function renderCondition(condition: Condition): string {
  return linesOf(condition, 0, new Set()).join('\n');
}

function linesOf(part: Condition, depth: number, told: Set<unknown>): string[] {
  const line = (text: string): string => `${'  '.repeat(depth)}${inert(text)}`;
  const below = (inner: Condition): string[] => linesOf(inner, depth + 1, told);
  switch (part.kind) {
    case 'and':
    case 'or':
      return [line(part.kind), ...part.operands.flatMap(below)];
    case 'not':
      return [line('not'), ...below(part.operand)];
    case 'macro': {
      const { name, definition } = part;
      // A macro that is used again says the same.
      if (definition === undefined || told.has(definition)) {
        return [line(`${name} (${definition === undefined ? 'not known' : 'see above'})`)];
      }
      told.add(definition);
      return [line(name), ...below(definition.condition)];
    }
    default:
      return [line(printCondition(part))];
  }
}
