import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { malformed, wrongRequest, type Answer } from './answer';

/** How large a body may be, packed and unpacked. A collector drops what it is refused, so this is far above its batches. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

const unzip = promisify(gunzip);

/**
 * The text of a request's body, or the answer that refuses it; `undefined` where there is no room for it.
 *
 * @param take takes room for so many bytes more, if there is some
 */
export async function readBody(
  request: IncomingMessage,
  take: (bytes: number) => boolean = () => true,
  limit = MAX_BODY_BYTES,
): Promise<string | Answer | undefined> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'gzip' && encoding !== 'identity') {
    return wrongRequest(415, 'WRONG_CONTENT_ENCODING', 'expected Content-Encoding gzip or none');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return tooLarge(limit);
    if (!take(chunk.length)) return undefined;
    chunks.push(chunk);
  }
  const packed = Buffer.concat(chunks);
  if (encoding === 'identity') return packed.toString('utf8');
  try {
    const unpacked = await unzip(packed, { maxOutputLength: limit });
    return take(unpacked.length) ? unpacked.toString('utf8') : undefined;
  } catch (error) {
    if (isTooLarge(error)) return tooLarge(limit);
    return malformed('(body)', 'not gzip, though Content-Encoding says so');
  }
}

function isTooLarge(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
  );
}

function tooLarge(limit: number): Answer {
  return wrongRequest(413, 'BODY_TOO_LARGE', `a body may have ${limit} bytes`, { Connection: 'close' });
}
