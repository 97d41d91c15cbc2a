import { RulesError } from '../finding';

/** How Falco's conditions hold an address or a network against the text `address:port` of a connect that failed. */
export interface AskedAddress {
  /** What the text begins with, one of them; for IPv4. */
  readonly prefixes: readonly string[];
  /** A regular expression for all before the port; for IPv6, where `fd77::2` and `fd77::2:1` begin alike. */
  readonly pattern: string | undefined;
}

/** What `evt.arg.addr` looks like for an address; `undefined` if the text is no single address that Falco takes. */
export function askedAddress(item: string): AskedAddress | undefined {
  const bytes = ipv4Bytes(item);
  if (bytes !== undefined) return ofIPv4([`${bytes.join('.')}:`]);
  const groups = ipv6Groups(item);
  return groups && { prefixes: [], pattern: canonical(item) };
}

/**
 * The same for a network: `undefined` if the text is none that Falco takes.
 *
 * @throws RulesError if there is no telling from the text whether an address is in the network
 */
export function askedNetwork(item: string): AskedAddress | undefined {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(item) ?? [];
  const bits = Number(length);
  const bytes = ipv4Bytes(address);
  if (bytes !== undefined) return bits > 32 ? undefined : ofIPv4(ipv4Prefixes(bytes, bits));
  const groups = ipv6Groups(address);
  if (groups === undefined || bits < 1 || bits > 128) return undefined;
  if (bits === 128) return { prefixes: [], pattern: canonical(address) };
  const prefix = ipv6Prefix(item, groups, bits);
  // A mask that cuts the last group leaves nothing before the port.
  return { prefixes: [], pattern: bits > 112 ? prefix.slice(0, -1) : `${prefix}.*` };
}

/** A program may ask for an IPv4 address in IPv6's clothes. */
function ofIPv4(prefixes: readonly string[]): AskedAddress {
  return { prefixes: prefixes.flatMap((prefix) => [prefix, `::ffff:${prefix}`]), pattern: undefined };
}

/** Numbers of four bytes; what Falco takes for IPv4 has no leading zeros. */
function ipv4Bytes(text: string): number[] | undefined {
  const bytes = text.split('.');
  const fits =
    bytes.length === 4 && bytes.every((byte) => /^(?:0|[1-9]\d{0,2})$/.test(byte) && Number(byte) < 256);
  return fits ? bytes.map(Number) : undefined;
}

/** Whole bytes of the mask stand as they are; of the byte that it cuts, all values. */
function ipv4Prefixes(bytes: readonly number[], bits: number): string[] {
  const whole = Math.floor(bits / 8);
  const start = bytes
    .slice(0, whole)
    .map((byte) => `${byte}.`)
    .join('');
  if (whole === 4) return [`${start.slice(0, -1)}:`];
  const end = whole === 3 ? ':' : '.';
  const size = 2 ** (8 - (bits % 8));
  if (bits % 8 === 0 && whole > 0) return [start];
  const first = Math.floor((bytes[whole] ?? 0) / size) * size;
  return Array.from({ length: size }, (_, i) => `${start}${first + i}${end}`);
}

/** Without a zone, and without an IPv4 address in it: Falco takes neither. */
function ipv6Groups(text: string): number[] | undefined {
  if (!/^[\da-f:]+$/i.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined;
  const [before = '', after] = canonical(text).split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => parseInt(group, 16));
  if (after === undefined) return groups(before);
  const [start, end] = [groups(before), groups(after)];
  return [...start, ...Array.from({ length: 8 - start.length - end.length }, () => 0), ...end];
}

/** An IPv6 address in the one spelling that Falco prints. */
function canonical(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** Groups of zeros may be left out of the text or not, by what follows them: then no pattern tells. */
function ipv6Prefix(item: string, groups: readonly number[], bits: number): string {
  const whole = Math.floor(bits / 16);
  const cut = bits % 16;
  const size = 2 ** (16 - cut);
  const first = Math.floor((groups[whole] ?? 0) / size) * size;
  const prefix = groups.slice(0, whole);
  if (prefix.includes(0) || (cut > 0 && first === 0)) {
    throw new RulesError(
      'zeros-in-network',
      `'${item}': a refused connect to it can't be told by its text, since the network's part has a group of zeros; list single addresses`,
    );
  }
  const start = prefix.map((group) => `${group.toString(16)}:`).join('');
  return cut === 0 ? start : `${start}${digits(first, first + size - 1)}:`;
}

/** All numbers from one to another, in hexadecimal: a block by a mask, so each digit is fixed, free, or a range. */
function digits(first: number, last: number): string {
  const ends = [...last.toString(16)];
  return [...first.toString(16)]
    .map((digit, i) => {
      const end = ends[i] ?? digit;
      return digit === end
        ? digit
        : `[${[...'0123456789abcdef'].slice(parseInt(digit, 16), parseInt(end, 16) + 1).join('')}]`;
    })
    .join('');
}
