import type { LokiEntry } from './entry';
import type { LokiClient } from './loki-client';
import { LokiError } from './loki-error';
import { entryKey, readPage } from './page';
import { TooLargeError } from './request';

/** What else is learned beside the entries. */
interface PagesTold {
  /** Of each answer, as it came. */
  readonly answer: (body: string) => void;
  /** Of times of which not all is to be had. */
  readonly gap: (from: bigint, to: bigint, why: string) => void;
}

/** What was asked for, and what came. */
interface Asked {
  readonly until: bigint;
  readonly page: { readonly value: readonly LokiEntry[]; readonly end: bigint } | 'too large';
}

/** How much time is asked for at most: far below the longest range that Loki takes. */
const LONGEST = 24n * 3_600_000_000_000n;
const SHORTEST = 1_000_000_000n;
/** Loki's own default for the most that it gives at once. */
const LIMIT = 5000;

/**
 * All that a query for lines gives, page by page in the order of time. While one is worked on, the next is asked for.
 *
 * Loki begins with all hours of a range at once. So no more time is asked for than a page may tell of, by the one before; and
 * less where it was too slow.
 */
export class LinePages {
  private longest = LONGEST;
  private width = LONGEST;

  constructor(
    private readonly client: LokiClient,
    private readonly query: string,
    private readonly told: PagesTold,
    private readonly usual: number = LIMIT,
  ) {}

  /** Yields entries that no page before had, and the time up to which all have come. */
  async *within(
    start: bigint,
    end: bigint,
  ): AsyncGenerator<{ readonly entries: readonly LokiEntry[]; readonly until: bigint }, undefined> {
    let [cursor, limit] = [start, this.usual];
    // A page begins with the nanosecond with which the last one ended: what was there already is passed over.
    let known: ReadonlySet<string> = new Set();
    let coming = this.next(cursor, end, limit);
    for (;;) {
      const { until, page } = await coming;
      if (page === 'too large') {
        if (limit > 1 && limit <= this.usual) limit = Math.ceil(limit / 4);
        else {
          this.told.gap(cursor, cursor + 1n, 'Loki gives not all entries of one nanosecond at once');
          [cursor, limit, known] = [cursor + 1n, this.usual, new Set()];
        }
        if (cursor >= end) return undefined;
        coming = this.next(cursor, end, limit);
        continue;
      }
      const { value, end: reached } = page;
      const fresh = value.filter((entry) => entry.time > cursor || !known.has(entryKey(entry)));
      if (reached < until) this.longest = (until - cursor) / 2n;
      if (value.length < limit) {
        this.width = least(4n * (reached - cursor), this.longest);
        [cursor, limit, known] = [reached, this.usual, new Set()];
      } else {
        const last = value.at(-1)?.time ?? reached;
        this.width = least(most(2n * (last - cursor), SHORTEST), this.longest);
        // A page of one nanosecond: there may be more of it.
        limit = last > cursor ? Math.min(limit, this.usual) : 4 * Math.max(limit, this.usual);
        const atEdge = value.filter(({ time }) => time === last).map(entryKey);
        known = new Set(last > cursor ? atEdge : [...known, ...atEdge]);
        cursor = last;
      }
      if (cursor < end) {
        coming = this.next(cursor, end, limit);
        // Who stops asking shall not be told.
        coming.catch(() => undefined);
      }
      yield { entries: fresh, until: cursor };
      if (cursor >= end) return undefined;
    }
  }

  private async next(start: bigint, end: bigint, limit: number): Promise<Asked> {
    const { query, client } = this;
    const until = least(start + this.width, end);
    try {
      const range = { query, start, end: until, limit };
      const page = await client.beginOfRange(range, (body) => {
        const entries = readPage(body, client.name);
        this.told.answer(body);
        return entries;
      });
      return { until, page };
    } catch (error) {
      const isTooMuch =
        error instanceof TooLargeError ||
        (error instanceof LokiError &&
          error.code === 'LOKI_REFUSED' &&
          /max entries limit/.test(error.message));
      if (isTooMuch) return { until, page: 'too large' };
      throw error;
    }
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
