import { ClusterError } from '../../program/cluster-error';
import { monotonicClock } from '../../responder/clock';
import { AccessSource } from '../../responder/cluster/access';
import { ApiClient } from '../../responder/cluster/api-client';
import { listAll } from '../../responder/cluster/list-all';
import { projectEndpoints, projectPod, projectService } from '../../responder/cluster/projections';
import { CORE, objectPath } from '../../responder/cluster/resource';
import { serviceRecord } from '../../responder/inventory/service-record';
import { CommandError } from '../command-error';
import { kubeconfigOf, type ClusterOptions } from '../kubeconfig';
import type { AskedObject } from './object';

const TIMEOUT = 30_000;

/**
 * The addresses, and names of others, that a Pod or a Service has now, in the cluster that kubectl would ask.
 *
 * @throws CommandError, ClusterError
 */
export async function addressesNow(
  { kind, namespace, name }: AskedObject,
  options: ClusterOptions,
): Promise<readonly string[]> {
  const client = new ApiClient(new AccessSource(() => kubeconfigOf(options), monotonicClock), {
    timeout: TIMEOUT,
  });
  const resource = kind === 'pod' ? CORE.pods : CORE.services;
  const doing = `get ${kind} ${namespace}/${name}`;
  const path = objectPath(resource, { namespace, name });
  const { status, text } = await client.ask({ method: 'GET', path, doing });
  if (status === 404)
    throw new CommandError('NO_SUCH_OBJECT', `there is no ${kind} ${namespace}/${name} in the cluster today`);
  if (status !== 200) throw new CommandError('API_REFUSED', `${doing}: the API server answered ${status}`);
  const raw: unknown = JSON.parse(text);
  if (kind === 'pod') return (projectPod(raw)?.object.status?.podIPs ?? []).map(({ ip }) => ip);
  const service = projectService(raw)?.object;
  if (service === undefined) return [];
  const { externalName, selector } = service.spec ?? {};
  const { ips } = serviceRecord(service);
  if (externalName !== undefined) return [...ips, externalName];
  // Its address leads to no Pods, or it has none.
  if (ips.length > 0 && selector !== undefined) return ips;
  return [...new Set([...ips, ...(await endpointsNow(client, namespace, name))])];
}

async function endpointsNow(client: ApiClient, namespace: string, name: string): Promise<readonly string[]> {
  const query = { labelSelector: `kubernetes.io/service-name=${name}` };
  try {
    const slices = await listAll(client, CORE.endpointSlices, projectEndpoints, { namespace, query });
    return slices.flatMap(({ addresses }) => addresses).sort();
  } catch (error) {
    // Whoever may read Services need not read these.
    if (error instanceof ClusterError && error.status === 403) return [];
    throw error;
  }
}
