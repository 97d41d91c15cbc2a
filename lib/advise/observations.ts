import { alikeOf, ByAlike } from '../history/alike';
import { Attempts } from '../history/attempts';
import type { Connection } from '../history/connection';
import type { CutOffPods } from '../history/cut-off-pods';
import { millisecondsOf } from '../history/time';
import { isProxy, type Proxy } from '../history/proxies/proxy';
import { isPublic } from './public-addresses';
import type { ClusterState } from './cluster-state';
import {
  count,
  isKept,
  noteAttempt,
  noteDetails,
  noteEverywhere,
  noteNames,
  notePod,
  noteReached,
  noteUnneeded,
  observing,
  type Bounds,
  type Observed,
  type SeenPort,
} from './observed';
import { Resolver } from './resolver';
import type { PolicyProtocol, Reached, Unneeded } from './target';
import { workloadName, type KnownWorkload, type Workloads } from './workloads';

const BOUNDS: Bounds = { publicAddresses: 12_800, ofWorkload: 50_000, ofAll: 400_000 };
/** So many owners that can't be advised are named. */
const MOST_UNKNOWN = 100;
const PROTOCOLS: Readonly<Record<string, PolicyProtocol>> = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' };

/** At which musl connects by UDP to each address of a name, to sort them. */
const MUSL_PORT = 65_535;

/** Of which attempts nothing is kept. */
export interface PassedOver {
  /** From Pods that are quarantined. */
  quarantined: number;
  /** To what only Pods reached that were quarantined, and are not there any more. */
  onceQuarantined: number;
  /** Of processes of nodes, which no NetworkPolicy holds. */
  ofNodes: number;
  /** Of which no Pod is known. */
  withoutPod: number;
  /** Of workloads that are no longer there, by their names. */
  readonly gone: Map<string, number>;
  goneCut: number;
}

/** Whose connections count. */
export interface Wanted {
  /** @default all */
  readonly namespaces?: readonly string[];
  /** Names of workloads, such as `cart` or `Deployment/cart`. @default all */
  readonly workloads?: readonly string[];
  /** @default whichever there is; it must be one */
  readonly cluster?: string;
  /** Destinations that pass connections on. @default none */
  readonly proxies?: readonly Proxy[];
}

/** Where attempts count that are alike. */
interface Places {
  readonly observed: Observed;
  /** `undefined` for each that there is no room for. */
  readonly seen: readonly (SeenPort | undefined)[];
  /** Of those at this time or later, in milliseconds since 1970. */
  readonly from: number;
}

/** Connections by workload and target: all that advice is made of, in bounded memory. */
export class Observations {
  readonly byWorkload = new Map<KnownWorkload, Observed>();
  readonly passedOver: PassedOver = {
    ...{
      quarantined: 0,
      onceQuarantined: 0,
      ofNodes: 0,
      withoutPod: 0,
      gone: new Map<string, number>(),
      goneCut: 0,
    },
  };
  /** Names of clusters in the history. */
  readonly clusters = new Set<string | undefined>();
  /** The same of those that are not asked for. */
  readonly otherClusters = new Set<string | undefined>();
  /** Whether any connection was of the cluster that is asked for. */
  isOfWanted = false;
  duplicates = 0;
  private readonly attempts = new Attempts();
  private readonly resolver: Resolver;
  private readonly quarantined: ReadonlySet<string>;
  private readonly places = new ByAlike<Places>();
  private kept = 0;

  constructor(
    state: ClusterState,
    private readonly workloads: Workloads,
    private readonly wanted: Wanted = {},
    private readonly bounds: Bounds = BOUNDS,
  ) {
    this.resolver = new Resolver(state, workloads);
    this.quarantined = new Set(workloads.quarantined.map(({ namespace, name }) => `${namespace}/${name}`));
  }

  add(connection: Connection): void {
    const { namespace, cluster } = connection;
    const { namespaces } = this.wanted;
    if (this.wanted.cluster !== undefined && cluster !== this.wanted.cluster) {
      if (this.otherClusters.size < MOST_UNKNOWN) this.otherClusters.add(cluster);
      return;
    }
    this.isOfWanted = true;
    if (namespaces !== undefined && (namespace === undefined || !namespaces.includes(namespace))) return;
    const more = this.attempts.add(connection);
    if (more === 0) this.duplicates++;
    else this.addNew(more === connection.count ? connection : { ...connection, count: more });
  }

  /** Takes out again what only Pods reached that were cut off in that time: by now they may be gone, and with them their label. */
  leaveOut(cutOff: CutOffPods): void {
    for (const { workload, targets } of this.byWorkload.values()) {
      const { namespace } = workload;
      const there = new Set(workload.pods.map(({ name }) => name));
      for (const [key, { ports }] of targets) {
        for (const [of, { pods = [], went, failed }] of ports) {
          if (pods.length === 0) continue;
          if (!pods.every(({ name, uid }) => cutOff.has(namespace, name, uid, there.has(name)))) continue;
          this.passedOver.onceQuarantined += went + failed;
          ports.delete(of);
        }
        if (ports.size === 0) targets.delete(key);
      }
    }
  }

