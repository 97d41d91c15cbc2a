import { alikeOf, ByAlike } from '../history/alike';
import { Attempts } from '../history/attempts';
import type { Connection } from '../history/connection';
import { isProxy, type Proxy } from '../history/proxies/proxy';
import { endpointText } from '../history/endpoint-text';
import { millisecondsOf } from '../history/time';
import { inert } from '../rules/evaluate/printable';
import { Interned } from './intern';
import { cut, whoseLabel } from './labels';
import type { DestinationData, EdgeData, EndpointData, PageData, WorkloadData } from './page-data';
import { scopeOf } from '../history/scope';
import { TimelineTally } from './timeline-tally';

/** Which of the two periods that are compared. */
export type PeriodName = 'now' | 'before';

/** What was counted in a period. */
export interface PeriodTotals {
  readonly connections: number;
  readonly failed: number;
  readonly workloads: number;
  readonly endpoints: number;
}

interface Counts {
  connections: number;
  failed: number;
  readonly workloads: Set<number>;
  readonly endpoints: Set<number>;
}

interface Edge {
  readonly workload: number;
  readonly destination: number;
  readonly process: number;
  times: number;
  failed: number;
  first: number;
  last: number;
}

/** Where a connection counts; `undefined` is what there is no room for. */
interface Places {
  readonly workload: number | undefined;
  readonly destination: number | undefined;
  readonly endpoint: number;
  /** Once there is one. */
  edge: Edge | undefined;
}

interface Attempted {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly failed: number;
}

/** What a report keeps at most; connections beyond it are counted, and said to be left out. */
const MOST_WORKLOADS = 20_000;
const MOST_DESTINATIONS = 200_000;
const MOST_PROCESSES = 20_000;
const MOST_EDGES = 200_000;
/** Nobody reads more of a name. */
const LONGEST_NAME = 120;

/** Connections of two periods, each counted once whatever way it came, in bounded memory. */
export class ConnectionTally {
  readonly timeline = { now: new TimelineTally(), before: new TimelineTally() };
  private readonly attempts = new Attempts();
  private readonly workloads = new Interned<WorkloadData>(MOST_WORKLOADS);
  private readonly destinations = new Interned<DestinationData>(MOST_DESTINATIONS);
  private readonly endpoints = new Interned<Omit<EndpointData, 'isNew'>>(MOST_DESTINATIONS);
  private readonly processes = new Interned<string>(MOST_PROCESSES);
  private readonly edges = new Map<number, Edge>();
  private readonly places = new ByAlike<Places>();
  /** Who reached what before. */
  private readonly known = new Set<number>();
  private readonly counts = { now: noCounts(), before: noCounts() };
  private least: number | undefined;
  private most: number | undefined;
  private left = 0;
  private repeated = 0;

  /** @param proxies what is declared to pass connections on */
  constructor(private readonly proxies: readonly Proxy[] = []) {}

  add(connection: Connection, period: PeriodName): void {
    const count = this.attempts.add(connection);
    if (count === 0) {
      this.repeated++;
      return;
    }
    const failed = connection.outcome === 'failed' ? count : 0;
    const [first, last] = [millisecondsOf(connection.first), millisecondsOf(connection.last)];
    const counts = this.counts[period];
    counts.connections += count;
    counts.failed += failed;
    this.timeline[period].add(first, count, failed);
    if (period === 'now') {
      if (this.least === undefined || first < this.least) this.least = first;
      if (this.most === undefined || last > this.most) this.most = last;
    }
    const places = this.placesOf(connection);
    const { workload, destination, endpoint } = places;
    if (workload === undefined || destination === undefined) {
      this.left += count;
      return;
    }
    counts.workloads.add(workload);
    counts.endpoints.add(endpoint);
    if (period === 'before') this.know(workload, endpoint);
    else this.count(places, connection, { first, last, count, failed });
  }

  /** How many were there more than once. */
  get duplicates(): number {
    return this.repeated;
  }

  /** Connections that stand in no row, since there were too many; they are counted otherwise. */
  get leftOut(): number {
    return this.left;
  }

  /** From when to when, in milliseconds; `undefined` where there are none. */
  get span(): { readonly from: number; readonly to: number } | undefined {
    return this.least === undefined || this.most === undefined
      ? undefined
      : { from: this.least, to: this.most };
  }

  totals(period: PeriodName): PeriodTotals {
    const { connections, failed, workloads, endpoints } = this.counts[period];
    return { connections, failed, workloads: workloads.size, endpoints: endpoints.size };
  }

