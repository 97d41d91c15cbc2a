import type { SelectedPod } from '../objects';

/** What carries a connection. */
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** A Pod at one end. */
export interface PodEnd extends SelectedPod {
  readonly kind: 'pod';
  /** Its address of the connection's family; without it no `ipBlock` holds it. */
  readonly address?: string;
  /** Ports of its containers that have a name. @default none */
  readonly ports?: readonly NamedPort[];
}

/** A name that a container gives to a port. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
  /** @default "TCP" */
  readonly protocol?: string;
}

/** An end outside the cluster, or one that is no Pod. */
export interface OutsideEnd {
  readonly kind: 'outside';
  readonly address: string;
}

/** One end of a connection. */
export type End = PodEnd | OutsideEnd;

/**
 * A connection as the network sees it, after a Service's address has been replaced by a Pod's: whether policies see the one
 * or the other is not defined for `ipBlock`.
 */
export interface Connection {
  readonly source: End;
  readonly destination: End;
  readonly protocol: Protocol;
  /** Port of the destination. */
  readonly port: number;
}
