import { within, type AddressRange } from '../containment/address';
import { addressOf } from './address';
import type { Connection } from './connection';

/** What is asked for: addresses, names, or both; a connection to any of them counts. */
export interface Asked {
  readonly ranges: readonly AddressRange[];
  /** In lower case. */
  readonly names: readonly string[];
  /** Whether a connection to one of them was to what is asked for, which had it only for a time. @default it was */
  readonly isThen?: (connection: Connection) => boolean;
}

/** Whether a connection went to what is asked for. */
export function matches({ ranges, names, isThen }: Asked, connection: Connection): boolean {
  const { destination } = connection;
  const range = addressOf(destination.address)?.range;
  const isOne =
    (range !== undefined && ranges.some((asked) => within(range, asked))) ||
    (names.length > 0 && destination.names.some((name) => names.includes(plainName(name))));
  return isOne && (isThen === undefined || isThen(connection));
}

/** Whether a text is an address or a name of what is asked for. */
export function isAsked({ ranges, names }: Asked, text: string): boolean {
  const range = addressOf(text)?.range;
  return (
    names.includes(plainName(text)) || (range !== undefined && ranges.some((asked) => within(range, asked)))
  );
}

/** A host name as it is compared: in lower case, without the point at its end. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Who wrote the addresses: Falco, which writes each in one way, or anybody, in any. */
export type Spelling = 'falco' | 'any';

/**
 * What every stored form of such a connection holds: one of these regular expressions, which RE2 and JavaScript read alike,
 * to be taken without regard to case. They let too much through, never too little. `undefined` if everything may be one.
 */
export function patternsOf({ ranges, names }: Asked, spelling: Spelling): readonly string[] | undefined {
  const patterns: string[] = names.map(literal);
  for (const range of ranges) {
    const found = range.family === 4 ? patternsOfFour(range) : patternOfSix(range);
    if (found === undefined) return undefined;
    // Falco writes ::ffff:10.0.0.1 so, and never in hexadecimal.
    patterns.push(...(range.family === 4 && spelling === 'falco' ? found.slice(0, 1) : found));
  }
  return [...new Set(patterns)];
}

/** The text that a pattern stands for, if it stands for one alone, and has no letters. */
export function plainTextOf(pattern: string): string | undefined {
  return /^(?:\d|\\\.)+$/.test(pattern) ? pattern.replaceAll('\\', '') : undefined;
}

/** The regular expression that stands for a text. */
export function literal(text: string): string {
  return text.replace(/[^\w-]/g, '\\$&');
}

/** By whole bytes, and all values of the byte that the mask cuts; and as the end of an IPv6 address in hexadecimal. */
function patternsOfFour({ first, last }: AddressRange): string[] | undefined {
  const [a, b] = [bytesOf(first), bytesOf(last)];
  const whole = a.findIndex((byte, at) => byte !== b[at]);
  if (whole === 0) return undefined;
  const group = (256 * (a[0] ?? 0) + (a[1] ?? 0)).toString(16);
  const mapped = whole === 1 ? 'ffff:' : `ffff:0*${group}:`;
  if (whole < 0) return [a.join('\\.'), mapped];
  const [from = 0, to = 255] = [a[whole], b[whole]];
  const values = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const cut = values.length === 256 ? '' : `(?:${values.join('|')})${whole === 3 ? '' : '\\.'}`;
  const start = a.slice(0, whole).map((byte) => `${byte}\\.`);
  return [`${start.join('')}${cut}`, mapped];
}

function bytesOf(value: bigint): number[] {
  return [24n, 16n, 8n, 0n].map((shift) => Number((value >> shift) & 0xffn));
}

/** By the groups that all addresses of the range have, in any of the spellings of IPv6. */
function patternOfSix({ first, last }: AddressRange): string[] | undefined {
  const [a, b] = [groupsOf(first), groupsOf(last)];
  const differs = a.findIndex((group, at) => group !== b[at]);
  // The last two may be written as an IPv4 address.
  const head = headOf(a.slice(0, differs < 0 ? 6 : Math.min(differs, 6)));
  const tail = differs < 0 ? tailOf(a[6] ?? 0, a[7] ?? 0) : '';
  return head === '' && tail === '' ? undefined : [`${head}:${tail}`];
}

/** Groups that are not zero, with what may stand between them. */
function headOf(groups: readonly number[]): string {
  let head = '';
  let between = '';
  for (const group of groups) {
    if (group === 0) between = ':[0:]*';
    else {
      head += `${head === '' ? '' : between}${group.toString(16)}`;
      between = ':0*';
    }
  }
  return head;
}

function tailOf(g: number, h: number): string {
  if (g === 0 && h === 0) return '';
  const hexadecimal = [...(g === 0 ? [] : [g]), ...(h === 0 ? [] : [h])].map((group) => group.toString(16));
  const bytes = [g >> 8, g & 0xff, h >> 8, h & 0xff];
  return `[0:]*(?:${hexadecimal.join(':0*')}|${bytes.join('\\.')})`;
}

function groupsOf(value: bigint): number[] {
  return Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(112 - 16 * at)) & 0xffffn));
}
