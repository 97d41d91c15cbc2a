/** Code points from the first to the second, both included. */
export type Range = readonly [number, number];

export const NEWLINE = 10;
export const LAST_CODE_POINT = 0x10ffff;

/** Ranges sorted, and joined where they touch. */
export function union(ranges: readonly Range[]): Range[] {
  const joined: [number, number][] = [];
  for (const [low, high] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else joined.push([low, high]);
  }
  return joined;
}

/** Every code point that is in none of the ranges. */
export function complement(ranges: readonly Range[]): Range[] {
  const rest: Range[] = [];
  let next = 0;
  for (const [low, high] of union(ranges)) {
    if (next < low) rest.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= LAST_CODE_POINT) rest.push([next, LAST_CODE_POINT]);
  return rest;
}

const DIGIT: Range = [0x30, 0x39];
const UPPER: Range = [0x41, 0x5a];
const LOWER: Range = [0x61, 0x7a];

/** The named classes of POSIX, in ASCII as RE2 has them: `[[:alpha:]]`. */
const NAMED: Readonly<Record<string, readonly Range[]>> = {
  alnum: [DIGIT, UPPER, LOWER],
  alpha: [UPPER, LOWER],
  ascii: [[0, 0x7f]],
  blank: [
    [9, 9],
    [0x20, 0x20],
  ],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: [DIGIT],
  graph: [[0x21, 0x7e]],
  lower: [LOWER],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [9, 13],
    [0x20, 0x20],
  ],
  upper: [UPPER],
  word: [DIGIT, UPPER, [0x5f, 0x5f], LOWER],
  xdigit: [DIGIT, [0x41, 0x46], [0x61, 0x66]],
};

/** The class of a name as it stands between `[:` and `:]`; `^` before it means all others. */
export function namedClass(name: string): readonly Range[] | undefined {
  const negated = name.startsWith('^');
  const bare = negated ? name.slice(1) : name;
  const ranges = Object.hasOwn(NAMED, bare) ? NAMED[bare] : undefined;
  return negated && ranges !== undefined ? complement(ranges) : ranges;
}
