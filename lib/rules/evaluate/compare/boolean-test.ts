import type { FieldValue } from '../event';
import type { BaseOperator } from './operator';
import type { Test } from './test';

/** The truth that a field of an event holds, be it written as a text or a number. */
function booleanOf(value: FieldValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 1) return true;
  return value === 'false' || value === 0 ? false : undefined;
}

/** Compares with `true` or `false`. */
export function booleanTest(operator: BaseOperator, text: string): Test {
  const wanted = booleanOf(text);
  if (wanted === undefined) return () => false;
  switch (operator) {
    case '=':
    case '==':
      return (value) => booleanOf(value) === wanted;
    case '!=':
      return (value) => booleanOf(value) === !wanted;
    default:
      return () => false;
  }
}

/** Whether a truth is one of some. */
export function booleanListTest(texts: readonly string[]): Test {
  const wanted = new Set(texts.map(booleanOf));
  wanted.delete(undefined);
  return (value) => wanted.has(booleanOf(value));
}