  private addNew(connection: Connection): void {
    const [first, last] = [millisecondsOf(connection.first), millisecondsOf(connection.last)];
    const alike = alikeOf(connection);
    const known = alike && this.places.get(alike);
    if (known !== undefined && last >= known.from) {
      countAt(known, connection, first, last);
      return;
    }
    const found = this.placesOf(connection, last);
    if (found === undefined) return;
    countAt(found, connection, first, last);
    for (const seen of found.seen) if (seen !== undefined) noteDetails(seen, connection);
    if (alike !== undefined && last >= found.from) this.places.set(alike, found);
  }

  /** `undefined` for what is in no policy, and is counted with its like. */
  private placesOf(connection: Connection, at: number): Places | undefined {
    const { workloads } = this.wanted;
    if (this.clusters.size < MOST_UNKNOWN) this.clusters.add(connection.cluster);
    const workload = this.workloadOf(connection);
    if (workload === undefined) return undefined;
    if (workloads !== undefined && !isNamed(workload, workloads)) return undefined;
    let observed = this.byWorkload.get(workload);
    if (observed === undefined) this.byWorkload.set(workload, (observed = observing(workload)));
    notePod(observed, connection);
    const reached = this.reachedBy(connection, at);
    if (typeof reached === 'string') {
      noteUnneeded(observed, reached, connection);
      return { observed, seen: [], from: Infinity };
    }
    const seen = reached.map((each) => this.seenPort(observed, each, connection));
    return { observed, seen, from: this.resolver.lastChange(connection.destination.address) };
  }

  private workloadOf(connection: Connection): KnownWorkload | undefined {
    const { namespace = '', pod, workload, count: times } = connection;
    const { passedOver } = this;
    if (pod === undefined) {
      if (workload.kind === 'Node') passedOver.ofNodes += times;
      else passedOver.withoutPod += times;
      return undefined;
    }
    if (this.quarantined.has(`${namespace}/${pod}`)) {
      passedOver.quarantined += times;
      return undefined;
    }
    const known = this.workloads.ofConnection(connection);
    if (known !== undefined) return known;
    const { kind = 'Pod', name } = workload;
    const key = `${namespace}/${workloadName({ kind, name })}`;
    const before = passedOver.gone.get(key);
    if (before !== undefined || passedOver.gone.size < MOST_UNKNOWN)
      passedOver.gone.set(key, (before ?? 0) + times);
    else passedOver.goneCut += times;
    return undefined;
  }

  private reachedBy({ destination }: Connection, at: number): readonly Reached[] | Unneeded {
    const { address, port, was } = destination;
    // A connect to port 0 only asks the system which way it would take.
    if (port === undefined || port === 0) return 'no port';
    if (port === MUSL_PORT && destination.protocol === 'udp')
      return 'a look of the C library at the way, which sends nothing';
    const protocol = PROTOCOLS[destination.protocol ?? 'tcp'];
    if (protocol === undefined) return 'a protocol that policies do not know';
    return this.resolver.resolve({ address, protocol, port, at, was });
  }

  private isProxy({ destination }: Connection): boolean {
    const { proxies = [] } = this.wanted;
    return proxies.some((proxy) => isProxy(proxy, destination));
  }

  /** Where attempts to reach it count; `undefined` where there is no room for them. */
  private seenPort(observed: Observed, reached: Reached, connection: Connection): SeenPort | undefined {
    const { bounds } = this;
    const { target } = reached;
    if (!isKept(observed, reached)) {
      const isInternet = target.kind === 'address' && isPublic(target.range);
      const isNew = isInternet && !observed.targets.has(target.key);
      // So many can't be told apart in a policy that somebody reads.
      if (isNew && observed.publicAddresses >= bounds.publicAddresses)
        return noteEverywhere(observed, reached);
      if (observed.kept >= bounds.ofWorkload || this.kept >= bounds.ofAll) return undefined;
      this.kept++;
      if (isNew) observed.publicAddresses++;
    }
    const seen = noteReached(observed, reached);
    const { names } = connection.destination;
    const isProxy = this.isProxy(connection);
    const kept = names.length === 0 && !isProxy ? undefined : observed.targets.get(target.key);
    if (kept !== undefined) {
      noteNames(kept, names);
      kept.isProxy ||= isProxy;
    }
    return seen;
  }
}

function countAt({ observed, seen }: Places, connection: Connection, first: number, last: number): void {
  noteAttempt(observed, connection, first, last);
  for (const each of seen) {
    if (each === undefined) observed.cut += connection.count;
    else count(each, connection, first, last);
  }
}

/** Whether one of the names is the workload's. */
export function isNamed(workload: KnownWorkload, names: readonly string[]): boolean {
  return names.some(
    (name) => name === workload.name || name.toLowerCase() === workloadName(workload).toLowerCase(),
  );
}
