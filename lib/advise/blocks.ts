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
 * Neighbours of which each address was seen are one then, where that is a network of its own and not larger either.
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
  const networks = groups.map(networkOf);
  const all =
    values.length > rule.exact ? complete(networks, BITS[family] - rule.shortest[family]) : networks;
  return all.map(({ base, hostBits, seen }) => ({
    cidr: `${printAddress(base, family)}/${BITS[family] - hostBits}`,
    seen,
    size: 1n << BigInt(hostBits),
  }));
}

interface Network {
  readonly base: bigint;
  readonly hostBits: number;
  readonly seen: number;
}

/** Joins halves of a network, in order, of which every address was seen. */
function complete(networks: readonly Network[], mostHostBits: number): readonly Network[] {
  const result: Network[] = [];
  for (let upper of networks) {
    for (let lower = result.at(-1); lower !== undefined && areHalves(lower, upper); lower = result.at(-1)) {
      if (lower.hostBits >= mostHostBits) break;
      upper = { base: lower.base, hostBits: lower.hostBits + 1, seen: lower.seen + upper.seen };
      result.pop();
    }
    result.push(upper);
  }
  return result;
}

function areHalves(lower: Network, upper: Network): boolean {
  const size = 1n << BigInt(lower.hostBits);
  return (
    lower.hostBits === upper.hostBits &&
    lower.base + size === upper.base &&
    (lower.base & size) === 0n &&
    BigInt(lower.seen) === size &&
    BigInt(upper.seen) === size
  );
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
function networkOf(values: readonly bigint[]): Network {
  const first = values[0] ?? 0n;
  const hostBits = (first ^ (values.at(-1) ?? first)).toString(2).replace(/^0$/, '').length;
  return { base: (first >> BigInt(hostBits)) << BigInt(hostBits), hostBits, seen: values.length };
}