  /** @param compares whether the previous period is known: else nothing is new */
  data(compares: boolean): PageData {
    const { workloads, destinations, endpoints, processes } = this;
    const edges = [...this.edges.values()]
      .sort((a, b) => b.times - a.times || a.first - b.first || a.destination - b.destination)
      .map((edge): EdgeData => {
        const endpoint = destinations.items[edge.destination]?.endpoint ?? 0;
        const isNew = compares && !this.known.has(pairOf(edge.workload, endpoint));
        const [first, last] = [Math.floor(edge.first / 1000), Math.floor(edge.last / 1000)];
        return { ...edge, first, last, isNew };
      });
    const used = new Set(edges.map(({ workload }) => workloads.items[workload]?.cluster));
    return {
      ...{ workloads: workloads.items, destinations: destinations.items },
      endpoints: endpoints.items.map((endpoint, index) => ({
        ...endpoint,
        isNew: compares && !this.counts.before.endpoints.has(index),
      })),
      ...{ processes: processes.items, edges, hasClusters: used.size > 1 },
    };
  }

  private placesOf(connection: Connection): Places {
    const alike = alikeOf(connection);
    const known = alike && this.places.get(alike);
    if (known !== undefined) return known;
    const destination = this.destinationOf(connection);
    const endpoint = destination === undefined ? undefined : this.destinations.items[destination]?.endpoint;
    const workload = this.workloadOf(connection);
    const places = { workload, destination, endpoint: endpoint ?? 0, edge: undefined };
    if (alike !== undefined) this.places.set(alike, places);
    return places;
  }

  private workloadOf({
    cluster,
    namespace,
    workload: { kind, name, derived },
  }: Connection): number | undefined {
    const key = `${cluster ?? ''}\0${namespace ?? ''}\0${kind ?? ''}\0${name}`;
    return this.workloads.numberOf(key, () => ({
      ...{ cluster: cluster && shown(cluster), namespace: namespace && shown(namespace) },
      ...{ kind, name: shown(name), derived },
    }));
  }

  private destinationOf({ destination }: Connection): number | undefined {
    const { address, port, protocol, names, was, via = '' } = destination;
    const then = was === undefined ? '' : whoseLabel(was);
    // An address that has changed hands is two destinations.
    const key = `${address}\0${port ?? ''}\0${protocol ?? ''}\0${then}\0${via}`;
    const [name = then || address] = names;
    const make = (): Omit<EndpointData, 'isNew'> => {
      const label = shown(endpointText(name, port));
      const scope = scopeOf(address);
      if (via !== '') return { label: `${label} via ${via}`, scope, proxy: 'behind' };
      const isDeclared = this.proxies.some((proxy) => isProxy(proxy, destination));
      return isDeclared ? { label: `proxy ${label}`, scope, proxy: 'itself' } : { label, scope };
    };
    const endpoint = this.endpoints.numberOf(`${name}\0${port ?? ''}\0${via}`, make);
    if (endpoint === undefined) return undefined;
    return this.destinations.numberOf(key, () => ({
      ...{ address, port, protocol: protocol && shown(protocol), endpoint },
    }));
  }

  private know(workload: number, endpoint: number): void {
    if (this.known.size < MOST_EDGES) this.known.add(pairOf(workload, endpoint));
  }

  private count(places: Places, { program }: Connection, attempted: Attempted): void {
    const { first, last, count, failed } = attempted;
    const edge = (places.edge ??= this.edgeOf(places, program.name ?? '', first));
    if (edge === undefined) {
      this.left += count;
      return;
    }
    edge.times += count;
    edge.failed += failed;
    // Clocks go back, and stores sort as they like.
    if (first < edge.first) edge.first = first;
    if (last > edge.last) edge.last = last;
  }

  /** `undefined` where there is no room for one more. */
  private edgeOf({ workload = 0, destination = 0 }: Places, program: string, at: number): Edge | undefined {
    const name = shown(program);
    const process = this.processes.numberOf(name, () => name);
    if (process === undefined) return undefined;
    const key = (process * MOST_DESTINATIONS + destination) * MOST_WORKLOADS + workload;
    const known = this.edges.get(key);
    if (known !== undefined || this.edges.size >= MOST_EDGES) return known;
    const edge = { workload, destination, process, times: 0, failed: 0, first: at, last: at };
    this.edges.set(key, edge);
    return edge;
  }
}

function pairOf(workload: number, endpoint: number): number {
  return endpoint * MOST_WORKLOADS + workload;
}

function noCounts(): Counts {
  return { connections: 0, failed: 0, workloads: new Set(), endpoints: new Set() };
}

/** Names of strangers: short, and nothing in them that a terminal or a reader would obey. */
function shown(text: string): string {
  return inert(cut(text, LONGEST_NAME));
}
