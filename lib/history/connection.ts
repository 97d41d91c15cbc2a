import type { Workload } from './workload';

/**
 * What became of an attempt, as far as the system call said: `begun` is a connect that goes on in the background
 * (EINPROGRESS), as nearly all of today's programs connect, of which Falco sees no end.
 */
export type Outcome = 'connected' | 'begun' | 'failed' | 'unknown';

/** The program that reached out. */
interface Program {
  readonly name: string | undefined;
  readonly path: string | undefined;
}

/** Where it reached out to. */
export interface Destination {
  /** In the one spelling of each address; an IPv4 address in IPv6's clothes is the IPv4 address. */
  readonly address: string;
  /** Whether it was written as `::ffff:a.b.c.d`: the socket was one of IPv6. */
  readonly mapped: boolean;
  readonly port: number | undefined;
  /** `tcp`, `udp`; `undefined` where Falco doesn't know. */
  readonly protocol: string | undefined;
  /** Names that the alert gives the address. */
  readonly names: readonly string[];
  /** What had the address then, where an inventory tells; see `atTheTime`. */
  readonly was?: Whose;
  /** What proxy reached it for the workload, `squid`, where the log of one tells of it. */
  readonly via?: string;
}

/** A Pod, a Service or a node, and what it belongs to. */
export interface Whose {
  readonly kind: 'pod' | 'service' | 'node';
  /** Empty for a node. */
  readonly namespace: string;
  readonly name: string;
  readonly workload: Workload;
  /** The address was not a Service's own: it led there, at that time. */
  readonly isEndpoint?: true;
  /** How many more Services led there too. */
  readonly others?: number;
}

/** An attempt to reach another address, or several alike that were counted before they were stored. */
export interface Connection {
  readonly cluster: string | undefined;
  readonly node: string | undefined;
  readonly namespace: string | undefined;
  readonly pod: string | undefined;
  readonly podUid: string | undefined;
  /** The first 12 digits, as Falco has it; `undefined` for a process of the node itself. */
  readonly containerId: string | undefined;
  /** The address that it connected from, where the alert tells no Pod and does not say that it was the node itself. */
  readonly client: string | undefined;
  readonly workload: Workload;
  readonly program: Program;
  readonly destination: Destination;
  readonly outcome: Outcome;
  /** The name of the error of one that failed: ECONNREFUSED. */
  readonly error: string | undefined;
  readonly rule: string;
  readonly priority: string | undefined;
  /** How many attempts it stands for. */
  readonly count: number;
  /** The process of the collector that counted them; `undefined` for one that was told of by itself. */
  readonly run: string | undefined;
  /** In nanoseconds since 1970; the same as `last` for a single one. */
  readonly first: bigint;
  readonly last: bigint;
  /** The line of a proxy's log that tells of it: many of these have the same time. */
  readonly line?: number;
}
