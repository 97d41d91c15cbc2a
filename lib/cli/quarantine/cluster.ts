import {
  cutOf,
  residualEgress,
  type Labels,
  type Metadata,
  type NetworkPolicy,
  type Pod,
  type QuarantineVerdict,
  type TierPolicies,
} from '../../containment';
import { QUARANTINE_POLICY } from '../../names';
import { ClusterError } from '../../program/cluster-error';
import { monotonicClock } from '../../responder/clock';
import { AccessSource } from '../../responder/cluster/access';
import { ApiClient } from '../../responder/cluster/api-client';
import type {
  ClusterWrites,
  ObjectKey,
  TierKind,
  TierPolicy,
  WatchedPod,
} from '../../responder/cluster/cluster';
import { listAll } from '../../responder/cluster/list-all';
import { projectNetworkPolicy, projectPod, projectTierPolicy } from '../../responder/cluster/projections';
import { quarantinedPods } from '../../responder/cluster/quarantined-pods';
import { CORE, objectPath } from '../../responder/cluster/resource';
import { TierDiscovery } from '../../responder/cluster/tier-discovery';
import { clusterWrites } from '../../responder/cluster/writes';
import { removeDenyPolicies } from '../../responder/uninstall/remove-deny-policies';
import { kubeconfigOf, type ClusterOptions } from '../kubeconfig';

const TIMEOUT = 30_000;
/** Names, labels and annotations alone: of all Pods of a large cluster the rest would be a hundred times as much. */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** What a Pod is judged by. */
interface Judged {
  readonly policies: readonly NetworkPolicy[];
  readonly namespaceLabels: Labels;
}

/** The cluster, as the commands on quarantines ask it. Each object is of one run of a command. */
export class QuarantineCluster {
  readonly writes: ClusterWrites;
  private readonly client: ApiClient;
  private readonly discovery: TierDiscovery;
  private readonly namespaces = new Map<string, Promise<Judged>>();
  private tiers: Promise<ReadonlyMap<TierKind, readonly TierPolicy[]>> | undefined;
  /** Kinds of policies that may not be read. */
  private readonly unread = new Set<string>();

  constructor(options: ClusterOptions) {
    this.client = new ApiClient(new AccessSource(() => kubeconfigOf(options), monotonicClock), {
      timeout: TIMEOUT,
    });
    this.discovery = new TierDiscovery(this.client);
    this.writes = clusterWrites({ client: this.client, tiers: this.discovery, states: new Set() });
  }

  /** The name by which the API server knows whoever asks. */
  async me(): Promise<string> {
    const version = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const review = (await this.client.json({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: version,
      doing: 'ask who you are',
    })) as { readonly status?: { readonly userInfo?: { readonly username?: string } } };
    return review.status?.userInfo?.username ?? 'unknown';
  }

  /** Every Pod with the quarantine label, whole enough to be judged and released. */
  quarantined(namespace?: string): Promise<WatchedPod[]> {
    return quarantinedPods(this.client, namespace);
  }

  /** Every Pod, by its metadata alone: what waits for a person stands in an annotation. */
  everyPod(namespace?: string): Promise<WatchedPod[]> {
    return listAll(this.client, CORE.pods, projectPod, {
      ...(namespace !== undefined && { namespace }),
      accept: METADATA_ONLY,
    });
  }

