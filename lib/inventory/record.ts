/** The version of the records, and the key by which a line is known as one of them: it is always the first. */
export const INVENTORY_VERSION = 1;

/** How every line with a record begins. */
export const INVENTORY_START = '{"inventory":';

/** The value of the label `source` of the stream in which Loki keeps records; alerts have other ones. */
export const INVENTORY_SOURCE = 'inventory';

/** What all records tell. */
interface Told {
  /** Name of the cluster. */
  readonly cluster: string;
  /** When the responder saw it so, by its own clock: RFC 3339. */
  readonly time: string;
}

/** What all objects have. */
interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Since when its addresses have been its own, as far as the API server tells. */
  readonly since: string;
  /** Until when they were; absent while it is there. */
  readonly ended?: string;
}

/** A Pod, as it was seen. */
export interface PodRecord extends Told, Identity {
  readonly kind: 'pod';
  readonly node?: string;
  /** Its addresses are its node's. */
  readonly hostNetwork?: true;
  readonly ips: readonly string[];
  /** The first 12 digits of each, as Falco has them; those before the last restart among them. */
  readonly containers: readonly string[];
  /** Its controller, then that one's, as `ReplicaSet/nginx-6799fc88d8`, `Deployment/nginx`. */
  readonly owners: readonly string[];
  /** Names of the Services of its namespace that select it. */
  readonly services: readonly string[];
}

/** A Service, as it was seen. */
export interface ServiceRecord extends Told, Identity {
  readonly kind: 'service';
  /** In the cluster, of its load balancers, and external ones. None of a headless Service. */
  readonly ips: readonly string[];
  /** As `443/tcp`. */
  readonly ports: readonly string[];
}

/**
 * What stands behind a Service that no selector of its own leads to: an address, or a host name, as it was seen in an EndpointSlice of
 * somebody else than the controller that follows selectors, or as the `externalName` of a Service.
 */
export interface EndpointRecord extends Told, Identity {
  readonly kind: 'endpoint';
  /** The Service's. */
  readonly name: string;
  /** Of the slice, or of the Service. */
  readonly uid: string;
  readonly address: string;
  /** As `5432/tcp`; any where there is none. */
  readonly ports: readonly string[];
}

/** A node, as it was seen: from its beginning to its end it should have been watched. */
export interface NodeRecord extends Told {
  readonly kind: 'node';
  readonly name: string;
  readonly uid: string;
  /** Since when it is a node of the cluster. */
  readonly since: string;
  /** When it was seen to be one no more. */
  readonly ended?: string;
  readonly ips: readonly string[];
}

/** The end of a picture: since it began, all that was there has been told of. What wasn't told of by then had ended. */
export interface PictureRecord extends Told {
  readonly kind: 'picture';
  readonly began: string;
  /** So many seconds later the next one begins. */
  readonly every: number;
}

/** A namespace that is exempt from our rules by its label, as it was seen: nothing is seen of what is in it. */
export interface ExemptionRecord extends Told {
  readonly kind: 'exemption';
  readonly namespace: string;
  /** The label with its value, as `network=green`. */
  readonly label: string;
  /** Since when, as far as the API server tells. */
  readonly since: string;
  /** The program that set the label, by its own name, such as `kubectl-label`. */
  readonly by?: string;
  /** Until when it was; absent while it is. */
  readonly ended?: string;
}

/** What was where and when in a cluster: a line of the responder's log. */
export type InventoryRecord =
  PodRecord | ServiceRecord | EndpointRecord | NodeRecord | ExemptionRecord | PictureRecord;

/** A record as its line, without the newline. */
export function printInventoryRecord(record: InventoryRecord): string {
  return JSON.stringify({ inventory: INVENTORY_VERSION, ...record });
}
