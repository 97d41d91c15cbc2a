import { setTimeout as sleep } from 'node:timers/promises';
import { AskedQueries, type AskedQuery } from './asked-queries';
import { LokiError } from './loki-error';
import { ask, TooLargeError } from './request';
import { refusalOf, troubleOf } from './trouble';

/** Where a Loki is, and how to be let in. */
export interface LokiProps {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Certificates to trust, in PEM. */
  readonly ca?: Buffer | undefined;
  /** What the pauses between tries are multiplied with; 1 in earnest. */
  readonly pace?: number;
}

/** A question for a range of time: `start` is within, `end` is not. */
export interface RangeQuery {
  readonly query: string;
  readonly start: bigint;
  readonly end: bigint;
  /** How many lines at most, of a query for lines. */
  readonly limit?: number | undefined;
  /** Seconds between the points of a query for numbers. */
  readonly step?: number;
  /** From which end lines are given. @default 'forward' */
  readonly direction?: 'forward' | 'backward';
}

/** What an answer holds, up to when, and how many lines it might have had. */
export interface RangeAnswer<T> {
  readonly value: T;
  readonly end: bigint;
  readonly limit: number | undefined;
}

type Once<T> = { readonly value: T } | { readonly error: LokiError; readonly retryAfter: string | undefined };

const MOST_TRIES = 7;
/** After so many Loki is asked for less, where it came to no end with more. */
const TRIES_OF_ALL = 2;
const LEAST_TIME = 60_000_000_000n;
const LEAST_LINES = 50;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const TIMEOUT = 300_000;
/** Proxies take a URL of 8 KB, and a form of any length. */
const LONGEST_SEARCH = 4000;
const MOST_BYTES = 128 * 1024 * 1024;
/** So that what Loki stores beside a line doesn't come mixed with the labels of its stream. */
const CATEGORIZED = { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' };

/** Asks one Loki; again, with pauses that grow, where that may help. */
export class LokiClient {
  /** How often it was asked again. */
  retries = 0;
  /** Told of what went wrong, and how many milliseconds pass before the next try. */
  onWait: ((why: LokiError, pause: number) => void) | undefined;
  /** Who waited in vain does not wait again at each further question. */
  private mostTries = MOST_TRIES;
  private readonly asked = new AskedQueries();

  constructor(private readonly props: LokiProps) {}

  /** Its URL, which holds no credentials. */
  get name(): string {
    return this.props.url.href.replace(/\/$/, '');
  }

  /** All that it was sent so far. */
  queries(): readonly AskedQuery[] {
    return this.asked.get(this.name);
  }

  /**
   * What an answer to a query holds.
   *
   * @param read takes its body apart; what it says of one that was cut off is reason to ask again
   * @throws LokiError, and TooLargeError
   */
  async queryRange<T>(range: RangeQuery, read: (body: string) => T): Promise<T> {
    return (await this.ask(range, read, false)).value;
  }

  /** The same for a range whose beginning is enough, if Loki is too slow for all of it, or for all lines. */
  beginOfRange<T>(range: RangeQuery, read: (body: string) => T): Promise<RangeAnswer<T>> {
    return this.ask(range, read, true);
  }

  private async ask<T>(
    range: RangeQuery,
    read: (body: string) => T,
    beginIsEnough: boolean,
  ): Promise<RangeAnswer<T>> {
    const { start } = range;
    let { end, limit } = range;
    for (let tries = 1; ; tries++) {
      const answer = await this.once({ ...range, end, limit }, read);
      if ('value' in answer) {
        this.mostTries = MOST_TRIES;
        return { value: answer.value, end, limit };
      }
      const { error, retryAfter } = answer;
      if (!error.passing) throw error;
      if (tries >= this.mostTries) {
        this.mostTries = 1;
        throw error;
      }
      this.retries++;
      if (beginIsEnough && error.code === 'LOKI_SLOW' && tries >= TRIES_OF_ALL) {
        const less = start + (end - start) / 4n;
        if (less - start >= LEAST_TIME) end = less;
        if (limit !== undefined) limit = Math.max(LEAST_LINES, limit >> 2);
      }
      const pause = (this.props.pace ?? 1) * pauseOf(tries, retryAfter);
      this.onWait?.(error, pause);
      await sleep(pause);
    }
  }

  private urlOf({ query, start, end, limit, step, direction = 'forward' }: RangeQuery): URL {
    const { url: base } = this.props;
    const url = new URL(`${base.pathname.replace(/\/$/, '')}/loki/api/v1/query_range`, base);
    url.search = new URLSearchParams({
      ...{ query, start: String(start), end: String(end) },
      ...(limit !== undefined && { limit: String(limit) }),
      ...(step !== undefined && { step: String(step) }),
      direction,
    }).toString();
    return url;
  }

  private async once<T>(range: RangeQuery, read: (body: string) => T): Promise<Once<T>> {
    const url = this.urlOf(range);
    const noteAnswer = this.asked.note(range);
    let retryAfter: string | undefined;
    try {
      const { search } = url;
      const form = search.length > LONGEST_SEARCH ? search.slice(1) : undefined;
      if (form !== undefined) url.search = '';
      const answer = await ask(url, {
        form,
        headers: { ...CATEGORIZED, ...this.props.headers },
        ca: this.props.ca,
        timeoutMilliseconds: TIMEOUT,
        mostBytes: MOST_BYTES,
      });
      retryAfter = answer.retryAfter;
      const error = refusalOf(this.name, answer);
      if (error !== undefined) return { error, retryAfter };
      noteAnswer(answer.body);
      return { value: read(answer.body) };
    } catch (error) {
      if (error instanceof TooLargeError) throw error;
      return { error: error instanceof LokiError ? error : troubleOf(this.name, error), retryAfter };
    }
  }
}

function pauseOf(tries: number, retryAfter: string | undefined): number {
  const asked = /^\d{1,4}$/.test(retryAfter ?? '') ? 1000 * Number(retryAfter) : 0;
  const own = FIRST_PAUSE * 2 ** (tries - 1) * (0.75 + Math.random() / 2);
  return Math.min(LONGEST_PAUSE, Math.max(asked, own));
}
