import { standingPolicy } from '../../../lib/containment';
import { metadataPatch } from '../../../lib/containment/quarantine/json-patch';
import { QUARANTINE_POLICY } from '../../../lib/names';
import type { ClusterState, EventToWrite } from '../../../lib/responder/cluster/cluster';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { apply, clusterOf, namespace, pod, until } from './cluster-under-test';

jest.setTimeout(120_000);

const NAMESPACE = `cluster-writes-${process.pid}`;
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

test('of two writers that both saw a Pod without annotations, one wins, and nothing of anybody is lost', async () => {
  const seen = await createPod('raced');
  const write = (value: string) =>
    cluster.patchPod(
      key('raced'),
      metadataPatch(seen.metadata, [{ map: 'annotations', key: 'falco-egress.io/record', value }]),
    );
  const outcomes = await Promise.allSettled(['one', 'two'].map(write));
  const refusals = outcomes.filter(({ status }) => status === 'rejected');
  expect(refusals).toMatchObject([{ reason: { name: 'ClusterError', status: 422, passing: false } }]);
  const winner = outcomes[0]?.status === 'fulfilled' ? 'one' : 'two';
  expect(state.pods.get(key('raced'))?.metadata?.annotations).toEqual({ 'falco-egress.io/record': winner });
});

test('what others note on a Pod is not kept, and not lost by a patch', async () => {
  const seen = await createPod('noted', { annotations: { 'example.org/note': 'mine' } });
  expect(seen.metadata.annotations).toEqual({});
  const change = { map: 'annotations', key: 'falco-egress.io/record', value: 'ours' } as const;
  await cluster.patchPod(key('noted'), metadataPatch(seen.metadata, [change]));
  expect(await cluster.getWholePod(key('noted'))).toMatchObject({
    metadata: { annotations: { 'example.org/note': 'mine', 'falco-egress.io/record': 'ours' } },
    spec: { containers: [{ image: 'example.invalid/main' }] },
  });
});

test('a Pod that is not there is read as none', async () => {
  expect(await cluster.getPod(key('nobody'))).toBeUndefined();
  expect(await cluster.getWholePod(key('nobody'))).toBeUndefined();
});

describe('an Event', () => {
  const event = (name: string, kind: 'Pod' | 'Namespace', about: string): EventToWrite => ({
    namespace: NAMESPACE,
    name,
    type: 'Warning',
    reason: 'Quarantined',
    action: 'Quarantine',
    message: 'x'.repeat(2_000),
    regarding: { apiVersion: 'v1', kind, name: about },
    time: new Date('2026-11-02T09:14:00.123Z'),
  });

  test('of a Pod or a Namespace is new once, and stands as it was written', async () => {
    expect(await cluster.writeEvent(event('of-pod', 'Pod', 'patched'))).toBe('new');
    expect(await cluster.writeEvent(event('of-pod', 'Pod', 'patched'))).toBe('there');
    expect(await cluster.writeEvent(event('of-namespace', 'Namespace', NAMESPACE))).toBe('new');
    const { stdout } = await plane.kubectl(['get', 'event', 'of-pod', '-n', NAMESPACE, '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      message: 'x'.repeat(1024),
      involvedObject: { kind: 'Pod', name: 'patched', namespace: NAMESPACE },
      eventTime: '2026-11-02T09:14:00.123000Z',
      lastTimestamp: '2026-11-02T09:14:00Z',
    });
  });

  test('without a name is refused', async () => {
    const written = cluster.writeEvent(event('', 'Pod', 'patched'));
    await expect(written).rejects.toMatchObject({ status: 422, passing: false });
  });

  test('in a namespace that is ending, or is gone, is let be', async () => {
    const ending = `${NAMESPACE}-ending`;
    await apply(
      plane,
      { ...namespace(ending), spec: {} },
      pod(ending, 'held', { finalizers: ['example.org/hold'] }),
    );
    await plane.kubectl(['delete', 'namespace', ending, '--wait=false']);
    const late = { ...event('late', 'Pod', 'held'), namespace: ending };
    expect(await cluster.writeEvent(late)).toBe('nowhere');
    expect(await cluster.writeEvent({ ...late, namespace: `${NAMESPACE}-gone` })).toBe('nowhere');
    const policy = {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: { podSelector: {} } },
      metadata: { namespace: ending, name: 'late' },
    };
    expect(await cluster.applyNetworkPolicy(policy)).toBe(false);
    await plane.kubectl(['patch', 'pod', 'held', '-n', ending, '-p', '{"metadata":{"finalizers":null}}']);
  });
});

