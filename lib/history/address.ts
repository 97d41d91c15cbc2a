import { parseAddress, type AddressRange } from '../containment/address';

/** An address that an alert names. */
export interface SeenAddress {
  /** In the one spelling of each address. */
  readonly text: string;
  readonly range: AddressRange;
  /** Whether it was an IPv4 address in IPv6's clothes. */
  readonly mapped: boolean;
}

/** How many texts are remembered: alerts name the same few addresses again and again. */
const REMEMBERED = 8192;
const remembered = new Map<string, SeenAddress | undefined>();

/** The address that a text says, in any spelling; `undefined` if it says none. */
export function addressOf(text: string): SeenAddress | undefined {
  if (remembered.has(text)) return remembered.get(text);
  const address = read(text);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(text, address);
  return address;
}

function read(text: string): SeenAddress | undefined {
  // Nothing longer is an address, zone included; what is remembered must stay small.
  if (text.length > 64) return undefined;
  // A zone (fe80::1%eth0) says by which of its interfaces a node reaches the address.
  const [address = ''] = text.split('%', 1);
  const range = parseAddress(address);
  if (range === undefined) return undefined;
  return {
    text: range.family === 4 ? printFour(range.first) : printSix(address),
    range,
    mapped: range.family === 4 && address.includes(':'),
  };
}

/** In the one spelling of each address. */
export function printAddress(value: bigint, family: 4 | 6): string {
  if (family === 4) return printFour(value);
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) =>
    ((value >> shift) & 0xffffn).toString(16),
  );
  return printSix(groups.join(':'));
}

function printFour(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}

function printSix(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
