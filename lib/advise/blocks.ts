import type { AddressRange } from '../containment/address';
import { printAddress } from '../history/address';

/** How addresses become networks. */
export interface BlockRule {
  /** Up to so many addresses stand each for itself. */
  readonly exact: number;
  /** No network is larger than one of this prefix length. */
  readonly shortest: Readonly<Record<4 | 6, number>>;
  /** Beyond so many networks addresses of the Internet become all of it. */
  readonly most: number;
}

export const BLOCK_RULE: BlockRule = { exact: 10, shortest: { 4: 24, 6: 64 }, most: 50 };

/** A network, and how many of its addresses were seen. */
export interface Block {
  readonly cidr: string;
  readonly seen: number;
  /** How many addresses it has. */
  readonly size: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

/**
 * Addresses of one family as networks: each for itself, while there are no more than `exact`; else joined by the longest
 * prefix length, `shortest` at the shortest, with which no more than `exact` are left, each as small as what was seen in it allows.
 */
export function blocksOf(addresses: readonly AddressRange[], rule: BlockRule): Block[] {
  const [first] = addresses;
  if (first === undefined) return [];
  const { family } = first;
  const values = [...new Set(addresses.map((each) => each.first))].sort((a, b) =>
    a < b ? -1 : a > b ? 1 : 0,
  );
  let groups = values.map((value) => [value]);
  for (let length = BITS[family]; groups.length > rule.exact && length > rule.shortest[family]; length--)
    groups = joined(groups, BigInt(BITS[family] - length + 1));
  return groups.map((group) => blockOf(group, family));
}

/** Groups that have the same prefix become one. */
function joined(groups: readonly bigint[][], hostBits: bigint): bigint[][] {
  const result: bigint[][] = [];
  let prefix: bigint | undefined;
  for (const group of groups) {
    const own = (group[0] ?? 0n) >> hostBits;
    const last = result.at(-1);
    if (last !== undefined && own === prefix) for (const value of group) last.push(value);
    else result.push([...group]);
    prefix = own;
  }
  return result;
}

/** The smallest network that holds them, which are sorted. */
function blockOf(values: readonly bigint[], family: 4 | 6): Block {
  const first = values[0] ?? 0n;
  const hostBits = (first ^ (values.at(-1) ?? first)).toString(2).replace(/^0$/, '').length;
  const base = (first >> BigInt(hostBits)) << BigInt(hostBits);
  return {
    cidr: `${printAddress(base, family)}/${BITS[family] - hostBits}`,
    seen: values.length,
    size: 1n << BigInt(hostBits),
  };
}
