import { createHash } from 'node:crypto';
import { printInventoryRecord, type InventoryRecord } from '../../inventory/record';
import type { Log } from '../../program/log';
import type { Clock } from '../clock';
import type {
  Change,
  ClusterState,
  ObjectKey,
  WatchedJob,
  WatchedNamespace,
  WatchedNode,
  WatchedPod,
  WatchedReplicaSet,
  WatchedService,
} from '../cluster/cluster';
import type { ExemptingLabel } from '../config';
import { behindName, behindSlice, EndpointTimes, type Behind, type ToldEndpoint } from './endpoint-times';
import { exemptionRecord } from './exemption-record';
import { nodeRecord } from './node-record';
import { podRecord, type Untold } from './pod-record';
import { serviceRecord } from './service-record';

/** What an inventory is told with. */
export interface InventoryProps {
  readonly state: Pick<
    ClusterState,
    'pods' | 'services' | 'endpoints' | 'replicaSets' | 'jobs' | 'namespaces' | 'nodes'
  >;
  readonly cluster: string;
  /** The label that exempts a namespace; `undefined` where none does. */
  readonly exempt: ExemptingLabel | undefined;
  /** How often all that is there is told of again. */
  readonly everySeconds: number;
  /** Takes a line, its newline included. */
  readonly write: (line: string) => void;
  readonly log: Log;
  /** When something is to be done. */
  readonly clock: Clock;
  /** What people call the time. */
  readonly now: () => number;
}

type Owner = WatchedReplicaSet | WatchedJob;

type Tellable = { [R in InventoryRecord as R['kind']]: Untold<R> }[InventoryRecord['kind']];

/** What is to be told of: what is there by then, or what was there. */
interface Waiting {
  readonly record: () => Tellable | undefined;
  /** Also if nothing has changed. */
  readonly again: boolean;
  /** It is told of no more after this. */
  readonly last: boolean;
}

const TICK = 100;
/** So much is written at once, at most; ten times in a second. */
const BYTES_OF_A_TICK = 20_000;
/** More than this wait only in clusters that are larger than any is. */
const MOST_WAITING = 200_000;

/**
 * Tells what is where in the cluster, a line each: all nodes, Pods, Services and what else stands behind these when it begins and again every so often, and each one
 * whenever it has changed. What changes faster than lines may be written is told of as it is by then.
 */
export class Inventory {
  /** By UID, in the order in which they are told of. */
  private readonly waiting = new Map<string, Waiting>();
  /** Digests of what was told last, by UID. */
  private readonly told = new Map<string, string>();
  private readonly ends: (() => void)[];
  private endPictures: () => void = () => undefined;
  private endTick: (() => void) | undefined;
  private isBehind = false;
  private readonly endpointTimes: EndpointTimes;

  constructor(private readonly props: InventoryProps) {
    let isFull = false;
    this.endpointTimes = new EndpointTimes(() => {
      if (!isFull) props.log('error', 'the inventory is not whole: too many addresses behind Services');
      isFull = true;
    });
    const { pods, services, endpoints, replicaSets, jobs, namespaces, nodes } = props.state;
    const ownerChanged = (change: Change<Owner>): void => {
      this.ownerChanged(change);
    };
    this.ends = [
      ...[replicaSets.subscribe(ownerChanged), jobs.subscribe(ownerChanged)],
      pods.subscribe((change) => {
        this.podChanged(change);
      }),
      services.subscribe((change) => {
        this.serviceChanged(change);
      }),
      endpoints.subscribe(({ before, after }) => {
        this.behindChanged(before && behindSlice(before), after && behindSlice(after));
      }),
      namespaces.subscribe((change) => {
        this.namespaceChanged(change);
      }),
      nodes.subscribe((change) => {
        this.nodeChanged(change);
      }),
    ];
    this.picture();
  }

  stop(): void {
    for (const end of this.ends) end();
    this.endPictures();
    this.endTick?.();
  }

  /** All that is there, and that it was all. */
  private picture(): void {
    this.endPictures = this.props.clock.after(1000 * this.props.everySeconds, () => {
      this.picture();
    });
    const { pods, services, endpoints, namespaces, nodes } = this.props.state;
    const began = this.time();
    for (const namespace of namespaces.list()) this.exemption(namespace, true);
    for (const node of nodes.list()) this.node(node, true);
    for (const service of services.list()) this.service(service, true);
    for (const behind of [
      ...services.list().map((each) => behindName(each)),
      ...endpoints.list().map(behindSlice),
    ])
      this.endpoints(this.endpointTimes.here(behind), true);
    for (const pod of pods.list()) this.pod(pod, true);
    const every = this.props.everySeconds;
    this.wait(`picture ${began}`, {
      record: () => ({ kind: 'picture', began, every }),
      ...{ again: true, last: true },
    });
  }

  private podChanged({ before, after }: Change<WatchedPod>): void {
    if (after !== undefined) this.pod(after);
    else if (before !== undefined) {
      // Later its owners may be gone as well.
      const record = podRecord(before, this.props.state, this.time());
      this.wait(uidOf(before), { record: () => record, again: false, last: true });
    }
  }

