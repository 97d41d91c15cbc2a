/**
 * The candidate that `name` was most likely meant to be, or `undefined` if none is close.
 *
 * A name that differs only in case or in `_`, `-` and `.` counts as an exact hit; otherwise up to a
 * third of the letters may be wrong (insert, delete, replace, or two neighbours swapped). Of equally
 * close candidates the first one wins, so the caller can put the likelier ones first.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const bare = withoutSeparators(name);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const distance = withoutSeparators(candidate) === bare ? 0 : editDistance(name, candidate, least);
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

function withoutSeparators(name: string): string {
  return name.toLowerCase().replace(/[_.-]/g, '');
}

/** Damerau–Levenshtein distance (optimal string alignment); any number from `limit` on means "too far". */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
