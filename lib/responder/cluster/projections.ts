import type { DisruptionBudget, Labels, Metadata, NetworkPolicy } from '../../containment';
import { PREFIX } from '../../names';
import type {
  TierPolicy,
  WatchedEndpoints,
  WatchedJob,
  WatchedNamespace,
  WatchedNode,
  WatchedPod,
  WatchedReplicaSet,
  WatchedService,
} from './cluster';
import type { Observed } from './store';

/** Cuts an object of the API server down to what is read of its kind; `undefined` for what is no object. */
export type Projection<T> = (raw: unknown) => Observed<T> | undefined;

/**
 * What is read of JSON from the API server, of fields of which its own schema says the type. A field that is absent is absent
 * in what is kept: no null, and no empty map, stands for it.
 */
interface RawObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: RawMetadata;
  readonly spec?: unknown;
  readonly specs?: unknown;
  readonly status?: unknown;
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[] | null;
  readonly ports?: readonly { readonly port?: number | null; readonly protocol?: string }[] | null;
}

interface RawMetadata extends Metadata {
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: NonNullable<WatchedPod['metadata']>['ownerReferences'];
  readonly managedFields?: readonly (LabelManager & {
    readonly fieldsV1?: { readonly 'f:endpoints'?: unknown };
  })[];
}

type LabelManager = NonNullable<NonNullable<WatchedNamespace['metadata']>['managedFields']>[number];

/** A Pod's status, as far as it is read. */
interface RawPodStatus extends Omit<NonNullable<WatchedPod['status']>, 'conditions' | 'containerStatuses'> {
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly lastTransitionTime?: string;
  }[];
  readonly containerStatuses?: readonly RawContainerStatus[];
}

type RawContainerStatus = ContainerStatuses[number] & {
  readonly state?: { readonly terminated?: { readonly finishedAt?: string } };
};

interface RawNodeStatus {
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
}

interface RawServiceStatus {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
}

type ContainerStatuses = NonNullable<NonNullable<WatchedPod['status']>['containerStatuses']>;

/** Facts: EndpointSlice; the Multi-Cluster Services API. */
const SERVICE_LABELS = ['multicluster.kubernetes.io/service-name', 'kubernetes.io/service-name'];

const NONE: Labels = Object.freeze({});

export const projectPod = projection<WatchedPod>(({ metadata = {}, spec, status }) => {
  const { hostNetwork, nodeName } = (spec ?? {}) as NonNullable<WatchedPod['spec']>;
  const { creationTimestamp, deletionTimestamp, annotations } = metadata;
  return {
    metadata: {
      ...identity(metadata),
      ...defined({ creationTimestamp, deletionTimestamp, ownerReferences: owners(metadata) }),
      ...defined({ annotations: annotations && ownAnnotations(annotations) }),
    },
    spec: defined({ hostNetwork, nodeName }),
    status: podStatus(status ?? {}),
  };
});

export const projectNamespace = projection<WatchedNamespace>(({ metadata = {} }) => ({
  metadata: {
    ...identity(metadata),
    ...defined({ deletionTimestamp: metadata.deletionTimestamp, managedFields: labelManagers(metadata) }),
  },
}));

export const projectNode = projection<WatchedNode>(({ metadata = {}, status }) => {
  const { name, uid, resourceVersion, creationTimestamp } = metadata;
  const { addresses = [] } = (status ?? {}) as RawNodeStatus;
  return {
    metadata: defined({ name, uid, resourceVersion, creationTimestamp }),
    ips: addresses.filter(({ type }) => type.endsWith('IP')).map(({ address }) => address),
  };
});

export const projectNetworkPolicy = projection<NetworkPolicy>(({ metadata = {}, spec }) => ({
  metadata: identity(metadata),
  ...defined({ spec: spec as NetworkPolicy['spec'] }),
}));

export const projectBudget = projection<DisruptionBudget>(({ metadata = {}, spec, status }) => {
  const { selector } = (spec ?? {}) as NonNullable<DisruptionBudget['spec']>;
  const { disruptionsAllowed } = (status ?? {}) as NonNullable<DisruptionBudget['status']>;
  return {
    metadata: identity(metadata),
    spec: defined({ selector }),
    status: defined({ disruptionsAllowed }),
  };
});

export const projectReplicaSet = projection<WatchedReplicaSet>(({ metadata = {}, spec }) => {
  const { selector } = (spec ?? {}) as NonNullable<WatchedReplicaSet['spec']>;
  return {
    kind: 'ReplicaSet',
    metadata: { ...identity(metadata), ...defined({ ownerReferences: owners(metadata) }) },
    spec: defined({ selector }),
  };
});

export const projectJob = projection<WatchedJob>(({ metadata = {} }) => ({
  metadata: { ...identity(metadata), ...defined({ ownerReferences: owners(metadata) }) },
}));

export const projectService = projection<WatchedService>(({ metadata = {}, spec, status }) => {
  const { selector, clusterIPs, externalIPs, externalName, ports } = (spec ?? {}) as NonNullable<
    WatchedService['spec']
  >;
  const { ingress } = ((status ?? {}) as RawServiceStatus).loadBalancer ?? {};
  const ingressIPs = ingress?.map(({ ip }) => ip).filter((ip) => ip !== undefined);
  return {
    metadata: { ...identity(metadata), ...defined({ creationTimestamp: metadata.creationTimestamp }) },
    spec: defined({
      ...{ selector, clusterIPs, externalIPs, externalName },
      ports: ports?.map(({ port, protocol }) => ({ port, ...(protocol !== undefined && { protocol }) })),
    }),
    ...defined({ ingressIPs }),
  };
});

