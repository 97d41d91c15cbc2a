import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** An alert that the real falcosidekick was sent, and what it sent on to a webhook. */
export interface Forwarded {
  readonly case: string;
  readonly run: string;
  readonly sent: { readonly body: string };
  readonly request: { readonly body: string };
}

const FILE = join(__dirname, '../../fixtures/falcosidekick/webhooks.jsonl.gz');

/** Every recorded pair. */
export const webhooks: readonly Forwarded[] = gunzipSync(readFileSync(FILE))
  .toString()
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Forwarded);

/** A batch of log records as the collector posts it. */
export function batchOf(...lines: readonly string[]): string {
  const logRecords = lines.map((stringValue) => ({ body: { stringValue } }));
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
}