  /** The standing policy of a namespace, as it is now. */
  async standingPolicy(namespace: string): Promise<NetworkPolicy | undefined> {
    const key = { namespace, name: QUARANTINE_POLICY };
    try {
      const raw = await this.client.json({
        method: 'GET',
        path: objectPath(CORE.networkPolicies, key),
        doing: `get NetworkPolicy ${namespace}/${QUARANTINE_POLICY}`,
      });
      return projectNetworkPolicy(raw)?.object;
    } catch (error) {
      if (error instanceof ClusterError && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * Takes our policies of all tiers away.
   *
   * @returns which may not be, in a line
   */
  async removeDenyPolicies(): Promise<string | undefined> {
    try {
      await removeDenyPolicies(this.client, this.discovery, this.writes);
      return undefined;
    } catch (error) {
      if (!(error instanceof ClusterError) || error.status !== 403) throw error;
      return `a policy of a tier may have stayed, which holds nobody now: ${error.message}`;
    }
  }

  /** Whether a Pod is cut off, by all policies that there are now; and how it would be with further labels and policies. */
  async verdict(
    pod: Pod,
    {
      labels = {},
      policies = [],
    }: { readonly labels?: Labels; readonly policies?: readonly NetworkPolicy[] } = {},
  ): Promise<QuarantineVerdict> {
    const { metadata = {}, spec } = pod;
    const namespace = metadata.namespace ?? '';
    const judged = await this.judgedBy(namespace);
    const given = policies.map(({ metadata: own }) => own?.name);
    const all = [...judged.policies.filter(({ metadata: own }) => !given.includes(own?.name)), ...policies];
    const standing = all.find(({ metadata: own }) => own?.name === QUARANTINE_POLICY);
    return residualEgress(
      {
        namespace,
        namespaceLabels: judged.namespaceLabels,
        labels: { ...metadata.labels, ...labels },
        hostNetwork: spec?.hostNetwork === true,
      },
      all,
      await this.tierPolicies(namespace),
      standing === undefined ? {} : cutOf(standing),
    );
  }

  /** What verdicts leave out, in a line; `undefined` where they leave out nothing. */
  get blindness(): string | undefined {
    const kinds = [...this.unread].sort().join(', ');
    return kinds === ''
      ? undefined
      : `you may not read ${kinds}: the verdict knows nothing of these policies`;
  }

  private judgedBy(namespace: string): Promise<Judged> {
    const known = this.namespaces.get(namespace) ?? this.readNamespace(namespace);
    this.namespaces.set(namespace, known);
    return known;
  }

  private async readNamespace(namespace: string): Promise<Judged> {
    const path = objectPath(CORE.namespaces, { namespace: '', name: namespace });
    const [policies, raw] = await Promise.all([
      listAll(this.client, CORE.networkPolicies, projectNetworkPolicy, { namespace }),
      this.client.ask({ method: 'GET', path, doing: `get Namespace ${namespace}` }),
    ]);
    // Its labels count in tiers only, and its name is one of them.
    const name = { 'kubernetes.io/metadata.name': namespace };
    const found = raw.status === 200 ? (JSON.parse(raw.text) as { metadata?: { labels?: Labels } }) : {};
    return { policies, namespaceLabels: { ...found.metadata?.labels, ...name } };
  }

  private async tierPolicies(namespace: string): Promise<TierPolicies> {
    this.tiers ??= this.readTiers();
    const tiers = await this.tiers;
    const all = (kind: TierKind): readonly TierPolicy[] => tiers.get(kind) ?? [];
    const own = (kind: TierKind): readonly TierPolicy[] =>
      all(kind).filter(({ metadata }: { readonly metadata?: Metadata }) => metadata?.namespace === namespace);
    return {
      clusterNetworkPolicies: all('clusterNetworkPolicies'),
      adminNetworkPolicies: all('adminNetworkPolicies'),
      baselineAdminNetworkPolicies: all('baselineAdminNetworkPolicies'),
      ciliumPolicies: [...all('ciliumClusterwideNetworkPolicies'), ...own('ciliumNetworkPolicies')],
      calicoPolicies: [...all('calicoGlobalNetworkPolicies'), ...own('calicoNetworkPolicies')],
      calicoTiers: all('calicoTiers'),
    };
  }

  private async readTiers(): Promise<ReadonlyMap<TierKind, readonly TierPolicy[]>> {
    await this.discovery.refresh();
    type Read = readonly [TierKind, readonly TierPolicy[]];
    const read = [...this.discovery.served].map(async ([kind, resource]): Promise<Read> => {
      try {
        return [kind, await listAll(this.client, resource, projectTierPolicy)];
      } catch (error) {
        if (!(error instanceof ClusterError) || error.status !== 403) throw error;
        this.unread.add(`${resource.name}.${resource.group}`);
        return [kind, []];
      }
    });
    return new Map(await Promise.all(read));
  }
}

/** A Pod's key. */
export function keyOf({ metadata = {} }: Pod): ObjectKey {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}
