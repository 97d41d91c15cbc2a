import type { NetworkPolicy, PatchOperation } from '../../../lib/containment';
import { ClusterError } from '../../../lib/program/cluster-error';
import type {
  ClusterState,
  ClusterWrites,
  EventToWrite,
  ObjectKey,
  TierKind,
  TierPolicy,
  WatchedNamespace,
  WatchedPod,
} from '../../../lib/responder/cluster/cluster';
import type { DenyTier } from '../../../lib/containment';
import { ObjectStore } from '../../../lib/responder/cluster/store';

/** A Pod as a test says it. */
type PodParts = Partial<Omit<WatchedPod, 'metadata'>> & { readonly metadata?: WatchedPod['metadata'] };

/** Something that the API server answers instead of doing what is asked. */
export const answer = (status: number): ClusterError =>
  new ClusterError('API_REFUSED', `the API server answered ${status}`, status >= 500, status);

/** A cluster in memory: writes change it, and its watches tell at once, unless a test keeps something from them. */
export class MemoryCluster implements ClusterWrites {
  /** As the API server has them, which watches may not know yet. */
  private readonly pods = new Map<string, WatchedPod>();
  private readonly stores = {
    pods: new ObjectStore<WatchedPod>(),
    networkPolicies: new ObjectStore<NetworkPolicy>(),
    namespaces: new ObjectStore<WatchedNamespace>(),
    tiers: new ObjectStore<TierPolicy>(),
    none: new ObjectStore<never>(),
  };
  private version = 1;
  readonly events: EventToWrite[] = [];
  readonly configMaps = new Set<string>();
  /** Writes so far, in their order, by name. */
  readonly written: string[] = [];
  /** What calls are answered, by name; others do what they are asked to. */
  readonly refusing: { [K in keyof ClusterWrites]?: () => ClusterError | undefined } = {};
  readonly served = new Set<DenyTier>();
  /** What the watches of tiers have not told yet, where a test keeps it from them. */
  unseen: (() => void)[] | undefined;

  get state(): ClusterState {
    const { pods, networkPolicies, namespaces, tiers, none } = this.stores;
    return {
      ...{
        pods,
        networkPolicies,
        namespaces,
        budgets: none,
        replicaSets: none,
        services: none,
        jobs: none,
        nodes: none,
        endpoints: none,
      },
      tier: (kind: TierKind) => (kind === 'ciliumClusterwideNetworkPolicies' ? tiers : none),
      denyTiers: () => this.served,
      synced: () => Promise.resolve(),
      staleness: () => 0,
    };
  }

  /** Creates a Pod, or changes it; `unseen` by the watch. */
  setPod({ namespace, name }: ObjectKey, parts: PodParts = {}, unseen = false): WatchedPod {
    const own = { namespace, name, uid: `uid-of-${name}`, creationTimestamp: '2026-11-22T09:00:00Z' };
    const metadata = { ...own, labels: {}, annotations: {}, ...parts.metadata };
    const pod = { ...parts, metadata: { ...metadata, resourceVersion: String(++this.version) } };
    this.pods.set(`${namespace}/${name}`, pod);
    if (!unseen) this.see(pod);
    return pod;
  }

  /** The watch tells of what it has not told yet. */
  show(key: ObjectKey): void {
    this.see(this.pod(key));
  }

  /** The Pod as the API server has it. */
  pod({ namespace, name }: ObjectKey): WatchedPod {
    const pod = this.pods.get(`${namespace}/${name}`);
    if (pod === undefined) throw answer(404);
    return pod;
  }

  /** The Pod is gone, and the watch tells so. */
  removePod(key: ObjectKey): void {
    const pod = this.pod(key);
    this.pods.delete(`${key.namespace}/${key.name}`);
    this.stores.pods.apply({ ...this.observed(key, key.name, pod), type: 'gone' });
  }

  setNamespace(name: string, metadata: WatchedNamespace['metadata'] = {}): void {
    const object = { metadata: { name, ...metadata } };
    this.stores.namespaces.apply({ ...this.observed({ namespace: '', name }, name, object), type: 'set' });
  }

  setPolicy(policy: NetworkPolicy): void {
    const { namespace = '', name = '' } = policy.metadata ?? {};
    const object = { ...policy, metadata: { uid: `uid-of-${name}`, ...policy.metadata } };
    this.stores.networkPolicies.apply({ ...this.observed({ namespace, name }, name, object), type: 'set' });
  }

