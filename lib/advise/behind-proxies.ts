import { addressOf } from '../history/address';
import { Attempts } from '../history/attempts';
import type { Connection } from '../history/connection';
import { endpointText } from '../history/endpoint-text';
import { millisecondsOf } from '../history/time';
import type { ClusterState, StatePod } from './cluster-state';
import { isNamed, type Wanted } from './observations';
import { reachableFrom } from './reachable';
import { timesText } from './words';
import type { KnownWorkload, Workloads } from './workloads';

/** What a proxy reached for a workload. */
export interface Behind {
  /** `shop.example.org:443` */
  readonly destination: string;
  times: number;
  /** Of these, those that were refused or did not get there. */
  failed: number;
}

/** So many of each are named. */
const MOST_DESTINATIONS = 1000;
const MOST_CLIENTS = 100;
const MOST_SHOWN = 5;

/**
 * What proxies reached for workloads, as their logs tell. No policy of the workload needs to let that through, or should: it would be a
 * way around the proxy.
 */
export class BehindProxies {
  private readonly byWorkload = new Map<KnownWorkload, Map<string, Behind>>();
  private readonly unknown = new Map<string, number>();
  private unknownTimes = 0;
  private readonly attempts = new Attempts();
  private readonly pods: ReadonlyMap<string, StatePod>;
  private readonly quarantined: ReadonlySet<StatePod>;

  constructor(
    state: ClusterState,
    private readonly workloads: Workloads,
    private readonly wanted: Wanted = {},
  ) {
    const own = state.pods.filter(({ hostNetwork, isOver }) => !hostNetwork && !isOver);
    this.pods = new Map(
      own.flatMap((pod) => pod.addresses.map((each) => [addressOf(each)?.text ?? each, pod] as const)),
    );
    this.quarantined = new Set(workloads.quarantined);
  }

  /** Takes a connection of which a proxy's log tells; whether it was one. */
  add(connection: Connection): boolean {
    const { destination } = connection;
    if (destination.via === undefined) return false;
    if (this.attempts.add(connection) > 0) this.addNew(connection);
    return true;
  }

  /** The most frequent first; none where nothing is known. */
  of(workload: KnownWorkload): readonly Behind[] {
    const all = [...(this.byWorkload.get(workload)?.values() ?? [])];
    return all.sort((a, b) => b.times - a.times || (a.destination < b.destination ? -1 : 1));
  }

  /** What could not be counted for anybody: a line each. */
  remarks(): readonly string[] {
    if (this.unknownTimes === 0) return [];
    const clients = [...this.unknown].sort(([, a], [, b]) => b - a).map(([client]) => client);
    const more = clients.length > MOST_SHOWN ? ' and others' : '';
    return [
      `logs of proxies: ${timesText(this.unknownTimes)} for clients that are no workload of the cluster now: ${clients.slice(0, MOST_SHOWN).join(', ')}${more}`,
    ];
  }

  private addNew(connection: Connection): void {
    const { destination, outcome, workload: client, count } = connection;
    const pod = connection.pod === undefined ? this.podOf(connection) : undefined;
    if (pod !== undefined && this.quarantined.has(pod)) return;
    const workload = pod === undefined ? this.workloads.ofConnection(connection) : this.workloads.ofPod(pod);
    if (workload === undefined) {
      this.unknownTimes += count;
      const times = this.unknown.get(client.name);
      if (times !== undefined || this.unknown.size < MOST_CLIENTS)
        this.unknown.set(client.name, (times ?? 0) + count);
      return;
    }
    const { namespaces, workloads } = this.wanted;
    if (namespaces !== undefined && !namespaces.includes(workload.namespace)) return;
    if (workloads !== undefined && !isNamed(workload, workloads)) return;
    const all = this.byWorkload.get(workload) ?? new Map<string, Behind>();
    this.byWorkload.set(workload, all);
    const {
      address,
      port,
      names: [host = address],
    } = destination;
    const name = endpointText(host, port);
    const key = all.has(name) || all.size < MOST_DESTINATIONS ? name : 'others';
    const behind = all.get(key) ?? { destination: key, times: 0, failed: 0 };
    behind.times += count;
    if (outcome === 'failed') behind.failed += count;
    all.set(key, behind);
  }

  /** The Pod that has a client's address now, unless it began after the request. */
  private podOf({ workload: { name }, last }: Connection): StatePod | undefined {
    const pod = this.pods.get(name);
    return pod !== undefined && reachableFrom(pod) <= millisecondsOf(last) ? pod : undefined;
  }
}

/** `shop.example.org:443 (30 times, 2 of them failed), 203.0.113.7:443 (once) and 4 more`. */
export function behindText(behind: readonly Behind[]): string {
  const shown = behind.slice(0, MOST_SHOWN).map(({ destination, times, failed }) => {
    const how = failed === 0 ? '' : failed === times ? ', always refused' : `, ${failed} of them refused`;
    return `${destination} (${timesText(times)}${how})`;
  });
  const more = behind.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
