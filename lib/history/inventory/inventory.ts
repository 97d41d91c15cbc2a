import type { InventoryRecord, NodeRecord, PodRecord, ServiceRecord } from '../../inventory/record';
import { addressOf } from '../address';
import type { Destination } from '../connection';
import { counted } from '../holes';
import { parseTime } from '../time';
import { Endpoints } from './endpoints';
import { NEAR, type Holding } from './holding';
import { workloadOfRecord, type Known, type Named } from './known';
import { Pictures } from './pictures';
import { Selections } from './selections';

/** So many Pods and Services are known at most. */
const MOST_KNOWN = 500_000;

/**
 * What was where and when, out of records in any order, told by any number of replicas. An address is of whoever had it last,
 * until it ended, another had it, or records stopped telling of it.
 */
export class InventoryHistory {
  /** @param most so many Pods and Services are kept */
  constructor(private readonly most: number = MOST_KNOWN) {
    this.endpoints = new Endpoints(this.pictures, most);
  }

  private readonly all = new Map<string, Known>();
  private readonly byContainer = new Map<string, Known>();
  private readonly byName = new Map<string, Known[]>();
  private readonly pictures = new Pictures();
  private readonly endpoints: Endpoints;
  private readonly clusters = new Set<string>();
  private holdings: ReadonlyMap<string, readonly Holding[]> | undefined;
  private records = 0;
  private left = 0;
  private readonly said = new Set<string>();

  add(record: InventoryRecord): void {
    this.records++;
    this.holdings = undefined;
    this.endpoints.unsettle();
    this.clusters.add(record.cluster);
    if (record.kind === 'picture') this.pictures.add(record);
    else if (record.kind === 'node') this.addNode(record);
    else if (record.kind === 'endpoint') this.left += this.endpoints.add(record) ? 0 : 1;
    else if (record.kind !== 'exemption') this.addObject(record);
  }

  /** How many records there were. */
  get count(): number {
    return this.records;
  }

  /** Takes what its source says of it, a line. */
  remark(line: string): void {
    this.said.add(line);
  }

  /** What is not known of it: a line each. */
  remarks(): readonly string[] {
    if (this.left === 0) return [...this.said];
    return [
      ...this.said,
      `the inventory tells of ${counted(this.left, 'Pod or Service', 'Pods or Services')} more than are kept: they have no names here`,
    ];
  }

  /** The Pod of a container, by the first 12 digits of its id: no other has them, at any time. */
  ofContainer(cluster: string | undefined, id: string): Known | undefined {
    const known = this.byContainer.get(id);
    return known !== undefined && (cluster === undefined || cluster === known.cluster) ? known : undefined;
  }

  /** Pods, or Services, of that name, at any time. */
  named(
    kind: 'pod' | 'service',
    namespace: string,
    name: string,
    cluster: string | undefined,
  ): readonly Known[] {
    const all = this.byName.get(nameKey({ kind, namespace, name })) ?? [];
    return all.filter((known) => cluster === undefined || known.cluster === cluster);
  }

  /** Which addresses the Pods had that a Service selected, and when: while it was there, and selected them. */
  holdingsBehind(service: Known): readonly Holding[] {
    const { cluster, namespace, name, from } = service;
    const life = { from, to: this.endOf(service) };
    return [...this.all.values()]
      .filter((known) => known.cluster === cluster && known.namespace === namespace)
      .flatMap((pod) => {
        const selected = pod.selections.of(name);
        if (selected.length === 0) return [];
        return this.holdingsOf(pod).flatMap((holding) => selected.map((time) => cut(holding, life, time)));
      })
      .filter((holding) => holding.from < holding.to);
  }

  /** What had an address at some time from `first` to `last`, one after the other; several also if it changed hands near to that. */
  holders(cluster: string | undefined, address: string, first: bigint, last: bigint): readonly Named[] {
    const found = this.holdingsWithin(cluster, address, first, last);
    return [...new Set(found.map(({ known }) => known))];
  }

