import { isJsonObject } from '../../rules/recorded/json-value';
import { textsOf } from '../loki/answer';
import type { LokiEntry } from '../loki/entry';
import { parseTime } from '../time';

/** How an entry of Loki begins as `logcli query -o jsonl` prints it, with labels or without, and in what Grafana's Explore downloads. */
const OBJECT = /^\{"(?:labels" ?: ?\{|line" ?: ?")/;
/** The labels that `logcli` prints before a line by default; an alert begins with a quotation mark. */
const LABELS = /^\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*"(?:, )?)*\} +/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** An entry that stands in a file. */
export interface StoredEntry {
  /** Found without reading all of it. */
  readonly time: () => bigint | undefined;
  /** `undefined` for one that is damaged. */
  readonly read: () => LokiEntry | undefined;
}

/** Whether an entry of Loki begins so, as an object. */
export function isStoredObject(beginning: string): boolean {
  return OBJECT.test(beginning);
}

/** Where a line begins that has labels before it; `undefined` where none do. */
export function behindLabels(text: string): number | undefined {
  return LABELS.exec(text)?.[0].length;
}

/** The entry of an object; `undefined` for what is none. */
export function readStoredObject(text: string): LokiEntry | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(body)) return undefined;
  const { line, timestamp } = body;
  const time = typeof timestamp === 'string' ? readTime(timestamp) : undefined;
  if (typeof line !== 'string' || time === undefined) return undefined;
  return entryOf(textsOf(body['labels'] ?? body['fields']), time, line);
}

/** When the entry of an object came. */
export function timeOfObject(text: string): bigint | undefined {
  const [, time = ''] = /"timestamp" ?: ?"([^"]{1,40})"/.exec(text) ?? [];
  return readTime(time);
}

/** As `logcli` tells a time, or in nanoseconds, as Grafana does. */
function readTime(text: string): bigint | undefined {
  return /^\d{16,19}$/.test(text) ? BigInt(text) : parseTime(text);
}

/** The entry of a line behind labels, which came at a time. */
export function readLabelledLine(labels: string, time: bigint, line: string): LokiEntry {
  const texts = [...labels.matchAll(LABEL)].map(([, name = '', value = '']) => [name, unquoted(value)]);
  return entryOf(Object.fromEntries(texts) as Record<string, string>, time, line);
}

/** Labels of the stream, and what stood beside the line, are told as one. */
function entryOf(labels: LokiEntry['labels'], time: bigint, line: string): LokiEntry {
  return { labels: {}, time, line, metadata: labels };
}

/** Go's escapes are those of JSON, but for a few that it gives control characters. */
function unquoted(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
