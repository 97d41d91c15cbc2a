import type { Cluster, ClusterState, Store } from '../../lib/responder/cluster/cluster';
import type { Readiness } from '../../lib/responder/readiness';

const emptyStore: Store<never> = { get: () => undefined, list: () => [], subscribe: () => () => undefined };

/**
 * A cluster without any object, for what has to do with no Pod: nothing may be written to it. What acts on Pods is tested on a
 * real API server.
 */
export function emptyCluster(readiness: () => Readiness, synced: Promise<void> = Promise.resolve()): Cluster {
  const refuse = (): Promise<never> => Promise.reject(new Error('nothing should be written'));
  const state: ClusterState = {
    pods: emptyStore,
    networkPolicies: emptyStore,
    namespaces: emptyStore,
    budgets: emptyStore,
    replicaSets: emptyStore,
    services: emptyStore,
    jobs: emptyStore,
    nodes: emptyStore,
    endpoints: emptyStore,
    tier: () => emptyStore,
    denyTiers: () => new Set(),
    synced: () => synced,
    staleness: () => 0,
  };
  return {
    review: () => Promise.resolve({ user: undefined, node: undefined }),
    readiness: () => Promise.resolve(readiness()),
    watch: () => state,
    getPod: () => Promise.resolve(undefined),
    ...{ patchPod: refuse, getWholePod: refuse, applyNetworkPolicy: refuse, deleteNetworkPolicy: refuse },
    ...{ applyDenyPolicy: refuse, deleteDenyPolicy: refuse, writeEvent: refuse },
    ...{ evictPod: refuse, deletePod: refuse, writeConfigMap: refuse },
  };
}
