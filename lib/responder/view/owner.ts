import type { Store, WatchedPod, WatchedReplicaSet } from '../cluster/cluster';

/** What a Pod belongs to, as people call it: `Deployment/nginx`; `undefined` for a Pod of its own. */
export function ownerOf(pod: WatchedPod, replicaSets: Store<WatchedReplicaSet>): string | undefined {
  const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  if (owner.kind !== 'ReplicaSet') return `${owner.kind}/${owner.name}`;
  const set = replicaSets.get({ namespace: pod.metadata?.namespace ?? '', name: owner.name });
  const above = set?.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  return above === undefined ? `ReplicaSet/${owner.name}` : `${above.kind}/${above.name}`;
}
