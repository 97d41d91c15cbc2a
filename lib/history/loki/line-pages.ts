import type { LokiEntry } from './entry';
import type { LokiClient, RangeAnswer } from './loki-client';
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
  readonly page: RangeAnswer<readonly LokiEntry[]> | 'too large';
}

const DAY = 86_400_000_000_000n;
/** How much time is asked for at most, where little is stored: far below the longest range that Loki takes, 30 days by default. */
const LONGEST = 7n * DAY;
const SHORTEST = 1_000_000_000n;
/** Loki's own default for the most that it gives at once. */
const LIMIT = 5000;
/** As long as it isn't known how long they are. */
const FIRST_LIMIT = 1000;
const LEAST_LIMIT = 50;
/**
 * Parts of a Loki hand on 4 MiB at once by default (`grpc_server_max_recv_msg_size`). What is more never arrives, and nobody is told:
 * who asked waits until the connection is cut.
 */
const BYTES = 3 * 1024 * 1024;

/**
 * All that a query for lines gives, page by page in the order of time. While one is worked on, the next is asked for.
 *
 * Loki begins with all hours of a range at once. So no more time is asked for than a page may tell of, by the one before; and
 * less where it was too slow.
 */
export class LinePages {
  private longest = LONGEST;
  private width = DAY;
  private usual: number;

  constructor(
    private readonly client: LokiClient,
    private readonly query: string,
    private readonly told: PagesTold,
    private most: number = LIMIT,
  ) {
    this.usual = Math.min(FIRST_LIMIT, most);
  }

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
        if (limit > 1 && limit <= this.usual) {
          this.most = Math.ceil(limit / 4);
          this.usual = limit = this.most;
        } else {
          this.told.gap(cursor, cursor + 1n, 'Loki gives not all entries of one nanosecond at once');
          [cursor, limit, known] = [cursor + 1n, this.usual, new Set()];
        }
        if (cursor >= end) return undefined;
        coming = this.next(cursor, end, limit);
        continue;
      }
      const { value, end: reached, limit: given = limit } = page;
      const fresh = value.filter((entry) => entry.time > cursor || !known.has(entryKey(entry)));
      if (reached < until) this.longest = (until - cursor) / 2n;
      if (value.length < given) {
        this.width = lesser(4n * (reached - cursor), this.longest);
        [cursor, limit, known] = [reached, this.usual, new Set()];
      } else {
        const last = value.at(-1)?.time ?? reached;
        this.width = lesser(greater(2n * (last - cursor), SHORTEST), this.longest);
        // A page of one nanosecond: there may be more of it.
        limit = last > cursor ? this.usual : 4 * Math.max(given, this.usual);
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
    const until = lesser(start + this.width, end);
    try {
      const range = { query, start, end: until, limit };
      const page = await client.beginOfRange(range, (body) => {
        const entries = readPage(body, client.name);
        this.told.answer(body);
        this.learn(body.length, entries.length);
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

  /** Of a few the lines are less than all that is said of the answer. */
  private learn(bytes: number, entries: number): void {
    if (entries < LEAST_LIMIT) return;
    const fitting = Math.floor(BYTES / (bytes / entries));
    this.usual = Math.min(this.most, Math.max(LEAST_LIMIT, fitting));
  }
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function greater(a: bigint, b: bigint): bigint {
  return a < b ? b : a;
}
