import { isIPv4, isIPv6 } from 'node:net';
import { nearest } from '../../schema/nearest';
import { addressOf } from '../evaluate/compare/address';
import type { FieldValue } from '../evaluate/event';
import type { Field, FieldCatalogue, FieldType } from '../fields/field';
import { portOf } from '../fields/ports';

/** What a field of an event would hold, or why it can't. */
export type ValueOrProblem =
  { readonly value: FieldValue } | { readonly problem: string; readonly hint?: string };

/** One value of a field, written as text: `443` of a port, `true` of a flag. Strict where Falco is lenient. */
export function eventValue(text: string, field: Field, catalogue: FieldCatalogue): ValueOrProblem {
  if (field.name === 'evt.type' && !catalogue.eventTypes.has(text)) {
    const meant = nearest(text, catalogue.eventTypes);
    return { problem: `there is no event '${text}'`, ...(meant && { hint: `did you mean ${meant}?` }) };
  }
  return typedValue(text, field.type);
}

function typedValue(text: string, type: FieldType): ValueOrProblem {
  switch (type) {
    case 'CHARBUF':
    case 'BYTEBUF':
      return { value: text };
    case 'BOOL':
      if (text === 'true' || text === 'false') return { value: text === 'true' };
      return { problem: `'${text}' is neither true nor false` };
    case 'IPADDR':
      if (isIPv4(text) || (isIPv6(text) && !text.includes('%'))) return { value: unmapped(text) };
      return { problem: `'${text}' is no address` };
    case 'PORT': {
      const port = /^\d+$/.test(text) && Number(text) > 65_535 ? undefined : portOf(text);
      return text === '' || port === undefined ? { problem: `'${text}' is no port` } : { value: port };
    }
    case 'DOUBLE':
      if (/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) return { value: Number(text) };
      return { problem: `'${text}' is no number` };
    case 'ABSTIME':
      return timeValue(text);
    default:
      return wholeNumber(text, type);
  }
}

/** Falco makes IPv4 addresses of mapped ones before rules see them. */
function unmapped(text: string): string {
  const address = addressOf(text);
  if (address?.family !== 6) return text;
  const [a, b, c, d] = address.words;
  return a === 0 && b === 0 && c === 0xffff
    ? [d >>> 24, (d >>> 16) & 255, (d >>> 8) & 255, d & 255].join('.')
    : text;
}

/** The least and the most of each type of number. */
const BITS: Readonly<Partial<Record<FieldType, readonly [least: bigint, most: bigint]>>> = {
  INT16: [-(2n ** 15n), 2n ** 15n - 1n],
  INT32: [-(2n ** 31n), 2n ** 31n - 1n],
  INT64: [-(2n ** 63n), 2n ** 63n - 1n],
  UINT32: [0n, 2n ** 32n - 1n],
};
const UINT64 = [0n, 2n ** 64n - 1n] as const;

function wholeNumber(text: string, type: FieldType): ValueOrProblem {
  if (!/^-?\d{1,20}$/.test(text)) return { problem: `'${text}' is no whole number` };
  const number = BigInt(text);
  const [least, most] = BITS[type] ?? UINT64;
  if (number < least || number > most) return { problem: `${text} is not between ${least} and ${most}` };
  return { value: Number.isSafeInteger(Number(number)) ? Number(number) : number };
}

/** Nanoseconds since 1970, or a time as RFC 3339 has it. */
function timeValue(text: string): ValueOrProblem {
  if (/^\d{1,19}$/.test(text)) return wholeNumber(text, 'UINT64');
  const [, seconds = '', fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/.exec(text) ?? [];
  const milliseconds = Date.parse(`${seconds}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  if (Number.isNaN(milliseconds)) {
    return { problem: `'${text}' is no time`, hint: 'write 2026-11-22T07:41:15Z, or nanoseconds since 1970' };
  }
  return { value: BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0')) };
}
