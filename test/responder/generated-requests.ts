import * as fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { bodies } from './alert/bodies';
import { batchOf } from './alert/webhooks';
import type { Question } from './plain-client';

/** Whoever knows them may post by each way in. */
export const TOKENS = { alerts: 'sesame', logs: 'of-the-collector' } as const;

const POOL = 1_500;
const SPLICES = [
  '"',
  '{',
  '[',
  '}',
  ']',
  ',',
  ':',
  '\\',
  '\\ud800',
  '0',
  '-1e999',
  '9'.repeat(400),
  'null',
  '\0',
  '[['.repeat(40),
  '{"a":'.repeat(40),
  '<NA>',
  '__proto__',
];
const BYTES = [0x00, 0x80, 0xc0, 0xed, 0xff, 0xfe, 0x22, 0x5c, 0x7b];
const TYPES = [
  'application/x-protobuf',
  'text/plain',
  'application/jsonx',
  '',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
];
const ENCODINGS = ['zstd', 'br', 'deflate', 'GZIP', 'gzip, gzip', 'x'.repeat(200)];
const PATHS = [
  '/',
  '/alerts/',
  '/alerts?x=%00',
  '/v1/logs?',
  '/v1/traces',
  '/%2e%2e/alerts',
  '/metrics',
  '/'.padEnd(4_000, 'a'),
];

/**
 * Requests out of a seed: bodies of fast-check, most of them broken once more by bytes, in envelopes and packings that are
 * right for the most part.
 */
export function* generatedRequests(count: number, seed: number): Generator<Question> {
  const random = mulberry(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const one = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const now = (likely: number): boolean => random() < likely;
  // Long ones only make it slower.
  const pool = fc.sample(bodies, { numRuns: POOL, seed }).map((text) => text.slice(0, 20_000));
  for (let nth = 0; nth < count; nth++) {
    const way = now(0.5) ? 'alerts' : 'logs';
    const lines = way === 'alerts' || now(0.1) ? [] : Array.from({ length: below(4) }, () => one(pool));
    const whole = Buffer.from(lines.length > 0 ? batchOf(...lines) : one(pool));
    const plain = now(0.2) ? whole : broken(whole, below, one, now);
    const packed = now(0.06);
    const body = packed ? damaged(gzipSync(plain, { level: 1 }), below, now) : plain;
    const encoding = packed ? 'gzip' : now(0.02) ? 'gzip' : now(0.03) ? one(ENCODINGS) : undefined;
    const type = now(0.95) ? 'application/json' : one(TYPES);
    yield {
      method: now(0.98) ? 'POST' : one(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']),
      path: now(0.97) ? { alerts: '/alerts', logs: '/v1/logs' }[way] : one(PATHS),
      headers: {
        ...(now(0.97) && {
          Authorization: `Bearer ${now(0.97) ? TOKENS[way] : one(['', 'x', TOKENS.alerts, TOKENS.logs])}`,
        }),
        ...(type !== '' && { 'Content-Type': type }),
        ...(encoding !== undefined && { 'Content-Encoding': encoding }),
      },
      body,
    };
  }
}

type Below = (limit: number) => number;
type One = <T>(items: readonly T[]) => T;
type Now = (likely: number) => boolean;

/** Something taken out, cut off, doubled, put in between, or bytes that are no UTF-8. */
function broken(whole: Buffer, below: Below, one: One, now: Now): Buffer {
  let body = whole;
  do {
    const at = below(body.length + 1);
    const end = at + below(120);
    const [head, middle, tail] = [body.subarray(0, at), body.subarray(at, end), body.subarray(end)];
    switch (below(5)) {
      case 0:
        body = head;
        break;
      case 1:
        body = Buffer.concat([head, middle, middle, tail]);
        break;
      case 2:
        body = Buffer.concat([head, Buffer.from([one(BYTES), one(BYTES)]), middle.subarray(2), tail]);
        break;
      case 3:
        body = Buffer.concat([head, tail]);
        break;
      default:
        body = Buffer.concat([head, Buffer.from(one(SPLICES)), now(0.5) ? middle : Buffer.alloc(0), tail]);
    }
  } while (now(0.3));
  return body;
}

/** What is packed, now and then not as it was. */
function damaged(packed: Buffer, below: Below, now: Now): Buffer {
  if (now(0.7)) return packed;
  if (now(0.5)) return packed.subarray(0, below(packed.length));
  const copy = Buffer.from(packed);
  copy[below(copy.length)] = below(256);
  return copy;
}

/** Mulberry32: numbers from 0 to 1, always the same of a seed. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
