import type { FieldType } from '../../fields/field';
import { numberOf, parseNumber, type Numeric } from './number';
import type { BaseOperator } from './operator';
import type { Test } from './test';

/** Compares with one number. */
export function numberTest(type: FieldType, operator: BaseOperator, text: string): Test {
  const wanted = parseNumber(text, type);
  if (wanted === undefined) return () => false;
  const holds = orderTest(operator, wanted);
  return (value) => {
    const number = numberOf(value);
    return number !== undefined && holds(number);
  };
}

/** Compares numbers that were read already. */
export function orderTest(operator: BaseOperator, wanted: Numeric): (number: Numeric) => boolean {
  switch (operator) {
    case '=':
    case '==':
      return (number) => number === wanted;
    case '!=':
      return (number) => number !== wanted;
    case '<':
      return (number) => number < wanted;
    case '<=':
      return (number) => number <= wanted;
    case '>':
      return (number) => number > wanted;
    case '>=':
      return (number) => number >= wanted;
    default:
      return () => false;
  }
}

/** Whether a number is one of some. */
export function numberListTest(type: FieldType, texts: readonly string[]): Test {
  const wanted = new Set(texts.map((text) => parseNumber(text, type)));
  wanted.delete(undefined);
  return (value) => wanted.has(numberOf(value));
}
