import type {
  DenyTier,
  DisruptionBudget,
  Labels,
  NetworkPolicy,
  PatchOperation,
  Pod,
} from '../../containment';
import type { Metadata, Owner, Selecting } from '../../containment';
import type { Readiness } from '../readiness';
import type { Reviewer } from '../token-review';

/** Which object of a namespace is meant. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

/** What has become of an object; `before` is absent for one that is new, `after` for one that is gone. */
export interface Change<T> {
  readonly key: ObjectKey;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** Objects of one kind as the API server last told us of them, cut down to what is read. */
export interface Store<T> {
  get(key: ObjectKey): T | undefined;
  /** All, or those of one namespace. */
  list(namespace?: string): readonly T[];
  /** Told of each change from now on, after the store has it; returns how to end that. */
  subscribe(listener: (change: Change<T>) => void): () => void;
}

/** A Pod as it is kept: cut down to what a quarantine reads; of its annotations those of our own. */
export interface WatchedPod extends Pod {
  readonly metadata?: NonNullable<Pod['metadata']> & { readonly deletionTimestamp?: string };
  readonly spec?: { readonly hostNetwork?: boolean; readonly nodeName?: string };
  readonly status?: NonNullable<Pod['status']> & PodTimes;
}

/** Where a Pod is, and since when: for the inventory. */
interface PodTimes {
  readonly podIPs?: readonly { readonly ip: string }[];
  /** When its node began with it; its addresses come later. */
  readonly startTime?: string;
  /** Whether it has addresses of its own (the condition `PodReadyToStartContainers`), and since when it has been so. */
  readonly sandbox?: { readonly status: string; readonly lastTransitionTime?: string };
  /** When the last of its containers ended, where all have. */
  readonly finishedAt?: string;
}

/** A ReplicaSet, with what owns it. */
export interface WatchedReplicaSet extends Owner {
  readonly metadata?: Pod['metadata'];
}

/** A Service, with what selects its Pods and where it is reached. */
export type WatchedService = NonNullable<Selecting['services']>[number] & {
  readonly metadata?: Metadata & { readonly creationTimestamp?: string };
  readonly spec?: {
    readonly clusterIPs?: readonly string[];
    readonly externalIPs?: readonly string[];
    /** Of a Service that is no more than another name. */
    readonly externalName?: string;
    readonly ports?: readonly { readonly port: number; readonly protocol?: string }[];
  };
  /** Of its load balancers. */
  readonly ingressIPs?: readonly string[];
};

/** An EndpointSlice, as far as it tells where its Service leads to. */
export interface WatchedEndpoints {
  readonly metadata?: Metadata;
  /** The name of its Service; empty where it has none. */
  readonly service: string;
  /** When it was last changed, as far as the API server tells. */
  readonly changed: string;
  /** Each once; host names in a slice of such. */
  readonly addresses: readonly string[];
  /** As `5432/tcp`; any where there is none. */
  readonly ports: readonly string[];
}

/** A Job, with what owns it. */
export interface WatchedJob {
  readonly metadata?: Pod['metadata'];
}

/** A Node, with the addresses that are its own. */
export interface WatchedNode {
  readonly metadata?: Metadata & { readonly creationTimestamp?: string };
  readonly ips: readonly string[];
}

/** A Namespace. */
export interface WatchedNamespace {
  readonly metadata?: {
    readonly name?: string;
    readonly resourceVersion?: string;
    readonly labels?: Labels;
    readonly deletionTimestamp?: string;
    readonly managedFields?: readonly LabelManager[];
  };
}

/** Who has set which labels, as the API server keeps it. Fact: metav1.ManagedFieldsEntry, FieldsV1. */
interface LabelManager {
  readonly manager?: string;
  readonly time?: string;
  readonly fieldsV1?: { readonly 'f:metadata'?: { readonly 'f:labels'?: Readonly<Record<string, unknown>> } };
}

/** A policy of a tier as the API server has it, whatever its kind says. */
export type TierPolicy = Readonly<Record<string, unknown>> & { readonly metadata?: Metadata };

/** Kinds of tier policies that are watched where the cluster has them. */
export type TierKind =
  | 'clusterNetworkPolicies'
  | 'adminNetworkPolicies'
  | 'baselineAdminNetworkPolicies'
  | 'ciliumClusterwideNetworkPolicies'
  | 'ciliumNetworkPolicies'
  | 'calicoGlobalNetworkPolicies'
  | 'calicoNetworkPolicies'
  | 'calicoTiers';

/** What the cluster is, as far as watches tell. */
export interface ClusterState {
  readonly pods: Store<WatchedPod>;
  readonly networkPolicies: Store<NetworkPolicy>;
  /** Keyed by name alone: their key's namespace is empty. */
  readonly namespaces: Store<WatchedNamespace>;
  readonly budgets: Store<DisruptionBudget>;
  /** ReplicaSets: the way from a Pod to its Deployment. */
  readonly replicaSets: Store<WatchedReplicaSet>;
  readonly services: Store<WatchedService>;
  /** EndpointSlices that no selector of a Service makes; empty unless the inventory is told. */
  readonly endpoints: Store<WatchedEndpoints>;
  /** Jobs: the way from a Pod to its CronJob; empty unless the inventory is told. */
  readonly jobs: Store<WatchedJob>;
  /** Keyed by name alone; empty unless the inventory is told. */
  readonly nodes: Store<WatchedNode>;
  /** Policies of a tier; empty where the cluster has no such kind. */
  tier(kind: TierKind): Store<TierPolicy>;
  /** Tiers that the cluster serves, by discovery that is repeated. */
  denyTiers(): ReadonlySet<DenyTier>;
  /** Resolves once every store has been filled for the first time. */
  synced(): Promise<void>;
  /** How long ago each watch last heard of the API server at all, in milliseconds: the greatest; for readiness and metrics. */
  staleness(): number;
}

/** An Event to be written, core/v1. The name makes it idempotent. */
export interface EventToWrite {
  readonly namespace: string;
  readonly name: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  /** At most 1024 characters. */
  readonly message: string;
  readonly regarding: {
    readonly kind: 'Pod' | 'Namespace' | 'NetworkPolicy';
    readonly apiVersion: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid?: string;
  };
  readonly time: Date;
}

/**
 * What is written. Each call ends within its time, throws a {@link ClusterError} (with `status` where the API server has
 * answered, and `passing`), and may be repeated: nothing is done twice.
 */
export interface ClusterWrites {
  /** JSON Patch; 404 and a failed `test` (422) are errors with their status. */
  patchPod(key: ObjectKey, patch: readonly PatchOperation[]): Promise<WatchedPod>;
  /** The Pod as it is now, past every cache; `undefined` where there is none. */
  getPod(key: ObjectKey): Promise<WatchedPod | undefined>;
  /** The whole object, for a snapshot. */
  getWholePod(key: ObjectKey): Promise<object | undefined>;
  /**
   * Server-side apply as {@link RESPONDER_FIELD_MANAGER}.
   *
   * @param own the UID of the object, where it is known to be ours: what others have changed of it is changed back. Without,
   * nothing that is there is taken over.
   * @returns whether it is there; not where its namespace is being deleted, in which nothing can be made any more
   */
  applyNetworkPolicy(policy: object & { readonly metadata: ObjectKey }, own?: string): Promise<boolean>;
  /** Deletes it if it still has that UID; one that is gone is fine. */
  deleteNetworkPolicy(key: ObjectKey, uid: string): Promise<void>;
  /** The same for the policy of a tier. */
  applyDenyPolicy(tier: DenyTier, policy: object, own?: string): Promise<void>;
  deleteDenyPolicy(tier: DenyTier, name: string, uid: string): Promise<void>;
  /** Creates it; `there` where there is one of that name already, `nowhere` where its namespace is gone, or going. */
  writeEvent(event: EventToWrite): Promise<'new' | 'there' | 'nowhere'>;
  /** Eviction with the UID as a precondition; 429 where a budget forbids it. */
  evictPod(key: ObjectKey, uid: string): Promise<void>;
  deletePod(key: ObjectKey, uid: string): Promise<void>;
  /** Creates a ConfigMap in our own namespace, where we may do no more: one of that name that is there already stays as it is. */
  writeConfigMap(key: ObjectKey, data: Readonly<Record<string, string>>, labels: Labels): Promise<void>;
}

/** Kinds that are watched only for those who need them: each needs a right of its own. */
export interface AlsoWatched {
  /** Jobs, Nodes and EndpointSlices, of which the inventory tells. @default false */
  readonly inventory?: boolean;
}

/** All that the responder asks of the cluster. */
export interface Cluster extends ClusterWrites {
  /** Whose token it is. Needs the right to create TokenReviews. */
  readonly review: Reviewer;
  /** Whether the API server says that it is ready, with its storage. */
  readonly readiness: () => Promise<Readiness>;
  /** Begins to watch; ends with the signal. */
  watch(signal: AbortSignal, also?: AlsoWatched): ClusterState;
}
