import type { ClusterState } from '../advise/cluster-state';
import { isNamed, type Wanted } from '../advise/observations';
import { workloadName, type Workloads } from '../advise/workloads';
import { nearest } from '../schema/nearest';

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
