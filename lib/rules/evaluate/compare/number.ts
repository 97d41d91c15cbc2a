import type { FieldType } from '../../fields/field';
import { portOf } from '../../fields/ports';
import type { FieldValue } from '../event';

/** A number: a bigint only where a double would lose digits. */
export type Numeric = number | bigint;

const UNSIGNED_MAX = 2n ** 64n - 1n;
const SIGNED_MAX = 2n ** 63n - 1n;

/** The number that a field of an event holds, be it written as a text. */
export function numberOf(value: FieldValue): Numeric | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) || !Number.isInteger(value) ? value : BigInt(value);
    case 'bigint':
      return narrow(value);
    case 'string':
      return /^[+-]?\d{1,20}$/.test(value) ? narrow(BigInt(value)) : undefined;
    default:
      return undefined;
  }
}

/**
 * A number of a condition, as Falco reads it into a field of a type: too large a number is not refused, but is cut to
 * the type's width (libs' `sinsp_numparser`); a port may be a service's name.
 */
export function parseNumber(text: string, type: FieldType): Numeric | undefined {
  if (type === 'DOUBLE') return Number(text);
  if (type === 'PORT') return portOf(text);
  const digits = /^\s*([+-]?\d{1,30})/.exec(text)?.[1];
  return digits === undefined ? undefined : narrow(cut(BigInt(digits), type));
}

function cut(value: bigint, type: FieldType): bigint {
  switch (type) {
    case 'UINT32':
      return BigInt.asUintN(32, value);
    case 'INT16':
      return BigInt.asIntN(16, value);
    case 'INT32':
      return BigInt.asIntN(32, value);
    case 'INT64':
      return clamp(value, -SIGNED_MAX - 1n, SIGNED_MAX);
    default:
      return value < 0n ? BigInt.asUintN(64, value) : clamp(value, 0n, UNSIGNED_MAX);
  }
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least) return least;
  return value > most ? most : value;
}

function narrow(value: bigint): Numeric {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
