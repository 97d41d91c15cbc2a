/** An IPv4 address as one number, an IPv6 address as four of 32 bits. */
export type Address =
  | { readonly family: 4; readonly value: number }
  | { readonly family: 6; readonly words: readonly [number, number, number, number] };

/** How many texts are remembered: events name the same few addresses again and again. */
const REMEMBERED = 4096;
const remembered = new Map<string, Address | null>();

/** The address that a text says, in any spelling; `undefined` if it says none. */
export function addressOf(text: string): Address | undefined {
  let address = remembered.get(text);
  if (address === undefined) {
    address = parseAddress(text) ?? null;
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(text, address);
  }
  return address ?? undefined;
}

function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) return parseIPv6(text);
  const value = parseIPv4(text);
  return value === undefined ? undefined : { family: 4, value };
}

/** As `inet_pton` reads it: four decimal numbers without leading zeros. */
function parseIPv4(text: string): number | undefined {
  const match = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(text);
  if (match === null) return undefined;
  const bytes = match.slice(1).map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function parseIPv6(text: string): Address | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, index) => groupsOf(half, index === halves.length - 1));
  const [head, tail] = groups;
  if (head === undefined) return undefined;
  if (tail === undefined) return head.length === 8 ? fromGroups(head) : undefined;
  const missing = 8 - head.length - tail.length;
  if (missing < 1) return undefined;
  return fromGroups([...head, ...Array<number>(missing).fill(0), ...tail]);
}

/** The 16-bit groups of one side of `::`; too many of them if one is no group. The last may be an IPv4 address. */
function groupsOf(text: string, isLast: boolean): number[] {
  if (text === '') return [];
  const parts = text.split(':');
  return parts.flatMap((part, index) => {
    if (/^[\da-f]{1,4}$/i.test(part)) return [parseInt(part, 16)];
    const ipv4 = isLast && index === parts.length - 1 ? parseIPv4(part) : undefined;
    return ipv4 === undefined ? Array<number>(9).fill(0) : [ipv4 >>> 16, ipv4 & 0xffff];
  });
}

function fromGroups(groups: readonly number[]): Address | undefined {
  const [a, b, c, d, e, f, g, h] = groups;
  if (groups.length !== 8 || a === undefined || b === undefined || c === undefined || d === undefined) {
    return undefined;
  }
  if (e === undefined || f === undefined || g === undefined || h === undefined) return undefined;
  return {
    family: 6,
    words: [a * 0x10000 + b, c * 0x10000 + d, e * 0x10000 + f, g * 0x10000 + h],
  };
}

/** Whether a comes before b (negative), after it (positive) or is the same; both of one family. */
export function compareWords(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < 4; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
