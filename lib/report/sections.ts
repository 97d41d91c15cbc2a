import { counted } from '../history/holes';
import { EDGE_COLUMNS, edgeRow, newMark, workloadCell } from './edge-row';
import { h, type Child, type PageElement } from './element';
import { minuteOf, whole } from './labels';
import { mapGraph } from './map-graph';
import { mapPictures } from './map-picture';
import { compares, type Report } from './report';
import { amountCell, moreText, scrollable, table, type Column } from './tables';
import { newPairs, topEndpoints, topWorkloads, type Talker } from './talkers';
import { timelinePicture, widthText } from './timeline-picture';

/** Rows that stand in the page itself. */
const MOST_TALKERS = 15;
const MOST_NEW = 100;
const MOST_QUARANTINES = 200;
/** Of all connections; a script shows the others by pages. */
const MOST_EDGES_SHOWN = 100;

/** Where the page is narrower than a picture. */
const SIDEWAYS = h('span', { class: 'sideways' }, 'wider than the page: scroll it sideways');

/** The picture. */
export function mapSection({ data }: Report): PageElement {
  const legend = [
    h('span', { class: 'key known' }, 'connections'),
    h('span', { class: 'key new' }, 'new since the previous period'),
    h('span', { class: 'key failed' }, 'all of them failed'),
  ];
  return section(
    'map',
    'Who connects to what',
    h('p', { class: 'legend' }, ...legend),
    h(
      'div',
      { id: 'map-holder', role: 'region', 'aria-label': 'Map' },
      ...mapPictures(mapGraph(data, data.edges)),
    ),
  );
}

/** When there were how many. */
export function timelineSection(report: Report): PageElement {
  const { timeline, timelineBefore } = report;
  if (timeline === undefined) return section('timeline', 'When', h('p', {}, 'No connections.'));
  const bars = compares(report) ? (timelineBefore?.bars ?? []) : [];
  const legend = [
    h('span', { class: 'key known' }, `connections by ${widthText(timeline.width)}, in UTC`),
    h('span', { class: 'key fail' }, 'failed'),
    ...(bars.length === 0 ? [] : [h('span', { class: 'key before' }, 'the previous period')]),
    SIDEWAYS,
  ];
  const rows = timeline.bars.flatMap(({ times, failed }, index) => {
    const at = minuteOf((timeline.start + index * timeline.width) / 1000);
    return times === 0 ? [] : [[[at], [whole(failed)], [whole(times)]]];
  });
  const columns: Column[] = [
    { head: 'From (UTC)', kind: 'time' },
    { head: 'Failed', kind: 'number' },
    { head: 'Connections', kind: 'number' },
  ];
  return section(
    'timeline',
    'When',
    h('p', { class: 'legend' }, ...legend),
    scrollable('Timeline', timelinePicture(timeline, bars)),
    h(
      'details',
      {},
      h('summary', {}, 'As a table'),
      table(`Connections by ${widthText(timeline.width)}`, columns, rows),
    ),
  );
}

/** What was not there in the previous period. */
export function newSection(report: Report): PageElement {
  const { data, previous } = report;
  if (!compares(report)) {
    const why =
      previous === undefined
        ? 'No period is asked for, so there is none to compare with: give --since, or --from.'
        : 'Nothing is known of the previous period, so nothing can be called new.';
    return section('new', 'New since the previous period', h('p', { class: 'none' }, why));
  }
  const pairs = newPairs(data);
  if (pairs.length === 0) {
    const none = 'Every workload connected only to what it had connected to in the previous period.';
    return section('new', 'New since the previous period', h('p', { class: 'none' }, none));
  }
  const columns: Column[] = [
    { head: 'Workload' },
    { head: 'Destination' },
    { head: 'Network' },
    { head: 'Processes' },
    { head: 'First (UTC)', kind: 'time' },
    { head: 'Connections', kind: 'number' },
  ];
  const rows = pairs.slice(0, MOST_NEW).map(({ workload, endpoint, processes, first, times }) => {
    const { label = '', scope = '', isNew = false } = data.endpoints[endpoint] ?? {};
    const mark = isNew ? [' ', newMark('new to all')] : [];
    return [
      ...[workloadCell(data, workload), [label, ...mark], [scope], [processes.join(', ')]],
      ...[[minuteOf(first)], [whole(times)]],
    ];
  });
  return section(
    'new',
    'New since the previous period',
    table(
      `${counted(pairs.length, 'pair')} of a workload and a destination that it did not reach before`,
      columns,
      rows,
      moreText(pairs.length, rows.length, ''),
    ),
  );
}

