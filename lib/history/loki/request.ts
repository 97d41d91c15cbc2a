import { request as requestHttp } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';

/** An answer, whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** A body that is larger than what was to be taken. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  readonly code = 'LOKI_TOO_LARGE';
}

/** What a request is made with. */
export interface RequestProps {
  readonly headers: Readonly<Record<string, string>>;
  readonly ca: Buffer | undefined;
  readonly timeoutMilliseconds: number;
  readonly mostBytes: number;
  /** Sent as a form, by POST. */
  readonly form?: string | undefined;
}

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const CONNECT_MILLISECONDS = 15_000;

/**
 * GETs a URL, or POSTs a form to it. Redirects are not followed: they would carry credentials elsewhere.
 *
 * @throws Error of the network with its code; `ECONNRESET` too for an answer that ends in the middle
 */
export function ask(
  url: URL,
  { headers, ca, timeoutMilliseconds, mostBytes, form }: RequestProps,
): Promise<HttpAnswer> {
  return new Promise((done, fail) => {
    const options: RequestOptions = {
      ...(form !== undefined && { method: 'POST' }),
      headers: { ...headers, ...(form !== undefined && FORM) },
      ...(ca && { ca }),
    };
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
    const timer = setTimeout(() => {
      request.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
    }, timeoutMilliseconds);
    const end = (error: Error): void => {
      clearTimeout(timer);
      fail(error);
    };
    request.once('error', end);
    request.once('socket', (socket) => {
      if (!socket.connecting) return;
      // Where nobody says a word, not even that nobody listens.
      const never = setTimeout(() => {
        request.destroy(Object.assign(new Error("it can't be connected to"), { code: 'ETIMEDOUT' }));
      }, CONNECT_MILLISECONDS);
      for (const over of ['connect', 'close'])
        socket.once(over, () => {
          clearTimeout(never);
        });
    });
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.once('error', end);
      response.once('aborted', () => {
        end(Object.assign(new Error('the answer was cut off'), { code: 'ECONNRESET' }));
      });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > mostBytes)
          request.destroy(new TooLargeError(`an answer of more than ${mostBytes} bytes`));
      });
      response.once('end', () => {
        clearTimeout(timer);
        const { statusCode = 0 } = response;
        const retryAfter = response.headers['retry-after'];
        done({ status: statusCode, retryAfter, body: Buffer.concat(chunks).toString() });
      });
    });
    request.end(form);
  });
}
