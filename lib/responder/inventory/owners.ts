import type { Pod } from '../../containment';
import type { ClusterState, WatchedPod } from '../cluster/cluster';

type Owned = { readonly metadata?: Pod['metadata'] } | undefined;

/** What a Pod belongs to, from its controller upwards, as far as it is known: `ReplicaSet/nginx-6799fc88d8`, `Deployment/nginx`. */
export function ownersOf(
  pod: WatchedPod,
  { replicaSets, jobs }: Pick<ClusterState, 'replicaSets' | 'jobs'>,
): readonly string[] {
  const owner = controller(pod);
  if (owner === undefined) return [];
  const key = { namespace: pod.metadata?.namespace ?? '', name: owner.name };
  const above = controller(
    owner.kind === 'ReplicaSet' ? replicaSets.get(key) : owner.kind === 'Job' ? jobs.get(key) : undefined,
  );
  return [owner, ...(above === undefined ? [] : [above])].map(({ kind, name }) => `${kind}/${name}`);
}

function controller(owned: Owned) {
  return owned?.metadata?.ownerReferences?.find((each) => each.controller === true);
}