  /** What had the address of a destination then, or else which Services led to it. */
  destinations(
    cluster: string | undefined,
    destination: Destination,
    first: bigint,
    last: bigint,
  ): readonly Named[] {
    const found = this.holders(cluster, destination.address, first, last);
    const of = cluster ?? this.onlyCluster();
    if (found.length > 0 || of === undefined) return found;
    return this.endpoints.leadingTo(of, destination, first, last);
  }

  /** Where Services of that name led to without a selector of their own, and when. */
  holdingsLedTo(namespace: string, name: string): readonly Holding[] {
    return this.endpoints.behind(namespace, name);
  }

  /** The Pod that alone had an address, from `first` to `last`; none near to a change of hands, and none of a node's address. */
  podWith(cluster: string | undefined, address: string, first: bigint, last: bigint): Named | undefined {
    const [only, ...others] = this.holdingsWithin(cluster, address, first, last);
    if (only?.known.kind !== 'pod' || others.length > 0) return undefined;
    return only.from <= first + NEAR && only.to > last - NEAR ? only.known : undefined;
  }

  /** Which addresses something had, and when. */
  holdingsOf(known: Known): readonly Holding[] {
    const settled = this.settled();
    return [...known.places.keys()].flatMap((address) =>
      (settled.get(`${known.cluster}\0${address}`) ?? []).filter((holding) => holding.known === known),
    );
  }

  private holdingsWithin(
    cluster: string | undefined,
    address: string,
    first: bigint,
    last: bigint,
  ): readonly Holding[] {
    const of = cluster ?? this.onlyCluster();
    if (of === undefined) return [];
    const holdings = this.settled().get(`${of}\0${address}`) ?? [];
    return holdings.filter(({ from, to }) => from <= last + NEAR && to > first - NEAR);
  }

  private onlyCluster(): string | undefined {
    const [only] = this.clusters;
    return this.clusters.size === 1 ? only : undefined;
  }

  private addObject(record: PodRecord | ServiceRecord): void {
    const { cluster, uid, kind } = record;
    const [seen, since] = [parseTime(record.time), parseTime(record.since)];
    if (seen === undefined) return;
    const from = since ?? seen;
    const ended = record.ended === undefined ? undefined : parseTime(record.ended);
    const known = this.object(`${cluster}\0${uid}`, record, from, seen);
    if (known === undefined) return;
    note(known, from, seen, ended);
    if (kind === 'pod') this.addPod(known, record, from, seen);
    else addPlaces(known, record.ips, from, seen);
  }

  private addPod(known: Known, record: PodRecord, from: bigint, seen: bigint): void {
    const { cluster, node, hostNetwork, ips, containers, services } = record;
    for (const id of containers) this.byContainer.set(id, known);
    known.selections.note(seen, services);
    if (record.owners.length > known.owners) {
      known.owners = record.owners.length;
      known.workload = workloadOfRecord(record);
    }
    if (hostNetwork !== true) {
      addPlaces(known, ips, from, seen);
      return;
    }
    if (node !== undefined) this.addHost(cluster, node, ips, from, seen);
  }

  private addNode({ cluster, name, ips, ...times }: NodeRecord): void {
    const [seen, since] = [parseTime(times.time), parseTime(times.since)];
    if (seen !== undefined) this.addHost(cluster, name, ips, since ?? seen, seen);
  }

  private addHost(cluster: string, name: string, ips: readonly string[], from: bigint, seen: bigint): void {
    const host = this.object(
      `${cluster}\0node\0${name}`,
      { cluster, kind: 'node', namespace: '', name },
      from,
      seen,
    );
    if (host === undefined) return;
    // One that comes back by the same name is taken for the same: its addresses tell the times.
    note(host, from, seen, undefined);
    addPlaces(host, ips, from, seen);
  }

