import { quarantineApprove } from '../../../lib/cli/quarantine/approve';
import { waitingOn } from '../../../lib/containment';
import { QUARANTINE_LABEL } from '../../../lib/names';
import { CORE } from '../../../lib/responder/cluster/resource';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { alertOf, ResponderUnderTest, VISTATECH } from './responder-under-test';
import { Room, type StoredPod } from './room';

jest.setTimeout(120_000);

const STAMP = Date.now();
const AMPLE = { perNamespace: 1000, perCluster: 10_000, perMinute: 1000, ownerPercent: 100, maxAge: '1h' };

let plane: ControlPlane;
let room: Room;
let other: Room;
let responder: ResponderUnderTest;
let rooms = 0;

beforeAll(async () => {
  plane = await startControlPlane();
}, 900_000);

beforeEach(async () => {
  rooms += 1;
  room = new Room(plane, `limits-${STAMP}-${rooms}`);
  other = new Room(plane, `limits-other-${STAMP}-${rooms}`);
  await Promise.all([room.open(), other.open()]);
});

afterEach(async () => {
  await responder.stop();
  await Promise.all([room.close(), other.close()]);
});

afterAll(() => plane.stop());

async function start(limits: Partial<typeof AMPLE>, config: object = {}): Promise<void> {
  responder = await ResponderUnderTest.start(plane, { limits: { ...AMPLE, ...limits }, ...config });
}

/** Posts an alert of a Pod that is there. */
async function alert(pod: StoredPod, over: Parameters<typeof alertOf>[1] = {}): Promise<void> {
  expect(await responder.postAlert(alertOf(pod.metadata, over))).toBe(200);
}

/** What of some Pods is cut off. */
async function cut(within = room): Promise<string[]> {
  const pods = await within.list();
  return pods
    .filter(({ metadata }) => metadata.labels?.[QUARANTINE_LABEL] === 'true')
    .map(({ metadata }) => metadata.name);
}

/** Agrees as a person does; what the command printed. */
async function approve(name: string): Promise<string> {
  let printed = '';
  const print = (text: string): void => {
    printed += text;
  };
  const args = [`${room.namespace}/${name}`, '--kubeconfig', plane.kubeconfig];
  const streams = { out: print, error: print };
  expect(await quarantineApprove(args, streams)).toBe(0);
  return printed;
}

/** That a Pod waits because of a limit, says so, and is cut off once a person agrees. */
async function waitsFor(why: string, name: string, says: string): Promise<void> {
  expect(waitingOn(await room.get(name))).toMatchObject([{ why, response: VISTATECH.name }]);
  expect(await cut()).not.toContain(name);
  const told = await room.told(name, 'LimitReached');
  expect(told).toContain(says);
  expect(told).toContain(`falco-egress quarantine approve ${room.namespace}/${name}`);
  expect(await approve(name)).toContain('agrees');
  await room.until(async () => (await cut()).includes(name), `${name} waits in spite of the approval`);
  expect(await room.record(name)).toMatchObject({
    approvedBy: expect.stringMatching(/./) as string,
    verdict: { verdict: 'contained' },
  });
  expect(waitingOn(await room.get(name))).toEqual([]);
}

const added = (count: number, metadata: object = {}): Promise<StoredPod[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => room.add(`pod-${index}`, metadata)));

// The first, since what the others cut off counts for a minute, whoever counts.
test('a minute, also where each Pod is released at once', async () => {
  await start({ perMinute: 2 }, { responses: [{ ...VISTATECH, ttl: '1s' }] });
  const pods = await added(3);
  for (const pod of pods.slice(0, 2)) await alert(pod);
  for (const name of ['pod-0', 'pod-1']) await room.told(name, 'Released');
  for (const pod of pods.slice(2)) await alert(pod);
  expect(waitingOn(await room.get('pod-2'))).toMatchObject([{ why: 'limit-minute' }]);
  expect(await room.told('pod-2', 'LimitReached')).toContain(
    '2 Pods were cut off, evicted or deleted within a minute, of at most 2',
  );
  await approve('pod-2');
  expect(await room.told('pod-2', 'Quarantined')).toContain('until');
});

test('a namespace: as many as may be at once, however many alerts come together, and the rest wait', async () => {
  await start({ perNamespace: 3 });
  const pods = await added(12);
  await Promise.all(pods.map((pod) => alert(pod)));
  const first = await cut();
  expect(first).toHaveLength(3);
  const elsewhere = await other.add('elsewhere');
  await alert(elsewhere);
  expect(await cut(other)).toEqual(['elsewhere']);
  const waiting = pods.map(({ metadata }) => metadata.name).filter((name) => !first.includes(name));
  const stored = await Promise.all(waiting.map((name) => room.get(name)));
  expect(stored.flatMap((pod) => waitingOn(pod)).map(({ why }) => why)).toEqual(
    waiting.map(() => 'limit-namespace'),
  );
  await waitsFor('limit-namespace', waiting[0] ?? '', 'has 3 quarantined Pods, of at most 3');
  // What a person lets through makes no room for others.
  expect(await cut()).toHaveLength(4);
});

