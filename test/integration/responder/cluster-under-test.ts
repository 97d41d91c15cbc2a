import { KubeConfig } from '@kubernetes/client-node';
import { readFileSync } from 'node:fs';
import type { Fields } from '../../../lib/program/log';
import { realCluster, type RealClusterProps } from '../../../lib/responder/cluster/real-cluster';
import { AccessSource } from '../../../lib/responder/cluster/access';
import { ApiClient, type Call } from '../../../lib/responder/cluster/api-client';
import { monotonicClock } from '../../../lib/responder/clock';
import type { ControlPlane } from '../control-plane';
import { waitUntil } from '../control-plane/wait';

/** A line that a responder would have logged. */
interface Logged {
  readonly level: string;
  readonly message: string;
  readonly fields: Fields;
}

/** Times for tests: everything as fast as it goes. */
const IMPATIENT = { pause: { least: 20, most: 200 }, discover: 200 };

/** The real cluster of a control plane, perhaps through a proxy and as somebody else. */
export function clusterOf(
  plane: ControlPlane,
  {
    url = plane.url,
    user = { token: plane.adminToken },
    ...props
  }: Partial<RealClusterProps> & { readonly url?: string; readonly user?: object } = {},
) {
  const logged: Logged[] = [];
  const cluster = realCluster({
    load: () => kubeConfig(plane, url, user),
    log: (level, message, fields = {}) => logged.push({ level, message, fields }),
    ...props,
    times: { ...IMPATIENT, ...props.times },
  });
  return { cluster, logged };
}

function kubeConfig(plane: ControlPlane, server: string, user: object): KubeConfig {
  const config = new KubeConfig();
  // Without TLS there is only a proxy of a test.
  const skipTLSVerify = server.startsWith('http:');
  config.loadFromOptions({
    clusters: [{ name: 'test', server, caData: readFileSync(plane.caFile, 'base64'), skipTLSVerify }],
    users: [{ name: 'test', ...user }],
    contexts: [{ name: 'test', cluster: 'test', user: 'test' }],
    currentContext: 'test',
  });
  return config;
}

/** A client of the admin, or of whose token it is, for what kubectl would take too long for. */
export function adminClient(plane: ControlPlane, token = plane.adminToken): ApiClient {
  const load = (): KubeConfig => kubeConfig(plane, plane.url, { token });
  return new ApiClient(new AccessSource(load, monotonicClock), { timeout: 30_000 });
}

/** The admin's own requests; answers the `resourceVersion`. */
export function adminOf(plane: ControlPlane) {
  const client = adminClient(plane);
  return async (call: Omit<Call, 'doing'>): Promise<string> => {
    const answer = await client.json({ ...call, doing: `${call.method} ${call.path}` });
    const { metadata } = answer as { readonly metadata?: { readonly resourceVersion?: string } };
    return metadata?.resourceVersion ?? '';
  };
}

/** Waits for something that a watch brings about. */
export function until(
  condition: () => boolean,
  what: () => string = () => condition.toString(),
): Promise<void> {
  return waitUntil(
    () => Promise.resolve(condition()),
    60_000,
    () => new Error(`not within a minute: ${what()}`),
  );
}

/** Creates, or changes, objects as the admin. */
export async function apply(plane: ControlPlane, ...items: readonly object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const { code, stderr } = await plane.kubectl(['apply', '--server-side', '-f', '-'], { input });
  if (code !== 0) throw new Error(stderr);
}

/** A Pod that no scheduler will look at, and no node run: nobody but the test changes it. */
export function pod(namespace: string, name: string, metadata: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, ...metadata },
    spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'example.invalid/main' }] },
  };
}

/** A Namespace. */
export function namespace(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