  private object(
    key: string,
    record: PodRecord | ServiceRecord | (Pick<Known, 'cluster' | 'namespace' | 'name'> & { kind: 'node' }),
    from: bigint,
    seen: bigint,
  ): Known | undefined {
    const before = this.all.get(key);
    if (before !== undefined) return before;
    if (this.all.size >= this.most) {
      this.left++;
      return undefined;
    }
    const { kind, cluster, namespace, name } = record;
    const known: Known = {
      ...{ kind, cluster, namespace, name, from, seen },
      workload: record.kind === 'node' ? { kind: 'Node', name, derived: false } : workloadOfRecord(record),
      owners: record.kind === 'pod' ? record.owners.length : 0,
      ...{ selections: new Selections(), places: new Map(), ended: undefined },
    };
    this.all.set(key, known);
    const names = this.byName.get(nameKey(known));
    if (names === undefined) this.byName.set(nameKey(known), [known]);
    else names.push(known);
    return known;
  }

  /** Who had which address when, by cluster and address, in the order of time. */
  private settled(): ReadonlyMap<string, readonly Holding[]> {
    return (this.holdings ??= this.settle());
  }

  private settle(): ReadonlyMap<string, readonly Holding[]> {
    const byAddress = new Map<string, Holding[]>();
    for (const known of this.all.values()) {
      const end = this.endOf(known);
      for (const [address, { from, seen }] of known.places) {
        const key = `${known.cluster}\0${address}`;
        const to = seen < known.seen && seen < end ? seen : end;
        const holding = { known, address, from, to: to > from ? to : from + 1n };
        const others = byAddress.get(key);
        if (others === undefined) byAddress.set(key, [holding]);
        else others.push(holding);
      }
    }
    for (const [key, holdings] of byAddress) if (holdings.length > 1) byAddress.set(key, inTurn(holdings));
    return byAddress;
  }

  /** One of which a later picture doesn't tell has ended some time since it was last seen: nothing after that is said to be its. */
  private endOf({ cluster, seen, ended }: Known): bigint {
    if (ended !== undefined) return ended;
    const { pictures } = this;
    return pictures.hasPassedOver(cluster, seen) ? seen : seen + 2n * pictures.every(cluster);
  }
}

/** What of it lies in several times. */
function cut(holding: Holding, ...times: readonly Pick<Holding, 'from' | 'to'>[]): Holding {
  let { from, to } = holding;
  for (const time of times) {
    if (time.from > from) from = time.from;
    if (time.to < to) to = time.to;
  }
  return { ...holding, from, to };
}

/** Whoever comes has the address from then on, whether or not the one before was seen to go. */
function inTurn(holdings: readonly Holding[]): Holding[] {
  const sorted = [...holdings].sort((a, b) => Number(a.from > b.from) - Number(a.from < b.from));
  return sorted.map((holding, index) => {
    const next = sorted[index + 1]?.from ?? holding.to;
    return next < holding.to ? { ...holding, to: next > holding.from ? next : holding.from + 1n } : holding;
  });
}

function note(known: Known, from: bigint, seen: bigint, ended: bigint | undefined): void {
  if (from < known.from) known.from = from;
  if (seen > known.seen) known.seen = seen;
  // Of several who saw it gone, the first was nearest to it.
  if (ended !== undefined && (known.ended === undefined || ended < known.ended)) known.ended = ended;
}

function addPlaces(known: Known, ips: readonly string[], from: bigint, seen: bigint): void {
  for (const ip of ips) {
    const address = addressOf(ip)?.text;
    if (address === undefined) continue;
    const place = known.places.get(address);
    if (place === undefined) known.places.set(address, { from, seen });
    else {
      if (from < place.from) place.from = from;
      if (seen > place.seen) place.seen = seen;
    }
  }
}

function nameKey({ kind, namespace, name }: Pick<Known, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}\0${namespace}\0${name}`;
}
