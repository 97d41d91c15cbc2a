import type { PodRecord, ServiceRecord } from '../../inventory/record';
import type { Whose } from '../connection';
import type { Workload } from '../workload';
import type { Selections } from './selections';

/** An address that something had. */
interface Place {
  /** In nanoseconds since 1970. */
  from: bigint;
  /** When it was last seen to have it. */
  seen: bigint;
}

/** What had an address, or led to it. */
export interface Named extends Whose {
  readonly cluster: string;
}

/** A Pod, a Service or a node of which records tell. */
export interface Known extends Named {
  /** What a Pod belongs to, else itself. */
  workload: Workload;
  /** How many owners are known: those above may go before it does, and are not forgotten then. */
  owners: number;
  /** Which Services selected a Pod, and when. */
  readonly selections: Selections;
  /** By address. */
  readonly places: Map<string, Place>;
  from: bigint;
  seen: bigint;
  /** When it was seen to have ended. */
  ended: bigint | undefined;
}

/** How it is called: `Pod shop/cart-0`, `Node node-1`. */
export function nameOf({ kind, namespace, name }: Pick<Whose, 'kind' | 'namespace' | 'name'>): string {
  if (kind === 'node') return `Node ${name}`;
  return `${kind === 'pod' ? 'Pod' : 'Service'} ${namespace}/${name}`;
}

/** What a Pod belongs to: the last of its owners. */
export function workloadOfRecord(record: PodRecord | ServiceRecord): Workload {
  if (record.kind === 'service') return { kind: 'Service', name: record.name, derived: false };
  const [, kind, name] = /^([^/]+)\/(.+)$/.exec(record.owners.at(-1) ?? '') ?? [];
  return kind === undefined || name === undefined
    ? { kind: 'Pod', name: record.name, derived: false }
    : { kind, name, derived: false };
}

/** Whether two of them belong to the same. */
export function isSameOwner({ cluster, workload }: Named, other: Named): boolean {
  const { kind, name } = other.workload;
  return cluster === other.cluster && workload.kind === kind && workload.name === name;
}
