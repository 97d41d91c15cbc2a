import type { Explanation, ExplainedCheck } from './explain';
import { inert, printableValue } from './printable';

/**
 * An explanation as indented text: a line for each part with its result, `>` before those that decide, and what the
 * event holds in the fields of each comparison. What stands in the event reaches no terminal unescaped.
 */
export function renderExplanation(explanation: Explanation): string {
  return linesOf(explanation, 0, new Set()).join('\n');
}

function linesOf(part: Explanation, depth: number, told: Set<Explanation>): string[] {
  const line = `${part.decides ? '>' : ' '} ${part.result ? 'true ' : 'false'} ${'  '.repeat(depth)}${labelOf(part)}`;
  if (part.kind === 'check') return [line];
  // A macro that is used again says the same.
  if (told.has(part)) return [`${line} (see above)`];
  if (part.kind === 'macro') told.add(part);
  return [line, ...partsOf(part).flatMap((inner) => linesOf(inner, depth + 1, told))];
}

function partsOf(part: Exclude<Explanation, ExplainedCheck>): readonly Explanation[] {
  switch (part.kind) {
    case 'not':
      return [part.operand];
    case 'macro':
      return [part.definition];
    default:
      return part.operands;
  }
}

function labelOf(part: Explanation): string {
  switch (part.kind) {
    case 'macro':
      return inert(part.name);
    case 'check':
      return [
        inert(part.text),
        ...part.values.map(({ field, value }) => `· ${inert(field)} ${shown(value)}`),
      ].join(' ');
    default:
      return part.kind;
  }
}

function shown(value: Parameters<typeof printableValue>[0]): string {
  return value === null ? 'has no value' : `is ${printableValue(value)}`;
}
