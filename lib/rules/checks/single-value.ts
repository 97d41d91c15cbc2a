import { addressOf } from '../evaluate/compare/address';
import type { FieldCatalogue, FieldType } from '../fields/field';
import { isWholeNumber } from '../fields/numbers';
import { typeOf } from '../fields/operand-type';
import { portOf } from '../fields/ports';
import type { Comparison, Exists, Operand } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { isEquality, valuesOf } from './reading';

/** The type of an operand that has one value at most; `undefined` where it may have several, or isn't looked into. */
export function singleType(operand: Operand, catalogue: FieldCatalogue): FieldType | undefined {
  try {
    const { type, isList, comparesWithFields } = typeOf(operand, catalogue);
    const hasOne = comparesWithFields || (operand.kind === 'field' && operand.argument !== undefined);
    return hasOne && !isList && (type === 'CHARBUF' || type in READERS) ? type : undefined;
  } catch (error) {
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}

const READERS: Readonly<Partial<Record<FieldType, (text: string) => string | undefined>>> = {
  BOOL: (text) => text,
  PORT: (text) => portOf(text)?.toString(),
  IPADDR: (text) => JSON.stringify(addressOf(text)),
  INT16: signed(16),
  INT32: signed(32),
  INT64: signed(64),
  UINT32: unsigned(32),
  UINT64: unsigned(64),
  RELTIME: unsigned(64),
  ABSTIME: unsigned(64),
};

/** What is too large is cut by Falco; that isn't looked into. */
function signed(bits: number): (text: string) => string | undefined {
  return (text) => within(text, -(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n);
}

function unsigned(bits: number): (text: string) => string | undefined {
  return (text) => within(text, 0n, 2n ** BigInt(bits) - 1n);
}

function within(text: string, least: bigint, most: bigint): string | undefined {
  if (!isWholeNumber(text)) return undefined;
  const number = BigInt(text.trim().replace(/^\+/, ''));
  return number < least || number > most ? undefined : number.toString();
}

/** A value in the one spelling by which two can be compared; `undefined` if there is none. */
export function spelling(text: string, type: FieldType): string | undefined {
  const read = READERS[type];
  return read === undefined ? text : read(text);
}

/** Whether a value, in its one spelling, is one for which a comparison is true; `undefined` where that isn't looked into. */
export function holdsFor(check: Comparison | Exists, value: string, type: FieldType): boolean | undefined {
  if (check.kind === 'exists') return true;
  if (check.right.kind === 'transformer') return undefined;
  const values = valuesOf(check).map(({ text }) => spelling(text, type));
  if (isEquality(check))
    return values.includes(value) ? true : values.includes(undefined) ? undefined : false;
  const [first] = values;
  if (first === undefined) return undefined;
  if (check.operator === '!=') return value !== first;
  return type === 'CHARBUF'
    ? textHolds(check.operator, value, first)
    : numberHolds(check.operator, value, first);
}

function textHolds(operator: string, value: string, other: string): boolean | undefined {
  switch (operator) {
    case 'startswith':
      return value.startsWith(other);
    case 'endswith':
      return value.endsWith(other);
    case 'contains':
      return value.includes(other);
    default:
      return undefined;
  }
}

function numberHolds(operator: string, value: string, other: string): boolean | undefined {
  switch (operator) {
    case '<':
      return BigInt(value) < BigInt(other);
    case '<=':
      return BigInt(value) <= BigInt(other);
    case '>':
      return BigInt(value) > BigInt(other);
    case '>=':
      return BigInt(value) >= BigInt(other);
    default:
      return undefined;
  }
}