describe('the end of a Pod', () => {
  test.each(['evictPod', 'deletePod'] as const)('by %s is for its UID only', async (end) => {
    const name = end.toLowerCase();
    const { metadata } = await createPod(name);
    await cluster[end](key(name), 'somebody-else');
    expect(await cluster.getPod(key(name))).toMatchObject({ metadata: { uid: metadata.uid } });
    await cluster[end](key(name), metadata.uid);
    await until(() => state.pods.get(key(name)) === undefined);
    await cluster[end](key(name), metadata.uid);
  });

  test('waits for a budget that forbids an eviction', async () => {
    const { metadata } = await createPod('guarded', { labels: { app: 'guarded' } });
    // Only a Pod that runs counts; no kubelet does that here.
    const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    const patch = ['patch', 'pod', 'guarded', '-n', NAMESPACE, '--subresource=status', '-p'];
    await plane.kubectl([...patch, JSON.stringify({ status })]);
    const spec = { minAvailable: 1, selector: { matchLabels: { app: 'guarded' } } };
    const named = { name: 'guard', namespace: NAMESPACE };
    await apply(plane, { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: named, spec });
    await until(() => state.budgets.get(key('guard'))?.status?.disruptionsAllowed === 0);
    const evicted = cluster.evictPod(key('guarded'), metadata.uid);
    await expect(evicted).rejects.toMatchObject({ status: 429, passing: true });
  });
});

test('a ConfigMap is made, and one that is there stays as it is', async () => {
  const labels = { app: 'snapshot' };
  await cluster.writeConfigMap(key('snapshot'), { a: '1' }, labels);
  await cluster.writeConfigMap(key('snapshot'), { a: '2' }, {});
  const { stdout } = await plane.kubectl(['get', 'configmap', 'snapshot', '-n', NAMESPACE, '-o', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({ data: { a: '1' }, metadata: { labels } });
  await expect(cluster.writeConfigMap(key('Not A Name'), {}, {})).rejects.toMatchObject({ passing: false });
});

test('a deny policy of a tier that the cluster does not serve is an error of its own', async () => {
  const applied = cluster.applyDenyPolicy('Calico', {});
  await expect(applied).rejects.toMatchObject({ code: 'API_NOT_FOUND', passing: false });
});

test('each write without the right to it is refused as such', async () => {
  await apply(plane, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: key('nobody') });
  const { stdout: token } = await plane.kubectl(['create', 'token', 'nobody', '-n', NAMESPACE]);
  const { cluster: powerless } = clusterOf(plane, { user: { token: token.trim() }, timeout: 10_000 });
  const { metadata } = await createPod('untouched');
  const writes: Promise<unknown>[] = [
    powerless.patchPod(key('untouched'), [{ op: 'test', path: '/metadata/uid', value: metadata.uid }]),
    powerless.getPod(key('untouched')),
    powerless.getWholePod(key('untouched')),
    powerless.applyNetworkPolicy(standingPolicy(NAMESPACE)),
    powerless.deleteNetworkPolicy(key(QUARANTINE_POLICY), 'any'),
    powerless.writeEvent({
      ...{
        namespace: NAMESPACE,
        name: 'refused',
        type: 'Normal',
        reason: 'None',
        action: 'None',
        message: '',
      },
      ...{ regarding: { kind: 'Pod', apiVersion: 'v1', name: 'untouched' }, time: new Date() },
    }),
    powerless.evictPod(key('untouched'), metadata.uid),
    powerless.deletePod(key('untouched'), metadata.uid),
    powerless.writeConfigMap(key('refused'), {}, {}),
    powerless.review('any', 'any'),
  ];
  for (const outcome of await Promise.allSettled(writes))
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'API_FORBIDDEN', status: 403, passing: false },
    });
  expect(await cluster.getPod(key('untouched'))).toMatchObject({ metadata: { uid: metadata.uid } });
});
