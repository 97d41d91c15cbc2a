const MINUTE = 60_000_000_000n;

/** Minutes since 1970: the first is within, the second is not. */
export type Minutes = readonly [from: number, to: number];

/** All that a time touches, in nanoseconds. */
export function minutesTouched(from: bigint, to: bigint): Minutes {
  return [Number(from / MINUTE), Number((to + MINUTE - 1n) / MINUTE)];
}

/** What of some lies within these. */
export function within([from, to]: Minutes, many: readonly Minutes[]): readonly Minutes[] {
  return many
    .map(([begin, end]): Minutes => [Math.max(begin, from), Math.min(end, to)])
    .filter(([begin, end]) => begin < end);
}

/** In order, and none overlaps or touches another. */
export function joined(many: readonly Minutes[]): readonly Minutes[] {
  const all: Minutes[] = [];
  for (const [from, to] of [...many].sort(([a], [b]) => a - b)) {
    const last = all.at(-1);
    if (last === undefined || from > last[1]) all.push([from, to]);
    else all[all.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return all;
}

/** What is left of some without others, both in order. */
export function without(some: readonly Minutes[], others: readonly Minutes[]): readonly Minutes[] {
  const left: Minutes[] = [];
  let at = 0;
  for (const [from, to] of some) {
    let next = from;
    // One that ends here may still reach into the one after.
    for (; at < others.length; at++) {
      const [begin, end] = others[at] ?? [to, to];
      if (begin >= to) break;
      if (begin > next) left.push([next, begin]);
      next = Math.max(next, end);
      if (end >= to) break;
    }
    if (next < to) left.push([next, to]);
  }
  return left;
}

/** How many they are. */
export function lengthOf(many: readonly Minutes[]): number {
  return many.reduce((sum, [from, to]) => sum + to - from, 0);
}