test('a namespace again: once there is room, the next alert is answered', async () => {
  await start({ perNamespace: 1 }, { responses: [{ ...VISTATECH, cooldown: '1s' }] });
  const [first, second] = (await added(2)) as [StoredPod, StoredPod];
  await alert(first);
  await alert(second);
  expect(await cut()).toEqual(['pod-0']);
  await room.remove(CORE.pods, 'pod-0');
  await room.until(async () => {
    await alert(second);
    return (await cut()).includes('pod-1');
  }, 'waits though there is room');
  expect(waitingOn(await room.get('pod-1'))).toEqual([]);
});

test('the cluster', async () => {
  const path = `/api/v1/pods?labelSelector=${encodeURIComponent(`${QUARANTINE_LABEL}=true`)}`;
  const { items } = (await room.ask({ method: 'GET', path })) as { readonly items: readonly unknown[] };
  const most = items.length + 2;
  await start({ perCluster: most });
  const pods = await added(2);
  await alert(await other.add('elsewhere'));
  for (const pod of pods) await alert(pod);
  expect(await cut()).toEqual(['pod-0']);
  await waitsFor('limit-cluster', 'pod-1', `the cluster has ${most} quarantined Pods, of at most ${most}`);
});

test("a share of one owner's Pods, of a real ReplicaSet", async () => {
  await start({ ownerPercent: 50 });
  const labels = { app: 'web' };
  const container = { name: 'main', image: 'example.invalid/main' };
  const spec = {
    ...{ replicas: 5, selector: { matchLabels: labels } },
    template: { metadata: { labels }, spec: { schedulerName: 'nobody', containers: [container] } },
  };
  await room.create(CORE.replicaSets, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web' },
    spec,
  });
  await room.until(async () => (await room.list()).length === 5, 'no five Pods');
  const pods = await room.list();
  for (const pod of pods.slice(0, 3)) await alert(pod);
  expect(await cut()).toEqual(pods.slice(0, 2).map(({ metadata }) => metadata.name));
  const alone = await room.add('alone', { labels: { app: 'alone' } });
  await alert(alone);
  expect(await cut()).toContain('alone');
  await waitsFor(
    'limit-owner',
    pods[2]?.metadata.name ?? '',
    '2 of the 5 Pods of its owner are quarantined, of at most 2 (50 %)',
  );
});

test('a PodDisruptionBudget, as the disruption controller counts it', async () => {
  await start({});
  const labels = { app: 'web' };
  const pods = await added(3, { labels });
  for (const { metadata } of pods) await room.runs(metadata.name, 'abcdef012345', true);
  await room.create(CORE.budgets, {
    ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' } },
    spec: { minAvailable: 2, selector: { matchLabels: labels } },
  });
  const allowed = async (): Promise<number | undefined> => {
    const path = `/apis/policy/v1/namespaces/${room.namespace}/poddisruptionbudgets/web`;
    const budget = (await room.ask({ method: 'GET', path })) as { status?: { disruptionsAllowed?: number } };
    return budget.status?.disruptionsAllowed;
  };
  await room.until(async () => (await allowed()) === 1, 'the budget allows none');
  // The watch may be a moment behind: then it waits for a person, as it does with a budget that allows none.
  const [first, second] = pods as [StoredPod, StoredPod];
  await room.until(async () => {
    await responder.stop();
    await start({});
    await alert(first);
    return (await cut()).length === 1;
  }, 'not cut');
  await alert(second);
  await waitsFor('disruption-budget', 'pod-1', 'allows 1 disruptions, and 1 of its Pods are quarantined');
});

test('what no person can let pass: protected, on the network of its node, too old', async () => {
  await start({}, { protected: { namespaces: [other.namespace], podLabels: { tier: 'database' } } });
  const old = new Date(Date.now() - 2 * 3_600_000).toISOString();
  const pods = [
    { pod: await room.add('labelled', { labels: { tier: 'database' } }), says: 'tier=database' },
    { pod: await room.add('on-node', {}, { hostNetwork: true }), says: 'network of its node' },
    { pod: await room.add('late'), says: 'older than 3600 s', over: { time: old } },
    { pod: await other.add('kept'), says: `${other.namespace} is protected` },
  ];
  for (const { pod, says, over } of pods) {
    await alert(pod, over);
    const within = pod.metadata.namespace === room.namespace ? room : other;
    expect(await within.told(pod.metadata.name, 'NotQuarantined')).toContain(says);
    expect((await within.get(pod.metadata.name)).metadata.resourceVersion).toBe(pod.metadata.resourceVersion);
  }
  await expect(approve('labelled')).rejects.toThrow(/waits/);
  expect(await cut(other)).toEqual([]);
  expect(await cut()).toEqual([]);
  // An old alert says nothing of the next.
  await alert(pods[2]?.pod as StoredPod);
  expect(await cut()).toEqual(['late']);
});
