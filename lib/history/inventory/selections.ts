/** A time; in nanoseconds since 1970: `from` is within, `to` is not. */
interface Time {
  readonly from: bigint;
  readonly to: bigint;
}

/** Tellings one after the other that say the same. */
interface Run {
  readonly first: bigint;
  readonly last: bigint;
  readonly services: readonly string[];
}

/** Which Services selected a Pod and when, by what was told of it in any order: each telling holds until one that says otherwise. */
export class Selections {
  /** In the order of time. */
  private runs: Run[] = [];

  note(seen: bigint, services: readonly string[]): void {
    const at = this.runs.findLastIndex(({ first }) => first <= seen);
    const [before, after] = [this.runs[at], this.runs[at + 1]];
    if (before !== undefined && isSame(before.services, services)) {
      if (before.last < seen) this.runs[at] = { ...before, last: seen };
    } else if (before !== undefined && before.last > seen) {
      // Another replica was ahead, or behind.
      const [start, end] = [
        { ...before, last: before.first },
        { ...before, first: before.last },
      ];
      this.runs.splice(at, 1, start, { first: seen, last: seen, services }, end);
    } else if (after !== undefined && isSame(after.services, services))
      this.runs[at + 1] = { ...after, first: seen };
    else this.runs.splice(at + 1, 0, { first: seen, last: seen, services });
  }

  /** When the Service of that name selected it; what is told first holds since it began. */
  of(service: string): readonly Time[] {
    const times: Time[] = [];
    for (const [index, { first, services }] of this.runs.entries()) {
      if (!services.includes(service)) continue;
      const from = index === 0 ? BEGINNING : first;
      const to = this.runs[index + 1]?.first ?? END;
      const before = times.at(-1);
      if (before?.to === from) times.splice(-1, 1, { from: before.from, to });
      else times.push({ from, to });
    }
    return times;
  }
}

const BEGINNING = 0n;
/** After all times. */
const END = 1n << 63n;

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name) => others.includes(name));
}
