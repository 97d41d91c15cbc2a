import { standingPolicy } from '../../../lib/containment';
import { QUARANTINE_POLICY } from '../../../lib/names';
import type { ClusterState } from '../../../lib/responder/cluster/cluster';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { apply, clusterOf, namespace, pod } from './cluster-under-test';

jest.setTimeout(120_000);

const NAMESPACE = 'cluster-writes';
let plane: ControlPlane;
let cluster: ReturnType<typeof clusterOf>['cluster'];
let state: ClusterState;
const stop = new AbortController();

beforeAll(async () => {
  plane = await startControlPlane();
  await apply(plane, namespace(NAMESPACE));
  ({ cluster } = clusterOf(plane, { timeout: 10_000 }));
  state = cluster.watch(stop.signal);
  await state.synced();
}, 900_000);

afterAll(async () => {
  stop.abort();
  await plane.stop();
});

const key = (name: string) => ({ namespace: NAMESPACE, name });

async function createPod(name: string, metadata: object = {}) {
  await apply(plane, pod(NAMESPACE, name, metadata));
  const made = await cluster.getPod(key(name));
  if (made?.metadata?.uid === undefined) throw new Error(`there is no Pod ${name}`);
  return { ...made, metadata: { ...made.metadata, uid: made.metadata.uid } };
}

describe('a patch of a Pod', () => {
  test('answers what the watch will tell, and is in the store at once', async () => {
    const { metadata } = await createPod('patched', { labels: { app: 'shop' } });
    const patched = await cluster.patchPod(key('patched'), [
      { op: 'test', path: '/metadata/uid', value: metadata.uid },
      { op: 'add', path: '/metadata/labels/cut', value: 'true' },
    ]);
    expect(patched.metadata?.labels).toEqual({ app: 'shop', cut: 'true' });
    expect(state.pods.get(key('patched'))).toEqual(patched);
  });

  test('of another UID, of nothing, and of what is no patch is refused, each with its status', async () => {
    await createPod('other');
    const test = [{ op: 'test', path: '/metadata/uid', value: 'somebody-else' }] as const;
    const refusal = { name: 'ClusterError', passing: false };
    await expect(cluster.patchPod(key('other'), test)).rejects.toMatchObject({ ...refusal, status: 422 });
    await expect(cluster.patchPod(key('nobody'), test)).rejects.toMatchObject({ ...refusal, status: 404 });
    const wrong = [{ op: 'add', path: '/metadata/labels', value: 'no map' }] as const;
    await expect(cluster.patchPod(key('other'), wrong)).rejects.toMatchObject({ passing: false });
  });
});

describe('a standing policy', () => {
  test('is applied once and again, is in the store at once, and is deleted with its UID only', async () => {
    const policy = standingPolicy(NAMESPACE);
    await cluster.applyNetworkPolicy(policy);
    const stored = state.networkPolicies.get(key(QUARANTINE_POLICY));
    expect(stored).toMatchObject({ spec: policy.spec, metadata: { labels: policy.metadata.labels } });
    await cluster.applyNetworkPolicy(policy);
    const { uid = '' } = stored?.metadata ?? {};

    await cluster.deleteNetworkPolicy(key(QUARANTINE_POLICY), 'somebody-else');
    expect(state.networkPolicies.get(key(QUARANTINE_POLICY))?.metadata?.uid).toBe(uid);
    await cluster.deleteNetworkPolicy(key(QUARANTINE_POLICY), uid);
    expect(state.networkPolicies.get(key(QUARANTINE_POLICY))).toBeUndefined();
    await cluster.deleteNetworkPolicy(key(QUARANTINE_POLICY), uid);
    const { stdout } = await plane.kubectl(['get', 'networkpolicies', '-n', NAMESPACE, '-o', 'name']);
    expect(stdout).toBe('');
  });

  test('never takes over an object of somebody else', async () => {
    const policy = standingPolicy(NAMESPACE);
    await apply(plane, { ...policy, spec: { ...policy.spec, policyTypes: ['Ingress'] } });
    await expect(cluster.applyNetworkPolicy(policy)).rejects.toMatchObject({ status: 409, passing: false });
  });
});
