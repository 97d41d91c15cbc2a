import { clusterState } from '../../advise/cluster-state';
import { ClusterError } from '../../program/cluster-error';
import { monotonicClock } from '../../responder/clock';
import { AccessSource } from '../../responder/cluster/access';
import { ApiClient } from '../../responder/cluster/api-client';
import { listAll } from '../../responder/cluster/list-all';
import { CORE, type Resource } from '../../responder/cluster/resource';
import { isJsonObject } from '../../rules/recorded/json-value';
import type { KnownCluster } from './cluster';
import { kubeconfigOf, type ClusterOptions } from '../kubeconfig';

const TIMEOUT = 60_000;

const apps = (name: string): Resource => ({ group: 'apps', version: 'v1', name });
const batch = (name: string): Resource => ({ group: 'batch', version: 'v1', name });

/** Kinds that are read. Without the first nothing can be advised; without the others only less is known. */
const KINDS: readonly (readonly [kind: string, resource: Resource, isNeeded: boolean])[] = [
  ['Pod', CORE.pods, true],
  ['NetworkPolicy', CORE.networkPolicies, true],
  ['Service', CORE.services, true],
  ['Namespace', CORE.namespaces, false],
  ['Node', { group: '', version: 'v1', name: 'nodes' }, false],
  ['EndpointSlice', CORE.endpointSlices, false],
  ['Deployment', apps('deployments'), false],
  ['StatefulSet', apps('statefulsets'), false],
  ['DaemonSet', apps('daemonsets'), false],
  ['ReplicaSet', apps('replicasets'), false],
  ['Job', batch('jobs'), false],
  ['CronJob', batch('cronjobs'), false],
];

/**
 * The state of the cluster that kubectl would ask, as it is now. Who may not read all of it gets what can be read.
 *
 * @param namespaces to read where not all may be read
 */
export async function askedCluster(
  options: ClusterOptions,
  namespaces: readonly string[],
): Promise<KnownCluster> {
  const client = new ApiClient(new AccessSource(() => kubeconfigOf(options), monotonicClock), {
    timeout: TIMEOUT,
  });
  const remarks: string[] = [];
  const objects: object[] = [];
  for (const [kind, resource, isNeeded] of KINDS) {
    try {
      objects.push(...(await listed(client, kind, resource)));
    } catch (error) {
      if (!isForbidden(error)) throw error;
      const isNamespaced = kind !== 'Namespace' && kind !== 'Node';
      if (isNeeded && namespaces.length === 0) throw error;
      remarks.push(
        `you may not read all ${resource.name}: nothing is known of ${isNeeded ? 'those of other namespaces' : 'them'}`,
      );
      if (!isNeeded || !isNamespaced) continue;
      for (const namespace of namespaces) objects.push(...(await listed(client, kind, resource, namespace)));
    }
  }
  return { state: clusterState(objects), remarks };
}

function listed(
  client: ApiClient,
  kind: string,
  resource: Resource,
  namespace?: string,
): Promise<readonly object[]> {
  // Objects of a list don't say their kind.
  const project = (raw: unknown) =>
    isJsonObject(raw)
      ? { key: { namespace: '', name: '' }, uid: '', version: '', object: { kind, ...raw } }
      : undefined;
  return listAll(client, resource, project, { ...(namespace !== undefined && { namespace }) });
}

function isForbidden(error: unknown): boolean {
  return error instanceof ClusterError && (error.status === 403 || error.status === 404);
}
