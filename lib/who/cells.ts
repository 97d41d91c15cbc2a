import { destinationText } from '../history/endpoint-text';
import { dateOf, printMinute } from '../history/time';
import type { RowAtTheTime } from '../history/inventory/at-the-time';
import { nameOf } from '../history/inventory/known';
import { isMeshProxy } from '../history/proxies/mesh-proxy';
import type { Row } from '../history/tally';

const NONE = '-';
/** Whoever reads a printout has no other place that tells the zone. */
const TIMES = ['FIRST (UTC)', 'LAST (UTC)', 'TIMES'];
/** So many that had an address one after the other are named in a cell. */
const MOST_NAMED = 3;

/** Heads of the columns that people read. */
export function headOf(hasClusters: boolean): readonly string[] {
  const cluster = hasClusters ? ['CLUSTER'] : [];
  return [...cluster, 'NAMESPACE', 'WORKLOAD', 'PROCESS', 'DESTINATION', ...TIMES];
}

/** A row for people; times in UTC, to the minute. */
export function cellsOf(row: RowAtTheTime, hasClusters: boolean): readonly string[] {
  const { cluster, namespace, process, first, last, times } = row;
  return [
    ...(hasClusters ? [cluster ?? NONE] : []),
    ...[namespace ?? NONE, workloadText(row), processText(process), destinationCell(row)],
    ...[minuteOf(first), minuteOf(last), String(times)],
  ];
}

/** Whether any row tells its cluster: an answer about one names it too. */
export function haveClusters(rows: readonly Row[]): boolean {
  return rows.some(({ cluster }) => cluster !== undefined);
}

/** `Deployment/nginx`; `~` before what was only read off the Pod's name. */
function workloadText({ workload: { kind, name, derived } }: Row): string {
  const text = kind === undefined ? name : name === '' ? kind : `${kind}/${name}`;
  return derived ? `~${text}` : text;
}

/** Who connects for others is named as such. */
function processText(process: string | undefined): string {
  return isMeshProxy(process) ? `${process ?? NONE} (mesh proxy)` : (process ?? NONE);
}

/** `203.0.113.7:443/tcp`, with the name that the alert gives it, what it was then, and the error where none got through. */
function destinationCell({ destination, destinationWas, error }: RowAtTheTime): string {
  const { address, names } = destination;
  const end = destinationText(destination);
  const was = destinationWas.map(nameOf);
  // An address changes hands, but several Services may lead to it.
  const next = destinationWas[0]?.isEndpoint === true ? ' and ' : ', then ';
  const told = [
    ...names.filter((name) => name !== address),
    ...(was.length === 0 ? [] : [was.slice(0, MOST_NAMED).join(next)]),
  ];
  const more = was.length > MOST_NAMED ? `${next}others` : '';
  return `${end}${told.length === 0 ? '' : ` (${told.join(', ')}${more})`}${error === undefined ? '' : ` ${error}`}`;
}

function minuteOf(time: bigint): string {
  return printMinute(dateOf(time));
}