  private nodeChanged({ before, after }: Change<WatchedNode>): void {
    // Another of its name may take its place at once.
    if (before !== undefined && uidOf(before) !== (after && uidOf(after))) {
      const record = nodeRecord(before, this.time());
      this.wait(uidOf(before), { record: () => record, again: false, last: true });
    }
    if (after !== undefined) this.node(after);
  }

  private serviceChanged({ key, before, after }: Change<WatchedService>): void {
    if (after !== undefined) this.service(after);
    else if (before !== undefined) {
      const record = serviceRecord(before, this.time());
      this.wait(uidOf(before), { record: () => record, again: false, last: true });
    }
    const since = before === undefined ? undefined : this.time();
    this.behindChanged(before && behindName(before), after && behindName(after, since));
    // It may select others now.
    if (JSON.stringify(before?.spec?.selector) !== JSON.stringify(after?.spec?.selector))
      for (const pod of this.props.state.pods.list(key.namespace)) this.pod(pod);
  }

  private behindChanged(before: Behind | undefined, after: Behind | undefined): void {
    if (before !== undefined)
      this.endpoints(this.endpointTimes.gone(before, after, this.time()), false, true);
    if (after !== undefined) this.endpoints(this.endpointTimes.here(after));
  }

  private namespaceChanged({ before, after }: Change<WatchedNamespace>): void {
    const { exempt } = this.props;
    if (exempt === undefined) return;
    const was = before && exemptionRecord(before, exempt, this.time(), this.time());
    const is = after && exemptionRecord(after, exempt, this.time());
    if (before !== undefined && was !== undefined && was.label !== is?.label)
      // Beside the next one, if that one comes at once.
      this.wait(`${uidOf(before)} ${was.label}`, { record: () => was, again: false, last: true });
    if (after !== undefined) this.exemption(after);
  }

  private exemption(namespace: WatchedNamespace, again = false): void {
    const { exempt, state } = this.props;
    if (exempt === undefined) return;
    const now = (): WatchedNamespace => state.namespaces.get(keyOf(namespace)) ?? namespace;
    const seen = this.time();
    this.wait(uidOf(namespace), { record: () => exemptionRecord(now(), exempt, seen), again, last: false });
  }

  /** Its Pods may have been told of before the watch of their owners knew it. */
  private ownerChanged({ key, before, after }: Change<Owner>): void {
    if (before !== undefined || after === undefined) return;
    const uid = uidOf(after);
    for (const pod of this.props.state.pods.list(key.namespace))
      if (pod.metadata?.ownerReferences?.some((owner) => owner.uid === uid) === true) this.pod(pod);
  }

  private pod(pod: WatchedPod, again = false): void {
    const { state } = this.props;
    const key = keyOf(pod);
    const now = (): WatchedPod => state.pods.get(key) ?? pod;
    this.wait(uidOf(pod), { record: () => podRecord(now(), state), again, last: false });
  }

  private node(node: WatchedNode, again = false): void {
    const now = (): WatchedNode => this.props.state.nodes.get(keyOf(node)) ?? node;
    this.wait(uidOf(node), { record: () => nodeRecord(now()), again, last: false });
  }

  private service(service: WatchedService, again = false): void {
    const key = keyOf(service);
    const now = (): WatchedService => this.props.state.services.get(key) ?? service;
    this.wait(uidOf(service), { record: () => serviceRecord(now()), again, last: false });
  }

  private endpoints(told: readonly ToldEndpoint[], again = false, last = false): void {
    for (const { id, record } of told) this.wait(id, { record: () => record, again, last });
  }

  private wait(id: string, next: Waiting): void {
    const before = this.waiting.get(id);
    if (before === undefined && this.waiting.size >= MOST_WAITING) {
      if (!this.isBehind) this.props.log('error', 'the inventory is not whole: too much changes at once');
      this.isBehind = true;
      return;
    }
    this.waiting.set(id, { ...next, again: next.again || before?.again === true });
    this.tellSoon();
  }

  private tellSoon(): void {
    this.endTick ??= this.props.clock.after(TICK, () => {
      this.endTick = undefined;
      this.tell();
    });
  }

  private tell(): void {
    let bytes = 0;
    for (const [id, { record, again, last }] of this.waiting) {
      if (bytes >= BYTES_OF_A_TICK) break;
      this.waiting.delete(id);
      const tellable = record();
      if (tellable !== undefined) bytes += this.write(id, tellable, again);
      if (last) this.told.delete(id);
    }
    if (this.waiting.size > 0) this.tellSoon();
    else this.isBehind = false;
  }

  /** How much it has written. */
  private write(id: string, tellable: Tellable, again: boolean): number {
    const digest = createHash('sha1').update(JSON.stringify(tellable)).digest('base64');
    const isKnown = this.told.get(id) === digest;
    // Whose end has been told of is no part of pictures, however long its object stays.
    if (isKnown && (!again || 'ended' in tellable)) return 0;
    this.told.set(id, digest);
    const { cluster } = this.props;
    const line = `${printInventoryRecord({ ...{ cluster, time: this.time() }, ...tellable })}\n`;
    this.props.write(line);
    return line.length;
  }

  private time(): string {
    return new Date(this.props.now()).toISOString();
  }
}

interface Named {
  readonly metadata?: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
}

function uidOf({ metadata }: Named): string {
  return metadata?.uid ?? '';
}

function keyOf({ metadata }: Named): ObjectKey {
  return { namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' };
}
