import type { Comparison, Condition, Span } from '../../rules/language/ast';

/**
 * What a comparison with `evt.dir` has said since Falco 0.42, which sees a call once, at its end: `always` or `never`;
 * `undefined` for any other condition.
 */
function directionOf(condition: Condition): 'always' | 'never' | undefined {
  if (condition.kind === 'not') return opposite(directionOf(condition.operand));
  if (condition.kind !== 'comparison') return undefined;
  const { left, operator, right } = condition;
  if (left.kind !== 'field' || left.name !== 'evt.dir') return undefined;
  const values = valuesOf(right);
  if (values === undefined) return undefined;
  const holds = values.includes('<') ? 'always' : 'never';
  if (operator === '!=') return opposite(holds);
  return operator === '=' || operator === '==' || operator === 'in' ? holds : undefined;
}

function opposite(says: 'always' | 'never' | undefined): 'always' | 'never' | undefined {
  return says && (says === 'always' ? 'never' : 'always');
}

function valuesOf(right: Comparison['right']): readonly string[] | undefined {
  if (right.kind === 'transformer') return undefined;
  const values = right.kind === 'value' ? [right.text] : right.items.map(({ text }) => text);
  return values.every((value) => value === '<' || value === '>') ? values : undefined;
}

/** Condition without what is always true of the direction, where something else stands beside it. */
export function withoutDirection(condition: Condition): Condition {
  if (condition.kind === 'not') return { ...condition, operand: withoutDirection(condition.operand) };
  if (condition.kind !== 'and' && condition.kind !== 'or') return condition;
  const dropped = new Set(droppable(condition));
  const [first, ...others] = condition.operands.filter((operand) => !dropped.has(operand));
  if (first === undefined) return condition;
  if (others.length === 0) return withoutDirection(first);
  return { ...condition, operands: [first, ...others].map(withoutDirection) };
}

/** A stretch of a condition's text without which it says the same. */
export interface Dispensable extends Span {
  /** Where its comparison starts; an `and` may stand before it. */
  readonly at: number;
}

/** Comparisons of the direction that are always true, where something else stands beside them, `and` included. */
export function directionsIn(text: string, condition: Condition): Dispensable[] {
  if (condition.kind === 'not') return directionsIn(text, condition.operand);
  if (condition.kind !== 'and' && condition.kind !== 'or') return [];
  const dropped = droppable(condition);
  return condition.operands.flatMap((operand, index) => {
    if (!dropped.includes(operand)) return directionsIn(text, operand);
    const isFirst = condition.operands.slice(0, index).every((before) => dropped.includes(before));
    return [{ ...withAnd(text, withParentheses(text, operand), isFirst), at: operand.start }];
  });
}

/** Comparisons that are never true, as the direction is what it is. */
export function neverTrueIn(condition: Condition): Span[] {
  if (directionOf(condition) === 'never') return [condition];
  if (condition.kind === 'and') return condition.operands.flatMap(neverTrueIn);
  if (condition.kind === 'or') return condition.operands.flatMap(neverTrueIn);
  return [];
}

function droppable(condition: Extract<Condition, { kind: 'and' | 'or' }>): Condition[] {
  if (condition.kind === 'or') return [];
  const always = condition.operands.filter((operand) => directionOf(operand) === 'always');
  return always.length < condition.operands.length ? always : [];
}

/** Parentheses leave no trace in the tree; those on both sides are of this operand alone. */
function withParentheses(text: string, { start, end }: Span): Span {
  const before = /\(\s*$/.exec(text.slice(0, start));
  const after = /^\s*\)/.exec(text.slice(end));
  if (before === null || after === null) return { start, end };
  return withParentheses(text, { start: before.index, end: end + after[0].length });
}

function withAnd(text: string, { start, end }: Span, isFirst: boolean): Span {
  if (isFirst) return { start, end: end + (/^\s*and\s*/.exec(text.slice(end))?.[0].length ?? 0) };
  return { start: /\s*and\s*$/.exec(text.slice(0, start))?.index ?? start, end };
}
