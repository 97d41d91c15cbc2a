import type { EdgeData, PageData } from './page-data';

/** Of more nobody reads JSON; the page has all. */
const MOST_ROWS = 10_000;

/** The rows of the table of connections for programs, the most frequent first. */
export function rowsAsJson(
  data: PageData,
  tellsNew: boolean,
  most = MOST_ROWS,
): { readonly rows: readonly object[]; readonly moreRows: number } {
  const { edges } = data;
  return {
    rows: edges.slice(0, most).map((edge) => rowAsJson(data, edge, tellsNew)),
    moreRows: Math.max(0, edges.length - most),
  };
}

function rowAsJson(data: PageData, edge: EdgeData, tellsNew: boolean): object {
  const { cluster, namespace, kind, name, derived } = data.workloads[edge.workload] ?? {};
  const { endpoint = -1, ...destination } = data.destinations[edge.destination] ?? {};
  const { label, scope, proxy } = data.endpoints[endpoint] ?? {};
  return {
    ...{ cluster, namespace, workload: { kind, name, derived } },
    // It is empty where no alert tells it.
    process: data.processes[edge.process] === '' ? undefined : data.processes[edge.process],
    destination: { ...destination, label, scope, proxy },
    ...(tellsNew && { new: edge.isNew }),
    ...{ first: at(edge.first), last: at(edge.last), times: edge.times, failed: edge.failed },
  };
}

function at(seconds: number): string {
  return new Date(1000 * seconds).toISOString();
}
