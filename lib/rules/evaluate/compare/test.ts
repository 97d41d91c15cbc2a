import type { FieldType } from '../../fields/field';
import type { BinaryOperator } from '../../language/operators';
import type { FieldValue } from '../event';
import { addressTest, addressListTest } from './address-test';
import { booleanTest, booleanListTest } from './boolean-test';
import { bytesTest, bytesListTest } from './bytes-test';
import { itemsOf } from './items';
import { numberTest, numberListTest } from './number-test';
import { partsOf, type BaseOperator } from './operator';
import { textTest, textListTest } from './text-test';

/** What decides whether a value of a field passes a comparison. */
export type Test = (value: FieldValue) => boolean;

/** What is known of the left side of a comparison before there is an event. */
export interface Shape {
  readonly type: FieldType;
  readonly isList: boolean;
  /**
   * Falco compares the value without knowing its length (libs' `compare_rhs` is called without one), so it is found in
   * no list unless it is text, and a buffer never compares equal: true of `evt.rawarg.*`.
   */
  readonly unsized: boolean;
}

const never: Test = () => false;

/** The test for an operator and the values on its right. */
export function testOf(shape: Shape, operator: BinaryOperator, texts: readonly string[]): Test {
  const { base, modifier } = partsOf(operator);
  if (shape.isList) return listTest(shape.type, base, texts);
  if (base === 'in' || base === 'intersects') {
    return shape.unsized && shape.type !== 'CHARBUF' ? never : memberTest(shape.type, texts);
  }
  if (base === 'pmatch') return textListTest('pmatch', texts);
  const tests = texts.map((text) => singleTest(shape, base, text));
  switch (modifier) {
    case undefined:
      return tests[0] ?? never;
    case 'anyof':
      return (value) => tests.some((test) => test(value));
    case 'allof':
      return tests.length === 0 ? never : (value) => tests.every((test) => test(value));
    case 'oneof':
      // Exactly one: libs' `matches_one_rhs`.
      return (value) => tests.filter((test) => test(value)).length === 1;
  }
}

/** Compares a field of several values: `in` wants all in the list, `intersects` any (libs' `compare_rhs_multi`). */
function listTest(type: FieldType, operator: BaseOperator, texts: readonly string[]): Test {
  const member = memberTest(type, texts);
  switch (operator) {
    case 'in':
      return (value) => itemsOf(value).every(member);
    case 'intersects':
      return (value) => itemsOf(value).some(member);
    default:
      return never;
  }
}

function singleTest({ type, unsized }: Shape, operator: BaseOperator, text: string): Test {
  switch (type) {
    case 'CHARBUF':
    case 'DYNAMIC':
      return textTest(operator, text);
    case 'BYTEBUF':
      return unsized ? () => operator === '!=' : bytesTest(operator, text);
    case 'BOOL':
      return booleanTest(operator, text);
    case 'IPADDR':
    case 'IPNET':
      return addressTest(type, operator, text);
    default:
      return numberTest(type, operator, text);
  }
}

function memberTest(type: FieldType, texts: readonly string[]): Test {
  switch (type) {
    case 'CHARBUF':
    case 'DYNAMIC':
      return textListTest('in', texts);
    case 'BYTEBUF':
      return bytesListTest(texts);
    case 'BOOL':
      return booleanListTest(texts);
    case 'IPADDR':
    case 'IPNET':
      return addressListTest(type, texts);
    default:
      return numberListTest(type, texts);
  }
}
