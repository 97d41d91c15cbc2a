import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../program/failure';
import { LokiError } from './loki-error';
import { get, TooLargeError, type HttpAnswer } from './request';

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
  readonly limit?: number;
  /** Seconds between the points of a query for numbers. */
  readonly step?: number;
}

type Once<T> = { readonly value: T } | { readonly error: LokiError; readonly retryAfter: string | undefined };

const MOST_TRIES = 7;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const TIMEOUT = 300_000;
const MOST_BYTES = 128 * 1024 * 1024;
/** So that what Loki stores beside a line doesn't come mixed with the labels of its stream. */
const CATEGORIZED = { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' };

/** Asks one Loki; again, with pauses that grow, where that may help. */
export class LokiClient {
  /** How often it was asked again. */
  retries = 0;

  constructor(private readonly props: LokiProps) {}

  /** Its URL, which holds no credentials. */
  get name(): string {
    return this.props.url.href.replace(/\/$/, '');
  }

  /**
   * What an answer to a query holds.
   *
   * @param read takes its body apart; what it says of one that was cut off is reason to ask again
   * @throws LokiError, and TooLargeError
   */
  async queryRange<T>({ query, start, end, limit, step }: RangeQuery, read: (body: string) => T): Promise<T> {
    const url = new URL(
      `${this.props.url.pathname.replace(/\/$/, '')}/loki/api/v1/query_range`,
      this.props.url,
    );
    url.search = new URLSearchParams({
      ...{ query, start: String(start), end: String(end) },
      ...(limit !== undefined && { limit: String(limit) }),
      ...(step !== undefined && { step: String(step) }),
      direction: 'forward',
    }).toString();
    for (let tries = 1; ; tries++) {
      const answer = await this.once(url, read);
      if ('value' in answer) return answer.value;
      if (!answer.error.passing || tries >= MOST_TRIES) throw answer.error;
      this.retries++;
      await sleep((this.props.pace ?? 1) * pauseOf(tries, answer.retryAfter));
    }
  }

  private async once<T>(url: URL, read: (body: string) => T): Promise<Once<T>> {
    let retryAfter: string | undefined;
    try {
      const answer = await get(url, {
        headers: { ...CATEGORIZED, ...this.props.headers },
        ca: this.props.ca,
        timeoutMilliseconds: TIMEOUT,
        mostBytes: MOST_BYTES,
      });
      retryAfter = answer.retryAfter;
      const error = this.errorOf(answer);
      return error === undefined ? { value: read(answer.body) } : { error, retryAfter };
    } catch (error) {
      if (error instanceof TooLargeError) throw error;
      if (error instanceof LokiError) return { error, retryAfter };
      const message = `${this.name}: ${messageOf(error)}`;
      return { error: new LokiError('LOKI_UNREACHABLE', message, isPassing(error)), retryAfter };
    }
  }

  private errorOf({ status, body }: HttpAnswer): LokiError | undefined {
    if (status === 200) return undefined;
    const said = body.trim().split('\n', 1)[0]?.slice(0, 300) ?? '';
    const told = `${this.name} answers ${status}${said === '' ? '' : `: ${said}`}`;
    if (status === 401 || status === 403)
      return new LokiError(
        'LOKI_UNAUTHORIZED',
        `${told}; give LOKI_USERNAME and LOKI_PASSWORD, LOKI_BEARER_TOKEN, or LOKI_ORG_ID in the environment`,
      );
    if (status === 404)
      return new LokiError(
        'LOKI_NOT_FOUND',
        `${told}; give the address without /loki/api/v1, such as https://logs.example.org`,
      );
    if (status === 429 || status >= 500) return new LokiError('LOKI_UNREACHABLE', told, true);
    return new LokiError('LOKI_REFUSED', told);
  }
}

/** Of a name that there isn't, and of a certificate that isn't trusted, another try makes nothing better. */
function isPassing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return [
    'ECONNRESET',
    'ECONNREFUSED',
    'ETIMEDOUT',
    'EPIPE',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
  ].includes(code);
}

function pauseOf(tries: number, retryAfter: string | undefined): number {
  const asked = /^\d{1,4}$/.test(retryAfter ?? '') ? 1000 * Number(retryAfter) : 0;
  const own = FIRST_PAUSE * 2 ** (tries - 1) * (0.75 + Math.random() / 2);
  return Math.min(LONGEST_PAUSE, Math.max(asked, own));
}
