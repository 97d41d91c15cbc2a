import type { ClusterState } from '../../advise/cluster-state';
import { isNamed, type Observations, type Wanted } from '../../advise/observations';
import { workloadName, type Workloads } from '../../advise/workloads';
import { nearest } from '../../schema/nearest';

/** That nothing is of the cluster that the command line names, where there is something of others. */
export function clusterSlips(
  { cluster }: Wanted,
  { isOfWanted, otherClusters }: Observations,
): readonly string[] {
  if (cluster === undefined || isOfWanted || otherClusters.size === 0) return [];
  const known = [...otherClusters].map((name) => name ?? '(none)').sort();
  return [
    `nothing of the history is of cluster ${cluster}, but of ${known.join(', ')}${hint(cluster, known)}`,
  ];
}

/** What the command line names, and what isn't there: a line each. */
export function slipsIn(
  { namespaces, workloads: named = [] }: Wanted,
  { namespaces: labelled }: ClusterState,
  { all }: Workloads,
): readonly string[] {
  const known = new Set([...labelled.keys(), ...all.map(({ namespace }) => namespace)]);
  const asked = all.filter(({ namespace }) => namespaces?.includes(namespace) ?? true);
  const names = asked.flatMap((workload) => [workload.name, workloadName(workload)]);
  const where = namespaces === undefined ? '' : ` in namespace ${namespaces.join(', ')}`;
  return [
    ...(namespaces ?? [])
      .filter((name) => !known.has(name))
      .map((name) => `there is no namespace ${name} in what is known of the cluster${hint(name, known)}`),
    ...named
      .filter((name) => !asked.some((workload) => isNamed(workload, [name])))
      .map((name) => `there is no workload ${name}${where}${hint(name, names)}`),
  ];
}

function hint(name: string, known: Iterable<string>): string {
  const meant = nearest(name, known);
  return meant === undefined ? '' : `; did you mean '${meant}'?`;
}