  patchPod(key: ObjectKey, patch: readonly PatchOperation[]): Promise<WatchedPod> {
    return this.write('patchPod', () => {
      const { metadata = {}, ...rest } = this.pod(key);
      return this.setPod(key, { ...rest, metadata: patched(metadata, patch) });
    });
  }

  getPod(key: ObjectKey): Promise<WatchedPod | undefined> {
    return this.write('getPod', () => {
      const pod = this.pods.get(`${key.namespace}/${key.name}`);
      if (pod !== undefined) this.see(pod);
      return pod;
    });
  }

  getWholePod(key: ObjectKey): Promise<object | undefined> {
    return this.write('getWholePod', () => this.pods.get(`${key.namespace}/${key.name}`));
  }

  applyNetworkPolicy(policy: object & { readonly metadata: ObjectKey }): Promise<boolean> {
    return this.write('applyNetworkPolicy', () => {
      const { metadata } =
        this.stores.namespaces.get({ namespace: '', name: policy.metadata.namespace }) ?? {};
      if (metadata?.deletionTimestamp !== undefined) return false;
      this.setPolicy(policy);
      return true;
    });
  }

  applyDenyPolicy(_: DenyTier, policy: object): Promise<void> {
    return this.write('applyDenyPolicy', () => {
      const object = policy as TierPolicy;
      const key = { namespace: '', name: object.metadata?.name ?? '' };
      const show = (): void => {
        this.stores.tiers.apply({ ...this.observed(key, key.name, object), type: 'set' });
      };
      if (this.unseen === undefined) show();
      else this.unseen.push(show);
    });
  }

  writeEvent(event: EventToWrite): Promise<'new' | 'there'> {
    return this.write('writeEvent', () => {
      if (this.events.some(({ name }) => name === event.name)) return 'there';
      this.events.push(event);
      return 'new';
    });
  }

  deletePod({ namespace, name }: ObjectKey): Promise<void> {
    return this.write('deletePod', () => void this.pods.delete(`${namespace}/${name}`));
  }

  evictPod = (): Promise<void> => this.write('evictPod', () => undefined);
  deleteNetworkPolicy = (): Promise<void> => this.write('deleteNetworkPolicy', () => undefined);
  deleteDenyPolicy = (): Promise<void> => this.write('deleteDenyPolicy', () => undefined);
  writeConfigMap = ({ name }: ObjectKey): Promise<void> =>
    this.write('writeConfigMap', () => void this.configMaps.add(name));

  private async write<T>(name: keyof ClusterWrites, work: () => T): Promise<T> {
    await Promise.resolve();
    this.written.push(name);
    const refused = this.refusing[name]?.();
    if (refused !== undefined) throw refused;
    return work();
  }

  private see(pod: WatchedPod): void {
    const { namespace = '', name = '', uid = '', resourceVersion = '' } = pod.metadata ?? {};
    this.stores.pods.apply({
      ...{ key: { namespace, name }, uid, version: resourceVersion, object: pod },
      type: 'set',
    });
  }

  private observed<T>(key: ObjectKey, uid: string, object: T) {
    return { key, uid, version: String(++this.version), object };
  }
}

type Metadata = NonNullable<WatchedPod['metadata']>;

/** What a JSON Patch of labels and annotations makes of them; 422 where one of its tests fails. */
function patched(metadata: Metadata, patch: readonly PatchOperation[]): Metadata {
  const maps = { labels: { ...metadata.labels }, annotations: { ...metadata.annotations } };
  for (const operation of patch) {
    const [, , map = '', escaped = ''] = operation.path.split('/');
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    if (map !== 'labels' && map !== 'annotations') {
      if (operation.op === 'test' && metadata[map as 'uid'] !== operation.value) throw answer(422);
      continue;
    }
    if (operation.op === 'test' && (maps[map][key] ?? null) !== operation.value) throw answer(422);
    if (operation.op === 'add') maps[map][key] = String(operation.value);
    if (operation.op === 'remove')
      maps[map] = Object.fromEntries(Object.entries(maps[map]).filter(([each]) => each !== key));
  }
  return { ...metadata, ...maps };
}
