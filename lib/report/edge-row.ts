import { h, type Child, type PageElement } from './element';
import { destinationText } from '../history/endpoint-text';
import { minuteOf, nameOf, namespaceLabel, whole, workloadLabel } from './labels';
import type { EdgeData, PageData } from './page-data';

/** A column of the table of connections. */
export interface EdgeColumn {
  readonly key: EdgeColumnKey;
  readonly head: string;
  readonly isNumber: boolean;
}

export type EdgeColumnKey = 'workload' | 'process' | 'destination' | 'first' | 'last' | 'failed' | 'times';

export const EDGE_COLUMNS: readonly EdgeColumn[] = [
  { key: 'workload', head: 'Workload', isNumber: false },
  { key: 'process', head: 'Process', isNumber: false },
  { key: 'destination', head: 'Destination', isNumber: false },
  { key: 'first', head: 'First (UTC)', isNumber: false },
  { key: 'last', head: 'Last (UTC)', isNumber: false },
  { key: 'failed', head: 'Failed', isNumber: true },
  { key: 'times', head: 'Connections', isNumber: true },
];

const NONE = '-';

/** A row of the table of connections; the script makes the same. */
export function edgeRow(data: PageData, edge: EdgeData): PageElement {
  const { process, first, last, failed, times, isNew } = edge;
  return h(
    'tr',
    {},
    h('td', {}, ...workloadCell(data, edge.workload)),
    h('td', {}, data.processes[process] === '' ? NONE : (data.processes[process] ?? NONE)),
    h('td', {}, ...destinationCell(data, edge.destination), ...(isNew ? [' ', newMark('new')] : [])),
    h('td', { class: 'time' }, minuteOf(first)),
    h('td', { class: 'time' }, minuteOf(last)),
    h('td', { class: 'number' }, failed === 0 ? '' : whole(failed)),
    h('td', { class: 'number' }, whole(times)),
  );
}

/** `shop / Deployment/cart`. */
export function workloadCell(data: PageData, index: number): Child[] {
  const workload = data.workloads[index];
  if (workload === undefined) return [NONE];
  const namespace = namespaceLabel(workload, data.hasClusters);
  return [h('span', { class: 'context' }, `${namespace} / `), workloadLabel(workload)];
}

/** `203.0.113.7:443/tcp example.org`. */
function destinationCell(data: PageData, index: number): Child[] {
  const destination = data.destinations[index];
  if (destination === undefined) return [NONE];
  const name = nameOf(destination, data);
  const label = destinationText(destination);
  return name === undefined ? [label] : [name, ' ', h('span', { class: 'context' }, label)];
}

/** Says that something was not there in the previous period. */
export function newMark(text: string): PageElement {
  return h('span', { class: 'fresh' }, text);
}