/** Who connects most, and what is connected to most. */
export function talkersSection({ data }: Report): PageElement {
  const workloads = topWorkloads(data);
  const endpoints = topEndpoints(data);
  return section(
    'talkers',
    'Top talkers',
    h(
      'div',
      { class: 'pair' },
      talkersTable('Workloads', 'Destinations', workloads, (index) => workloadCell(data, index)),
      talkersTable('Destinations', 'Workloads', endpoints, (index) => [data.endpoints[index]?.label ?? '']),
    ),
  );
}

function talkersTable(
  what: string,
  others: string,
  talkers: readonly Talker[],
  cell: (index: number) => Child[],
): PageElement {
  const shown = talkers.slice(0, MOST_TALKERS);
  const columns: Column[] = [
    { head: what.slice(0, -1) },
    { head: others, kind: 'number' },
    { head: 'Connections', kind: 'number' },
  ];
  const rows = shown.map(({ index, times, others: count }) => [
    ...[cell(index), [whole(count)], amountCell(times, talkers[0]?.times ?? 0)],
  ]);
  return table(what, columns, rows, moreText(talkers.length, shown.length, ''));
}

/** Pods that were cut off. */
export function quarantinesSection({ quarantines, askedCluster }: Report): PageElement {
  const from = askedCluster
    ? "From the responder's alerts of this time, and from the cluster as it was when the report was made."
    : "From the responder's alerts of this time; --kubeconfig asks the cluster as well.";
  if (quarantines.length === 0)
    return section('quarantines', 'Quarantines', h('p', { class: 'none' }, `None is known. ${from}`));
  const columns: Column[] = [
    { head: 'Pod' },
    { head: 'Why' },
    { head: 'From (UTC)', kind: 'time' },
    { head: 'Until (UTC)', kind: 'time' },
    { head: 'State' },
    { head: 'Known from' },
  ];
  const rows = quarantines.slice(0, MOST_QUARANTINES).map((each) => {
    const { namespace, pod, why, since, ended, state, source } = each;
    return [
      [h('span', { class: 'context' }, `${namespace} / `), pod],
      ...[
        [why],
        [since === undefined ? '' : minuteOf(since)],
        [ended === undefined ? '' : minuteOf(ended)],
        [state],
        [source],
      ],
    ];
  });
  return section(
    'quarantines',
    'Quarantines',
    table('Quarantines', columns, rows, moreText(quarantines.length, rows.length, '')),
    h('p', { class: 'note' }, from),
  );
}

/** The most frequent connections; the script shows all of them. */
export function connectionsSection({ data }: Report): PageElement {
  const { edges } = data;
  const shown = edges.slice(0, MOST_EDGES_SHOWN);
  const more = moreText(edges.length, shown.length, ': a browser that runs scripts shows them all');
  const head = EDGE_COLUMNS.map(({ key, head: text, isNumber }) =>
    h('th', { scope: 'col', class: isNumber ? 'number' : undefined, 'data-key': key }, text),
  );
  return section(
    'connections',
    'All connections',
    h('p', { id: 'pages', class: 'pages', hidden: true }),
    scrollable(
      'All connections',
      h(
        'table',
        { id: 'edges' },
        h('caption', {}, 'Connections of a process of a workload to a destination, the most frequent first'),
        h('thead', {}, h('tr', {}, ...head)),
        h('tbody', {}, ...shown.map((edge) => edgeRow(data, edge))),
      ),
    ),
    ...(more === undefined ? [] : [h('p', { class: 'more', id: 'edges-more' }, more)]),
  );
}

/** A part of the page with a heading. */
export function section(id: string, title: string, ...children: readonly Child[]): PageElement {
  return h(
    'section',
    { id, 'aria-labelledby': `${id}-head` },
    h('h2', { id: `${id}-head` }, title),
    ...children,
  );
}
