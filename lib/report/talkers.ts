import type { EdgeData, PageData } from './page-data';

/** A workload or an endpoint with what was counted of it. */
export interface Talker {
  /** Its place in the list of the data. */
  readonly index: number;
  readonly times: number;
  readonly failed: number;
  /** How many there are on the other side. */
  readonly others: number;
}

/** A workload and an endpoint that it did not reach before. */
export interface NewPair {
  readonly workload: number;
  readonly endpoint: number;
  readonly processes: readonly string[];
  readonly times: number;
  /** In seconds since 1970. */
  readonly first: number;
}

const MOST_PROCESSES = 3;

/** Workloads by how often they connect. */
export function topWorkloads(data: PageData): Talker[] {
  return talkers(
    data,
    ({ workload }) => workload,
    (edge) => endpointOf(data, edge),
  );
}

/** Endpoints by how often they are connected to. */
export function topEndpoints(data: PageData): Talker[] {
  return talkers(
    data,
    (edge) => endpointOf(data, edge),
    ({ workload }) => workload,
  );
}

function talkers(
  data: PageData,
  of: (edge: EdgeData) => number,
  other: (edge: EdgeData) => number,
): Talker[] {
  const found = new Map<number, { times: number; failed: number; others: Set<number> }>();
  for (const edge of data.edges) {
    const talker = found.get(of(edge)) ?? { times: 0, failed: 0, others: new Set() };
    talker.times += edge.times;
    talker.failed += edge.failed;
    talker.others.add(other(edge));
    found.set(of(edge), talker);
  }
  return [...found]
    .map(([index, { times, failed, others }]) => ({ index, times, failed, others: others.size }))
    .sort((a, b) => b.times - a.times || a.index - b.index);
}

/** What was reached for the first time, the internet first, then by how often. */
export function newPairs(data: PageData): NewPair[] {
  const found = new Map<
    string,
    { workload: number; endpoint: number; processes: Set<string>; times: number; first: number }
  >();
  for (const edge of data.edges) {
    if (!edge.isNew) continue;
    const endpoint = endpointOf(data, edge);
    const key = `${edge.workload} ${endpoint}`;
    const pair = found.get(key) ?? {
      ...{ workload: edge.workload, endpoint, processes: new Set(), times: 0, first: edge.first },
    };
    pair.times += edge.times;
    pair.first = Math.min(pair.first, edge.first);
    const process = data.processes[edge.process] ?? '';
    if (process !== '' && pair.processes.size < MOST_PROCESSES) pair.processes.add(process);
    found.set(key, pair);
  }
  const isOutside = ({ endpoint }: { readonly endpoint: number }): boolean =>
    data.endpoints[endpoint]?.scope === 'internet';
  return [...found.values()]
    .map((pair) => ({ ...pair, processes: [...pair.processes] }))
    .sort((a, b) => Number(isOutside(b)) - Number(isOutside(a)) || b.times - a.times || a.first - b.first);
}

function endpointOf(data: PageData, { destination }: EdgeData): number {
  return data.destinations[destination]?.endpoint ?? 0;
}
