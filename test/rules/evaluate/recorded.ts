import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Event } from '../../../lib/rules/evaluate/event';

const FOLDER = join(__dirname, '../../fixtures/falco-0.44.1');

/** A condition that the real Falco was given, and the events on which it was true. */
export interface TruthRow {
  readonly id: string;
  readonly condition: string;
  readonly accepted: boolean;
  readonly true_on?: readonly number[];
}

function lines<T>(name: string): T[] {
  const text = gunzipSync(readFileSync(join(FOLDER, `${name}.jsonl.gz`))).toString('utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

export function truthRows(): TruthRow[] {
  return lines('truth');
}

export function truthEvents(): Event[] {
  return lines('truth-events');
}

/** A way to make a connection, and the alerts that the 2021 rule raised about it. */
export interface EgressCase {
  readonly case: string;
  /** Whether it reached for another address. */
  readonly outbound_attempt: boolean;
  /** How often the rule of 2021 fired. */
  readonly fires: { readonly outbound_corp: number };
  /** What Falco saw, with the values of fields. */
  readonly events: readonly Event[];
  readonly alerts: readonly { readonly output: string; readonly output_fields: Event }[];
}

export function egressCases(): EgressCase[] {
  return lines('egress-cases');
}
