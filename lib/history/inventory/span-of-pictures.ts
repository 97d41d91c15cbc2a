import type { Span } from '../measure-coverage';

/** Within this there is a picture of the inventory, unless somebody draws them more seldom. */
const PICTURE = 25n * 3_600_000_000_000n;

/** The time in which records tell of what was there in a span: from a picture before it to one after it. */
export function spanOfPictures({ from, to }: Span, now: bigint): Span {
  const later = to + PICTURE;
  return { from: from > PICTURE ? from - PICTURE : 0n, to: later < now ? later : now };
}