export const projectEndpoints = projection<WatchedEndpoints>(({ metadata = {}, endpoints, ports }) => ({
  metadata: identity({ ...metadata, labels: undefined }),
  // Of a Service of several clusters the one that stands in each for it has a name that nobody knows.
  service: SERVICE_LABELS.map((label) => metadata.labels?.[label]).find((name) => name !== undefined) ?? '',
  changed: changedAt(metadata),
  // Fact: EndpointSlice, discovery.k8s.io/v1: of the addresses of an endpoint nobody reads any but the first.
  addresses: [...new Set(endpoints?.flatMap(({ addresses = [] }) => addresses.slice(0, 1)))],
  ports: portsOf(ports ?? []),
}));

/** Of a tier's policy all counts that people write. */
export const projectTierPolicy = projection<TierPolicy>(
  ({ apiVersion, kind, metadata = {}, spec, specs }) => ({
    ...defined({ apiVersion, kind }),
    metadata: identity(metadata),
    ...defined({ spec, specs }),
  }),
);

function projection<T>(project: (raw: RawObject) => T): Projection<T> {
  return (raw) => {
    if (typeof raw !== 'object' || raw === null) return undefined;
    const { metadata } = raw as RawObject;
    if (metadata?.name === undefined || metadata.resourceVersion === undefined) return undefined;
    return {
      key: { namespace: metadata.namespace ?? '', name: metadata.name },
      uid: metadata.uid ?? '',
      version: metadata.resourceVersion,
      object: project(raw),
    };
  };
}

function identity({ name, namespace, uid, resourceVersion, labels }: RawMetadata): Metadata {
  return defined({ name, namespace, uid, resourceVersion, labels });
}

/** Its generation counts what was changed of it but for labels; who has written its endpoints, has done so when this tells. */
function changedAt({ generation, creationTimestamp = '', managedFields = [] }: RawMetadata): string {
  if (generation === 1) return creationTimestamp;
  const written = managedFields.filter(({ fieldsV1 }) => fieldsV1?.['f:endpoints'] !== undefined);
  const times = written.map(({ time }) => time).filter((time) => time !== undefined);
  return times.sort().at(-1) ?? creationTimestamp;
}

/** A port without a number stands for all. */
function portsOf(ports: NonNullable<RawObject['ports']>): readonly string[] {
  const told = ports.map(({ port, protocol = 'TCP' }) => port != null && `${port}/${protocol.toLowerCase()}`);
  const known = told.filter((port) => port !== false);
  return known.length < told.length ? [] : known;
}

function labelManagers({ managedFields }: RawMetadata): RawMetadata['managedFields'] {
  return managedFields?.flatMap(({ manager, time, fieldsV1 }) => {
    const labels = fieldsV1?.['f:metadata']?.['f:labels'];
    if (labels === undefined) return [];
    return [{ ...defined({ manager, time }), fieldsV1: { 'f:metadata': { 'f:labels': labels } } }];
  });
}

function owners({ ownerReferences }: RawMetadata): RawMetadata['ownerReferences'] {
  return ownerReferences?.map(({ uid, kind, name, controller }) => ({
    ...{ uid, kind, name },
    ...(controller !== undefined && { controller }),
  }));
}

/** An object whose annotations are all of others keeps an empty map: a patch must not take it for one that has none. */
function ownAnnotations(annotations: Labels): Labels {
  const own = Object.entries(annotations).filter(([key]) => key.startsWith(`${PREFIX}/`));
  return own.length === 0 ? NONE : Object.fromEntries(own);
}

function podStatus(status: RawPodStatus): NonNullable<WatchedPod['status']> {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const sandbox = status.conditions?.find(({ type }) => type === 'PodReadyToStartContainers');
  return defined({
    phase: status.phase,
    podIPs: status.podIPs?.map(({ ip }) => ({ ip })),
    startTime: status.startTime,
    sandbox: sandbox && {
      status: sandbox.status,
      ...defined({ lastTransitionTime: sandbox.lastTransitionTime }),
    },
    finishedAt: finishedAt(status.containerStatuses),
    conditions: ready && [{ type: 'Ready', status: ready.status }],
    containerStatuses: containers(status.containerStatuses),
    initContainerStatuses: containers(status.initContainerStatuses),
    ephemeralContainerStatuses: containers(status.ephemeralContainerStatuses),
  });
}

/** When the last of the containers ended; `undefined` while one may still run. All these times are of one form. */
function finishedAt(statuses: readonly RawContainerStatus[] | undefined): string | undefined {
  const times = statuses?.map(({ state }) => state?.terminated?.finishedAt ?? undefined) ?? [];
  const ended = times.filter((time) => time !== undefined);
  return ended.length < times.length ? undefined : ended.sort().at(-1);
}

function containers(statuses: ContainerStatuses | undefined): ContainerStatuses | undefined {
  return statuses?.map(({ containerID, lastState }) => {
    const before = lastState?.terminated?.containerID;
    return defined({
      containerID,
      lastState: before === undefined ? undefined : { terminated: { containerID: before } },
    });
  });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the keys whose value is `undefined`. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
