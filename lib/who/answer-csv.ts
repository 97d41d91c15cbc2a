import { printTime } from '../history/time';
import type { RowAtTheTime } from '../history/inventory/at-the-time';
import { nameOf } from '../history/inventory/known';
import { isMeshProxy } from '../history/proxies/mesh-proxy';
import { inert } from '../rules/evaluate/printable';
import type { Answer } from './answer';

const COLUMNS: readonly (readonly [
  name: string,
  of: (row: RowAtTheTime) => string | number | boolean | undefined,
])[] = [
  ['cluster', ({ cluster }) => cluster],
  ['namespace', ({ namespace }) => namespace],
  ['workload_kind', ({ workload }) => workload.kind],
  ['workload', ({ workload }) => workload.name],
  ['workload_derived', ({ workload }) => workload.derived],
  ['process', ({ process }) => process],
  ['path', ({ path }) => path],
  ['address', ({ destination }) => destination.address],
  ['port', ({ destination }) => destination.port],
  ['protocol', ({ destination }) => destination.protocol],
  ['names', ({ destination }) => destination.names.join(' ')],
  ['error', ({ error }) => error],
  ['first', ({ first }) => printTime(first)],
  ['last', ({ last }) => printTime(last)],
  ['times', ({ times }) => times],
  ['pods', ({ pods }) => [...pods].sort().join(' ')],
  ['nodes', ({ nodes }) => [...nodes].sort().join(' ')],
  ['rules', ({ rules }) => [...rules].sort().join('; ')],
  // At the end, so that the columns before keep their places.
  ['destination_was', ({ destinationWas }) => destinationWas.map(nameOf).join('; ')],
  ['mesh_proxy', ({ process }) => isMeshProxy(process)],
];

/** The rows as comma-separated values (RFC 4180), with which no spreadsheet begins to calculate. */
export function answerAsCsv({ rows }: Answer): string {
  const lines = [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, of]) => cell(of(row))))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function cell(value: string | number | boolean | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const text = inert(value);
  // Spreadsheets take these for the beginning of a formula.
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
