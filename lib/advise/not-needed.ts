import type { NotNeeded } from './observed';
import { timesText } from './words';

/** Attempts that no policy is tried on or made for, and why: a line each reason. What a Pod does with itself is nobody's news. */
export function notNeededText(all: Iterable<NotNeeded>): readonly string[] {
  const sums: NotNeeded = new Map();
  for (const one of all) {
    for (const [why, { count, example }] of one) {
      const known = sums.get(why);
      if (known === undefined) sums.set(why, { count, example });
      else known.count += count;
    }
  }
  return [...sums]
    .filter(([why]) => why !== 'the Pod itself')
    .map(([why, { count, example }]) => `left out, for ${why}: ${timesText(count)}, such as ${example}`);
}
