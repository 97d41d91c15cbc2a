/** Addresses of one family, the first and the last of them. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32n, 6: 128n } as const;
/** Every address of IPv4, as IPv6 writes them: ::ffff:0:0/96. */
const MAPPED = 0xffffn;

/** All addresses of a family. */
export function everyAddress(family: 4 | 6): AddressRange {
  return { family, first: 0n, last: (1n << BITS[family]) - 1n };
}

/** Reads an address; an IPv4 address in IPv6's notation is the IPv4 address. `undefined` where it is none. */
export function parseAddress(text: string): AddressRange | undefined {
  const parsed = text.includes(':') ? parseSix(text) : parseFour(text);
  if (parsed === undefined) return undefined;
  const { family, value } = unmapped(text.includes(':') ? 6 : 4, parsed);
  return { family, first: value, last: value };
}

/** Reads `ADDRESS/LENGTH`; bits after the length don't count. `undefined` where it is none. */
export function parseCidr(text: string): AddressRange | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const six = address.includes(':');
  const parsed = six ? parseSix(address) : parseFour(address);
  const bits = BITS[six ? 6 : 4];
  if (parsed === undefined || BigInt(digits) > bits) return undefined;
  const size = 1n << (bits - BigInt(digits));
  const first = unmapped(six ? 6 : 4, parsed - (parsed % size));
  const last = unmapped(six ? 6 : 4, parsed - (parsed % size) + size - 1n);
  return first.family === last.family
    ? { family: first.family, first: first.value, last: last.value }
    : // Shorter than ::ffff:0:0/96: addresses of IPv6 only, as Go reads it.
      { family: 6, first: parsed - (parsed % size), last: parsed - (parsed % size) + size - 1n };
}

/** Whether one range lies in the other. */
export function within(inner: AddressRange, outer: AddressRange): boolean {
  return inner.family === outer.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** Whether the ranges together hold all of another. */
export function cover(ranges: readonly AddressRange[], all: AddressRange): boolean {
  const sorted = ranges
    .filter(({ family }) => family === all.family)
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  let next = all.first;
  for (const { first, last } of sorted) {
    if (first > next) return false;
    if (last >= next) next = last + 1n;
  }
  return next > all.last;
}

/** Whether the ranges together hold every address there is. */
export function coverEverything(ranges: readonly AddressRange[]): boolean {
  return cover(ranges, everyAddress(4)) && cover(ranges, everyAddress(6));
}

function unmapped(family: 4 | 6, value: bigint): { family: 4 | 6; value: bigint } {
  return family === 6 && value >> 32n === MAPPED
    ? { family: 4, value: value & 0xffffffffn }
    : { family, value };
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.');
  // No leading zeros: whether they mean octal is disputed, so Go and the API server refuse them.
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseSix(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => groups(half));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = tail === undefined ? head : [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
  return all.reduce((value, group) => (value << 16n) | group, 0n);
}

/** The 16-bit groups of a part of an IPv6 address; an IPv4 address may be its end. */
function groups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const found: bigint[] = [];
  for (const [place, part] of parts.entries()) {
    const four = place === parts.length - 1 ? parseFour(part) : undefined;
    if (four !== undefined) found.push(four >> 16n, four & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) found.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return found;
}
