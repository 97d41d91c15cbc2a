import type { ObjectKey } from './cluster';

/** A kind of objects, as paths name it. */
export interface Resource {
  /** Empty for the core. */
  readonly group: string;
  readonly version: string;
  /** Plural, in small letters. */
  readonly name: string;
}

/** The path of a group's version. */
export function versionPath({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** The path of all objects of a kind, or those of a namespace. */
export function collectionPath(resource: Resource, namespace = ''): string {
  const within = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${versionPath(resource)}${within}/${resource.name}`;
}

/** The path of one object; `namespace` is empty for one of the cluster. */
export function objectPath(resource: Resource, { namespace, name }: ObjectKey): string {
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}

/** Kinds that every cluster has. */
export const CORE = {
  pods: { group: '', version: 'v1', name: 'pods' },
  namespaces: { group: '', version: 'v1', name: 'namespaces' },
  nodes: { group: '', version: 'v1', name: 'nodes' },
  services: { group: '', version: 'v1', name: 'services' },
  endpointSlices: { group: 'discovery.k8s.io', version: 'v1', name: 'endpointslices' },
  networkPolicies: { group: 'networking.k8s.io', version: 'v1', name: 'networkpolicies' },
  budgets: { group: 'policy', version: 'v1', name: 'poddisruptionbudgets' },
  jobs: { group: 'batch', version: 'v1', name: 'jobs' },
  replicaSets: { group: 'apps', version: 'v1', name: 'replicasets' },
} as const satisfies Readonly<Record<string, Resource>>;
