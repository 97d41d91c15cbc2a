import { isJsonObject } from '../../rules/recorded/json-value';
import type { LokiEntry } from './entry';
import { LokiError } from './loki-error';

/**
 * The entries of an answer of Loki's, in the order of their times.
 *
 * @throws LokiError for what is no such answer
 */
export function readPage(body: string, name: string): LokiEntry[] {
  const entries: LokiEntry[] = [];
  for (const stream of streamsOf(body, name)) {
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

function streamsOf(body: string, name: string): readonly Readonly<Record<string, unknown>>[] {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    // The beginning of an answer whose end was lost on the way.
    throw noLoki(name, body.startsWith('{"status"'));
  }
  const data = isJsonObject(answer) && answer['status'] === 'success' ? answer['data'] : undefined;
  const result = isJsonObject(data) && data['resultType'] === 'streams' ? data['result'] : undefined;
  if (!Array.isArray(result) || !result.every(isJsonObject)) throw noLoki(name);
  return result;
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return {};
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

function noLoki(name: string, passing = false): LokiError {
  return new LokiError('LOKI_NO_LOKI', `what answers at ${name} is no Loki`, passing);
}
