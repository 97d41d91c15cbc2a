import type { NetworkPolicy } from '../../containment';
import { messageOf } from '../../program/failure';
import type { Log } from '../../program/log';
import type { Clock } from '../clock';
import type { ApiClient } from './api-client';
import type {
  AlsoWatched,
  ClusterState,
  TierKind,
  TierPolicy,
  WatchedEndpoints,
  WatchedJob,
  WatchedNode,
  WatchedPod,
} from './cluster';
import * as project from './projections';
import { Reflector, type WatchTimes } from './reflector';
import { CORE, type Resource } from './resource';
import { ObjectStore } from './store';
import type { TierDiscovery } from './tier-discovery';
import { TIER_KINDS } from './tier-kinds';
import { followTiers } from './tier-watches';

/**
 * Slices of which no selector tells: those of people, of other controllers, and those that are made of Endpoints. The others are as
 * many as a cluster has Pods, and their Pods are known.
 */
const OTHERS_SLICES = 'endpointslice.kubernetes.io/managed-by!=endpointslice-controller.k8s.io';

/** How a state keeps time. */
export interface StateTimes extends WatchTimes {
  /** How often the cluster is asked which tiers it serves, in milliseconds. */
  readonly discover: number;
}

/** What a state is kept with. */
export interface StateProps {
  readonly client: ApiClient;
  readonly tiers: TierDiscovery;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly times: StateTimes;
}

/** A state that also takes in what our own writes were answered. */
export interface WatchedState extends ClusterState {
  readonly pods: ObjectStore<WatchedPod>;
  readonly networkPolicies: ObjectStore<NetworkPolicy>;
  tier(kind: TierKind): ObjectStore<TierPolicy>;
}

/** Watches the cluster until the signal ends it. */
export function watchCluster(
  props: StateProps,
  signal: AbortSignal,
  { inventory = false }: AlsoWatched = {},
): WatchedState {
  const { log, tiers } = props;
  const core: { readonly filled: Promise<void>; staleness(): number }[] = [];
  const makeStore = <T>(): ObjectStore<T> =>
    new ObjectStore<T>((error) => {
      log('error', 'what follows a change failed', { error: messageOf(error) });
    });
  const follow = <T>(
    resource: Resource,
    projection: project.Projection<T>,
    labelSelector?: string,
  ): ObjectStore<T> => {
    const store = makeStore<T>();
    const reflector = new Reflector({ ...props, resource, labelSelector, project: projection, store });
    core.push(reflector);
    void reflector.run(signal);
    return store;
  };
  const pods = follow(CORE.pods, project.projectPod);
  const networkPolicies = follow(CORE.networkPolicies, project.projectNetworkPolicy);
  const namespaces = follow(CORE.namespaces, project.projectNamespace);
  const budgets = follow(CORE.budgets, project.projectBudget);
  const replicaSets = follow(CORE.replicaSets, project.projectReplicaSet);
  const services = follow(CORE.services, project.projectService);
  const endpoints = inventory
    ? follow(CORE.endpointSlices, project.projectEndpoints, OTHERS_SLICES)
    : makeStore<WatchedEndpoints>();
  const jobs = inventory ? follow(CORE.jobs, project.projectJob) : makeStore<WatchedJob>();
  const nodes = inventory ? follow(CORE.nodes, project.projectNode) : makeStore<WatchedNode>();
  const stores = new Map(TIER_KINDS.map((kind) => [kind, makeStore<TierPolicy>()]));
  const tier = (kind: TierKind): ObjectStore<TierPolicy> => {
    const store = stores.get(kind);
    if (store === undefined) throw new Error(`no kind of tier policies is called ${kind}`);
    return store;
  };
  const tiersTried = followTiers(props, tier, signal);
  // Perhaps nobody waits for it.
  tiersTried.catch(() => undefined);
  return {
    ...{ pods, networkPolicies, namespaces, budgets, replicaSets, services, endpoints, jobs },
    ...{ nodes, tier },
    denyTiers: () => tiers.denyTiers(),
    synced: async () => {
      await Promise.all([tiersTried, ...core.map(({ filled }) => filled)]);
    },
    staleness: () => Math.max(...core.map((each) => each.staleness())),
  };
}
