import { cut, namespaceLabel, short, whole, workloadLabel, workloadPath } from './labels';
import type { EdgeData, PageData } from './page-data';
import type { Scope } from '../history/scope-names';

/** A workload or an endpoint in the picture, or all others together. */
export interface MapNode {
  /** Muted, before the label. */
  readonly context: string;
  readonly label: string;
  /** All that is to be said of it, in one line. */
  readonly title: string;
  /** What finds it by search; `undefined` for the others. */
  readonly search: string | undefined;
  readonly scope: Scope | undefined;
  readonly times: number;
  readonly isNew: boolean;
}

/** Connections between two nodes, by their places in the lists. */
export interface MapLink {
  readonly from: number;
  readonly to: number;
  readonly times: number;
  readonly failed: number;
  readonly isNew: boolean;
}

/** What the picture shows. */
export interface MapGraph {
  readonly workloads: readonly MapNode[];
  readonly endpoints: readonly MapNode[];
  readonly links: readonly MapLink[];
}

/** Nodes on each side: so many by how often, and some more for what is new, which is seldom often. */
const MOST_WORKLOADS = { often: 12, fresh: 4 };
const MOST_ENDPOINTS = { often: 14, fresh: 6 };
const LONGEST_LABEL = 40;

interface Sum {
  times: number;
  freshTimes: number;
}

/** The largest workloads and endpoints of some connections, the new ones among them, and the rest as one of each. */
export function mapGraph(data: PageData, edges: readonly EdgeData[]): MapGraph {
  const endpointOf = ({ destination }: EdgeData): number => data.destinations[destination]?.endpoint ?? 0;
  const byWorkload = sums(edges, ({ workload }) => workload);
  const byEndpoint = sums(edges, endpointOf);
  const workloads = chosen(byWorkload, MOST_WORKLOADS);
  const endpoints = chosen(byEndpoint, MOST_ENDPOINTS);
  const placeOfWorkload = places(workloads);
  const placeOfEndpoint = places(endpoints);
  const links = new Map<
    number,
    { from: number; to: number; times: number; failed: number; isNew: boolean }
  >();
  for (const edge of edges) {
    const from = placeOfWorkload.get(edge.workload) ?? workloads.length;
    const to = placeOfEndpoint.get(endpointOf(edge)) ?? endpoints.length;
    const key = from * 1000 + to;
    const link = links.get(key) ?? { from, to, times: 0, failed: 0, isNew: false };
    link.times += edge.times;
    link.failed += edge.failed;
    // What is new to one of many is no news of the many.
    if (edge.isNew && from < workloads.length && to < endpoints.length) link.isNew = true;
    links.set(key, link);
  }
  return {
    workloads: [
      ...workloads.map((index) => workloadNode(data, index, byWorkload.get(index))),
      ...restNode('workload', byWorkload, workloads),
    ],
    endpoints: [
      ...endpoints.map((index) => endpointNode(data, index, byEndpoint.get(index))),
      ...restNode('destination', byEndpoint, endpoints),
    ],
    links: [...links.values()],
  };
}

function sums(edges: readonly EdgeData[], of: (edge: EdgeData) => number): Map<number, Sum> {
  const found = new Map<number, Sum>();
  for (const edge of edges) {
    const sum = found.get(of(edge));
    const fresh = edge.isNew ? edge.times : 0;
    if (sum === undefined) found.set(of(edge), { times: edge.times, freshTimes: fresh });
    else {
      sum.times += edge.times;
      sum.freshTimes += fresh;
    }
  }
  return found;
}

function chosen(by: ReadonlyMap<number, Sum>, { often, fresh }: typeof MOST_WORKLOADS): number[] {
  const sorted = [...by].sort(([a, one], [b, other]) => other.times - one.times || a - b);
  // One other takes as much room as "1 other".
  if (sorted.length <= often + fresh + 1) return sorted.map(([index]) => index);
  const first = sorted.slice(0, often);
  const news = sorted
    .slice(often)
    .filter(([, { freshTimes }]) => freshTimes > 0)
    .sort(([, one], [, other]) => other.freshTimes - one.freshTimes)
    .slice(0, fresh);
  const rest = sorted.slice(often).filter((each) => !news.includes(each));
  const all = [...first, ...news, ...rest.slice(0, fresh - news.length)];
  return all.sort(([, one], [, other]) => other.times - one.times).map(([index]) => index);
}

function places(indexes: readonly number[]): ReadonlyMap<number, number> {
  return new Map(indexes.map((index, place) => [index, place]));
}

function workloadNode(data: PageData, index: number, sum: Sum | undefined): MapNode {
  const workload = data.workloads[index];
  const times = sum?.times ?? 0;
  if (workload === undefined) throw new RangeError(`there is no workload ${index}`);
  const path = workloadPath(workload, data.hasClusters);
  const context = namespaceLabel(workload, data.hasClusters);
  return {
    context: cut(context, LONGEST_LABEL / 2),
    label: cut(workloadLabel(workload), LONGEST_LABEL - Math.min(context.length, LONGEST_LABEL / 2)),
    title: `${path}: ${whole(times)} connections`,
    search: `"${path}"`,
    scope: undefined,
    times,
    isNew: false,
  };
}

function endpointNode(data: PageData, index: number, sum: Sum | undefined): MapNode {
  const { label = '', scope = 'internet', isNew = false } = data.endpoints[index] ?? {};
  const { times, freshTimes } = sum ?? { times: 0, freshTimes: 0 };
  return {
    context: '',
    label: cut(label, LONGEST_LABEL),
    title: `${label} (${scope}): ${whole(times)} connections${freshTimes > 0 ? `, ${whole(freshTimes)} of them new` : ''}`,
    search: `"${label}"`,
    scope,
    times,
    isNew,
  };
}

function restNode(what: string, by: ReadonlyMap<number, Sum>, shown: readonly number[]): MapNode[] {
  const count = by.size - shown.length;
  if (count === 0) return [];
  const all = [...by.values()].reduce((sum, { times }) => sum + times, 0);
  const times = shown.reduce((sum, index) => sum - (by.get(index)?.times ?? 0), all);
  const label = `${short(count)} other ${what}s`;
  const title = `${whole(count)} other ${what}s: ${whole(times)} connections`;
  return [{ context: '', label, title, search: undefined, scope: undefined, times, isNew: false }];
}
