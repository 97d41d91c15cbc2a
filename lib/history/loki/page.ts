import { isJsonObject } from '../../rules/recorded/json-value';
import { noLoki, resultOf, textsOf } from './answer';
import type { LokiEntry } from './entry';

/**
 * The entries of an answer of Loki's, in the order of their times.
 *
 * @throws LokiError for what is no such answer
 */
export function readPage(body: string, name: string): LokiEntry[] {
  const entries: LokiEntry[] = [];
  for (const stream of resultOf(body, name, 'streams')) {
    const labels = textsOf(stream['stream']);
    const values: unknown = stream['values'];
    if (!Array.isArray(values)) throw noLoki(name);
    for (const value of values as readonly unknown[]) {
      const [time, line, beside] = Array.isArray(value) ? (value as readonly unknown[]) : [];
      if (typeof time !== 'string' || !/^\d{1,19}$/.test(time) || typeof line !== 'string')
        throw noLoki(name);
      const metadata = isJsonObject(beside) ? textsOf(beside['structuredMetadata']) : {};
      entries.push({ labels, time: BigInt(time), line, metadata });
    }
  }
  return entries.sort((a, b) => Number(a.time > b.time) - Number(a.time < b.time));
}

/** What is the same of an entry whenever it comes. */
export function entryKey({ labels, time, line, metadata }: LokiEntry): string {
  return JSON.stringify([Object.entries(labels).sort(), String(time), line, Object.entries(metadata).sort()]);
}
