import { approvalOf, metadataPatch, waitingOn } from '../../../lib/containment';
import {
  ALERTED_LABEL,
  PAUSE_LABEL,
  QUARANTINE_APPROVAL_ANNOTATION,
  QUARANTINE_APPROVED_RESPONSES_ANNOTATION,
  QUARANTINE_DISMISSAL_ANNOTATION,
  QUARANTINE_DISMISSED_ANNOTATION,
  QUARANTINE_DISMISSED_RESPONSES_ANNOTATION,
  QUARANTINE_LABEL,
  QUARANTINE_PENDING_ANNOTATION,
  QUARANTINE_POLICY,
  QUARANTINE_RECORD_ANNOTATION,
} from '../../../lib/names';
import { EngineUnderTest, NGINX, NOW, response } from './engine-under-test';
import { answer } from './memory-cluster';

const ID = '0123456789abcdef';
const MINUTE = 60_000;

let room: EngineUnderTest;

/** An engine, and a Pod on its cluster. */
function open(...[policy, pod]: [ConstructorParameters<typeof EngineUnderTest>[0]?, object?]): void {
  room = new EngineUnderTest(policy);
  room.cluster.setPod(NGINX, pod);
}

afterEach(() => room.stop());

/** Whether something has come true by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  await room.quiet();
  return Promise.race([promise.then(() => true), Promise.resolve(false)]);
}

const running = (id: string) => ({ status: { containerStatuses: [{ containerID: `containerd://${id}` }] } });

const allowAll = (name: string, podSelector: object = {}) => ({
  metadata: { namespace: 'demo', name },
  spec: { podSelector, policyTypes: ['Egress'], egress: [{}] },
});

describe('an alert that has only the id of a container', () => {
  test('waits for the kubelet to report it, and is then acted on', async () => {
    open();
    room.start();
    const decided = room.take({ containerId: ID });
    expect(await isSettled(decided)).toBe(false);
    room.cluster.setPod(NGINX, running(ID));
    expect(await decided).toBe('quarantined');
    expect(room.record()).toMatchObject({ by: 'cut' });
  });

  test('is not believed where nobody has reported it within a minute', async () => {
    open({}, running('fedcba9876543210'));
    room.start();
    const decided = room.take({ containerId: ID });
    expect(await isSettled(decided)).toBe(false);
    room.now += MINUTE;
    room.cluster.setPod(NGINX, running('fedcba9876543211'));
    expect(await decided).toBe('not-believed');
    expect(room.record()).toBeUndefined();
  });

  test.each([
    ['an hour ago', -60 * MINUTE],
    ['to come', MINUTE],
  ])('waits for nothing where its time is one %s', async (_, ms) => {
    open();
    room.start();
    expect(await room.take({ containerId: ID }, response(), NOW + ms)).toBe('not-believed');
  });
});

test.each([['evict', 'evicted'] as const, ['delete', 'deleted'] as const])(
  'limits of a minute count Pods that are to %s',
  async (action, done) => {
    const limits = { perNamespace: 100, perCluster: 100, perMinute: 2, ownerPercent: 100 };
    open({ limits });
    const names = ['a', 'b', 'c'];
    for (const name of names) room.cluster.setPod({ namespace: 'demo', name });
    room.start();
    const outcomes = await Promise.all(names.map((name) => room.take({ name }, response({ action }))));
    expect(outcomes.toSorted()).toEqual([done, done, 'waiting']);
  },
);

test('a limit of a minute keeps a Pod waiting for no longer than that, whatever the cooldown is', async () => {
  open({ limits: { perNamespace: 100, perCluster: 100, perMinute: 1, ownerPercent: 100 } });
  const names = ['a', 'b'];
  for (const name of names) room.cluster.setPod({ namespace: 'demo', name });
  room.start();
  expect(await room.take({ name: 'a' })).toBe('quarantined');
  expect(await room.take({ name: 'b' })).toBe('waiting');
  await room.quiet();
  room.now += 5000;
  expect(await room.take({ name: 'b' })).toBe('waiting');
  room.now += MINUTE;
  expect(await room.take({ name: 'b' })).toBe('quarantined');
  expect(waitingOn(room.cluster.pod({ namespace: 'demo', name: 'b' }))).toEqual([]);
});

test('before an alert is taken for one of another Pod the API server is asked', async () => {
  open({}, { metadata: { uid: 'the-last-of-this-name' } });
  room.cluster.setPod(NGINX, { metadata: { uid: 'the-next' } }, true);
  room.start();
  expect(await room.take({ uid: 'the-next' })).toBe('quarantined');
  expect(await room.take({ uid: 'the-last-of-this-name' })).toBe('not-believed');
});

test('one response that cannot be carried out keeps nothing from the others of its Pod', async () => {
  open();
  room.cluster.refusing.evictPod = () => answer(429);
  room.start();
  const evicted = room.take({}, response({ name: 'evict', action: 'evict' }));
  expect(await room.take()).toBe('quarantined');
  expect(room.record()).toMatchObject({ verdict: { verdict: 'contained' } });
  expect(await isSettled(evicted)).toBe(false);
  delete room.cluster.refusing.evictPod;
  expect(await evicted).toBe('evicted');
});

const paused = { labels: { [PAUSE_LABEL]: 'true' } };
const agreedTo = (over: object = {}) => ({
  metadata: {
    annotations: {
      [QUARANTINE_PENDING_ANNOTATION]: JSON.stringify({
        ...{ reason: 'Rule', response: 'cut', alert: 'a', raised: '2026-11-22T09:14:00Z' },
        ...{ since: '2026-11-22T09:14:01Z', why: 'approval', line: 'waits', ...over },
      }),
      [QUARANTINE_APPROVAL_ANNOTATION]: 'ada',
      [QUARANTINE_APPROVED_RESPONSES_ANNOTATION]: '*',
    },
  },
});

describe('what somebody has agreed to while responses are paused', () => {
  const agreed = agreedTo();

  test.each(['demo', 'own'])('is done when namespace %s is no longer paused', async (namespace) => {
    open({ responses: [response({ mode: 'approve' })] }, agreed);
    room.cluster.setNamespace(namespace, paused);
    room.start();
    await room.quiet();
    expect([room.record(), room.reasons()]).toEqual([undefined, ['ResponsesPaused']]);
    room.cluster.setNamespace(namespace);
    await room.quiet();
    expect(room.record()).toMatchObject({ by: 'cut', approvedBy: 'ada' });
  });

  test('waits on where another namespace is no longer paused', async () => {
    open({ responses: [response({ mode: 'approve' })] }, agreed);
    room.cluster.setNamespace('demo', paused);
    room.cluster.setNamespace('other', paused);
    room.start();
    await room.quiet();
    room.cluster.setNamespace('other');
    await room.quiet();
    expect(room.record()).toBeUndefined();
  });
});

test.each([
  ['there is no more', { response: 'gone' }],
  ['does something else now', { action: 'label' }],
])('what a response would have done that %s is not done, and people are told', async (_, over) => {
  open({ responses: [response({ mode: 'approve' })] }, agreedTo(over));
  room.start();
  await room.quiet();
  expect([room.record(), room.reasons()]).toEqual([undefined, ['NotQuarantined']]);
  expect(room.cluster.pod(NGINX).metadata?.annotations).toEqual({});
});

test('what somebody agreed to and is refused is not done once it is no longer refused', async () => {
  const podLabels = { tier: 'database' };
  const { annotations } = agreedTo().metadata;
  open(
    { responses: [response({ mode: 'approve' })], protected: { namespaces: [], podLabels } },
    { metadata: { annotations, labels: podLabels } },
  );
  room.start();
  await room.quiet();
  expect(room.reasons()).toEqual(['NotQuarantined']);
  const { metadata } = room.cluster.pod(NGINX);
  expect(metadata?.annotations).toEqual({});
  room.cluster.setPod(NGINX, { metadata: { ...metadata, labels: {} } });
  await room.quiet();
  expect(room.record()).toBeUndefined();
});

test('people are told of what somebody agreed to and keeps failing', async () => {
  const evict = response({ name: 'evict', mode: 'approve', action: 'evict' });
  open({ responses: [evict] }, agreedTo({ response: 'evict', action: 'evict' }));
  room.cluster.refusing.evictPod = () => answer(429);
  room.start();
  while (!room.reasons().includes('ResponseFailed')) await room.quiet();
  expect(room.cluster.events.map(({ message }) => message)).toEqual([
    'cannot evict demo/nginx as ada agreed, and tries on: the API server answered 429',
  ]);
});

test('a Pod counts as one on which a response fails from when people are told until it is done', async () => {
  open();
  const patch = room.cluster.refusing.patchPod;
  room.cluster.refusing.patchPod = () => answer(403);
  room.start();
  const taken = room.take();
  while (!room.reasons().includes('ResponseFailed')) {
    expect(room.failing()).toBe(0);
    await room.quiet();
  }
  expect(room.failing()).toBe(1);
  room.cluster.refusing.patchPod = patch;
  expect(await taken).toBe('quarantined');
  await room.quiet();
  expect(room.failing()).toBe(0);
});

test('a Pod that is gone is none on which a response fails', async () => {
  open();
  room.cluster.refusing.patchPod = () => answer(403);
  room.start();
  void room.take();
  while (room.failing() === 0) await room.quiet();
  room.cluster.removePod(NGINX);
  while (room.failing() > 0) await room.quiet();
  expect(room.cluster.events.filter(({ reason }) => reason === 'ResponseFailed')).toHaveLength(1);
});

test('a Pod stays one on which a response fails once the alert is too old, until it is cut off', async () => {
  open();
  const patch = room.cluster.refusing.patchPod;
  room.cluster.refusing.patchPod = () => answer(403);
  room.start();
  const taken = room.take();
  while (room.failing() === 0) await room.quiet();
  room.now += 61 * MINUTE;
  expect(await taken).toBe('too-old');
  await room.quiet();
  expect(room.failing()).toBe(1);
  room.cluster.refusing.patchPod = patch;
  room.cluster.setPod(NGINX, { metadata: { labels: { [QUARANTINE_LABEL]: 'true' } } });
  await room.quiet();
  expect(room.failing()).toBe(0);
});

test.each([
  ['agrees to it', ''],
  ['does not answer', QUARANTINE_APPROVAL_ANNOTATION],
])('a quarantine waits no longer on a Pod that is cut off by hand, where somebody %s', async (_, absent) => {
  const { annotations } = agreedTo().metadata;
  const kept = Object.entries(annotations).filter(([key]) => key !== absent);
  const labels = { [QUARANTINE_LABEL]: 'true' };
  const metadata = { labels, annotations: Object.fromEntries(kept) as typeof annotations };
  open({ responses: [response({ mode: 'approve' })] }, { metadata });
  room.start();
  await room.quiet();
  expect(room.record()).toMatchObject({ by: 'somebody' });
  const pod = room.cluster.pod(NGINX);
  expect([waitingOn(pod), approvalOf(pod)]).toEqual([[], undefined]);
});

test('within the cooldown an alert is settled while the Pod is cut off, and only counted once it is released', async () => {
  open();
  room.start();
  expect(await room.take()).toBe('quarantined');
  await room.quiet();
  expect(await room.take()).toBe('settled');
  room.cluster.setPod(NGINX);
  await room.quiet();
  expect(await room.take()).toBe('cooldown');
  room.now += 5 * MINUTE;
  expect(await room.take()).toBe('quarantined');
});

test('of alerts of one Pod the first is a decision; those that come meanwhile, and in the cooldown, are none', async () => {
  open();
  room.cluster.setPod({ namespace: 'demo', name: 'other' });
  room.start();
  const flood = Array.from({ length: 20 }, () => room.take());
  expect(room.decisions).toBe(1);
  await Promise.all(flood);
  await room.take();
  expect(room.decisions).toBe(1);
  await room.take({ name: 'other' });
  room.now += 5 * MINUTE;
  await room.take();
  expect(room.decisions).toBe(3);
});

test('each cut of a Pod has a snapshot of its own, and each try of one the same', async () => {
  const snapshot = response({ snapshot: true });
  open({ responses: [snapshot] });
  let tries = 0;
  room.cluster.refusing.patchPod = () => (++tries < 3 ? answer(422) : undefined);
  room.start();
  expect(await room.take({}, snapshot)).toBe('quarantined');
  await room.quiet();
  expect([tries > 2, [...room.cluster.configMaps]]).toEqual([
    true,
    ['falco-egress-snapshot-uid-of-nginx-20261122t091500.000z'],
  ]);
  room.cluster.setPod(NGINX);
  room.now += 10 * MINUTE;
  expect(await room.take({}, snapshot)).toBe('quarantined');
  await room.quiet();
  expect([...room.cluster.configMaps]).toHaveLength(2);
});

test('of one namespace at most 50 snapshots are kept in a day, and each Pod is cut off all the same', async () => {
  const limits = { perNamespace: 1000, perCluster: 1000, perMinute: 1000, ownerPercent: 100 };
  const names = Array.from({ length: 60 }, (_, index) => `pod-${index}`);
  const snapshot = response({ snapshot: true });
  open({ limits, responses: [snapshot] });
  for (const name of names) room.cluster.setPod({ namespace: 'demo', name });
  room.cluster.setPod({ namespace: 'other', name: 'nginx' });
  room.start();
  for (const name of names) expect(await room.take({ name }, snapshot)).toBe('quarantined');
  expect(await room.take({ namespace: 'other' }, snapshot)).toBe('quarantined');
  await room.quiet();
  const kept = (): number => room.cluster.written.filter((each) => each === 'writeConfigMap').length;
  expect(kept()).toBe(51);
  expect(room.logged.filter((message) => message === 'a snapshot of a Pod could not be kept')).toHaveLength(
    10,
  );
});

describe('where several responses wait on one Pod', () => {
  const agree = async (): Promise<void> => {
    const { metadata = {} } = room.cluster.pod(NGINX);
    const set = (key: string, value: string) => ({ map: 'annotations', key, value }) as const;
    const changes = [
      set(QUARANTINE_APPROVAL_ANNOTATION, 'ada'),
      set(QUARANTINE_APPROVED_RESPONSES_ANNOTATION, '*'),
    ];
    await room.cluster.patchPod(NGINX, metadataPatch(metadata, changes));
    await room.quiet();
  };

  test.each([
    ['cut', 'mark'],
    ['mark', 'cut'],
  ])('each is done once a person agrees: %s, then %s', async (...names) => {
    const responses = names.map((name) =>
      response({ name, mode: 'approve', action: name === 'cut' ? 'quarantine' : 'label' }),
    );
    open({ responses });
    room.start();
    for (const each of responses) expect(await room.take({}, each)).toBe('waiting');
    expect(waitingOn(room.cluster.pod(NGINX)).map((each) => each.response)).toEqual(names);
    await agree();
    expect(room.record()).toMatchObject({ by: 'cut', approvedBy: 'ada' });
    const pod = room.cluster.pod(NGINX);
    expect(pod.metadata?.labels).toMatchObject({ [ALERTED_LABEL]: 'true' });
    expect([waitingOn(pod), approvalOf(pod)]).toEqual([[], undefined]);
  });

  test('two that label: both are done, though the label is there after the first', async () => {
    const responses = ['one', 'two'].map((name) => response({ name, mode: 'approve', action: 'label' }));
    open({ responses });
    room.start();
    for (const each of responses) expect(await room.take({}, each)).toBe('waiting');
    await agree();
    expect(room.cluster.pod(NGINX).metadata).toMatchObject({
      labels: { [ALERTED_LABEL]: 'true' },
      annotations: {},
    });
    expect(waitingOn(room.cluster.pod(NGINX))).toEqual([]);
    expect(room.reasons().filter((reason) => reason === 'Labelled')).toHaveLength(2);
  });

  test('what comes to wait takes away no agreement that is being carried out, and is not in it', async () => {
    const evict = response({ name: 'evict', mode: 'approve', action: 'evict' });
    const cut = response({ mode: 'approve' });
    open({ responses: [evict, cut] });
    room.start();
    expect(await room.take({}, evict)).toBe('waiting');
    room.cluster.refusing.evictPod = () => answer(429);
    await agree();
    expect(await room.take({}, cut)).toBe('waiting');
    // It is under way already: nobody is asked for it again.
    room.now += 10 * MINUTE;
    expect(await room.take({}, evict)).toBe('waiting');
    await room.quiet();
    expect(room.reasons()).toEqual(['WaitsForApproval', 'WaitsForApproval']);
    delete room.cluster.refusing.evictPod;
    while (!room.reasons().includes('Evicted')) await room.quiet();
    expect(room.record()).toBeUndefined();
    const [first, second] = waitingOn(room.cluster.pod(NGINX));
    expect(first).toMatchObject({ response: 'evict', agreedBy: 'ada' });
    expect(second).toMatchObject({ response: 'cut' });
    expect(second).not.toHaveProperty('agreedBy');
  });

  test('an eviction waits on where another response cuts the Pod off, and is done once a person agrees', async () => {
    const evict = response({ name: 'evict', mode: 'approve', action: 'evict' });
    const responses = [evict, response()];
    open({ responses });
    room.start();
    expect(await room.take({}, evict)).toBe('waiting');
    expect(await room.take()).toBe('quarantined');
    expect(waitingOn(room.cluster.pod(NGINX))).toMatchObject([{ response: 'evict' }]);
    await agree();
    expect(room.reasons()).toContain('Evicted');
  });
});

describe('what a person says of one of several that wait', () => {
  const cut = response({ mode: 'approve' });
  const evict = response({ name: 'evict', mode: 'approve', action: 'evict' });
  const say = async (annotations: Readonly<Record<string, string>>): Promise<void> => {
    const { metadata = {} } = room.cluster.pod(NGINX);
    const changes = Object.entries(annotations).map(
      ([key, value]) => ({ map: 'annotations', key, value }) as const,
    );
    await room.cluster.patchPod(NGINX, metadataPatch(metadata, changes));
    await room.quiet();
  };
  const waiting = (): readonly string[] => waitingOn(room.cluster.pod(NGINX)).map((each) => each.response);
  const told = (reason: string): readonly string[] =>
    room.cluster.events.filter((each) => each.reason === reason).map(({ message }) => message);

  beforeEach(async () => {
    open({ responses: [cut, evict] });
    room.start();
    expect(await room.take({}, evict)).toBe('waiting');
    expect(await room.take({}, cut)).toBe('waiting');
    await room.quiet();
  });

  test.each(['cut', ' cut , ', '["cut"]'])('an agreement to %j is to no other', async (names) => {
    await say({ [QUARANTINE_APPROVAL_ANNOTATION]: 'ada', [QUARANTINE_APPROVED_RESPONSES_ANNOTATION]: names });
    expect(room.record()).toMatchObject({ by: 'cut', approvedBy: 'ada' });
    expect(room.reasons()).not.toContain('Evicted');
    // The eviction waits on, and needs a word of its own.
    expect(waiting()).toEqual(['evict']);
    const { annotations = {} } = room.cluster.pod(NGINX).metadata ?? {};
    expect(annotations).not.toHaveProperty(QUARANTINE_APPROVAL_ANNOTATION);
    expect(annotations).not.toHaveProperty(QUARANTINE_APPROVED_RESPONSES_ANNOTATION);
    await say({
      [QUARANTINE_APPROVAL_ANNOTATION]: 'bob',
      [QUARANTINE_APPROVED_RESPONSES_ANNOTATION]: '*',
    });
    expect(room.reasons()).toContain('Evicted');
  });

  test('an agreement that says not to what does nothing, now or later, and people are told how', async () => {
    await say({ [QUARANTINE_APPROVAL_ANNOTATION]: 'ada' });
    expect(told('NotQuarantined')).toEqual([
      'ada agrees for demo/nginx without saying to what, so nothing is done: set falco-egress.io/quarantine-approved-responses with it, to names of what waits (evict, cut) or to *',
    ]);
    expect([room.record(), room.reasons().includes('Evicted'), waiting()]).toEqual([
      ...[undefined, false],
      ['evict', 'cut'],
    ]);
    expect(approvalOf(room.cluster.pod(NGINX))).toBeUndefined();
  });

  test('an eviction that a budget forbids keeps nobody from being released in time', async () => {
    room.cluster.refusing.evictPod = () => answer(429);
    await say({
      [QUARANTINE_APPROVAL_ANNOTATION]: 'ada',
      [QUARANTINE_APPROVED_RESPONSES_ANNOTATION]: 'evict',
    });
    expect(await room.take({}, response({ name: 'now', ttlSeconds: 600 }))).toBe('quarantined');
    expect(room.record()).toMatchObject({ by: 'now' });
    room.now += 11 * MINUTE;
    while (!room.reasons().includes('Released')) await room.quiet();
    expect(room.record()).toBeUndefined();
    expect(room.reasons()).not.toContain('Evicted');
    expect(waiting()).toEqual(['evict']);
  });

  test('an agreement by names that is being carried out goes on, and to nothing that comes beside it', async () => {
    room.cluster.refusing.evictPod = () => answer(429);
    await say({
      [QUARANTINE_APPROVAL_ANNOTATION]: 'ada',
      [QUARANTINE_APPROVED_RESPONSES_ANNOTATION]: 'evict',
    });
    const other = response({ name: 'other', mode: 'approve' });
    expect(await room.take({}, other)).toBe('waiting');
    await room.quiet();
    delete room.cluster.refusing.evictPod;
    while (!room.reasons().includes('Evicted')) await room.quiet();
    expect(room.record()).toBeUndefined();
    expect(waiting()).toEqual(['evict', 'cut', 'other']);
  });

  test('an agreement to what does not wait does nothing, now or later, and people are told', async () => {
    await say({
      [QUARANTINE_APPROVAL_ANNOTATION]: 'ada',
      [QUARANTINE_APPROVED_RESPONSES_ANNOTATION]: 'cutt',
    });
    expect(told('NotQuarantined')).toEqual([
      'ada agrees to response cutt for demo/nginx, which does not wait there',
    ]);
    expect(waiting()).toEqual(['evict', 'cut']);
    expect(await room.take({}, response({ name: 'cutt', mode: 'approve' }))).toBe('waiting');
    await room.quiet();
    expect(room.record()).toBeUndefined();
    expect(approvalOf(room.cluster.pod(NGINX))).toBeUndefined();
  });

  test('what is refused is not done, also where somebody agrees; the rest waits on', async () => {
    await say({
      ...{ [QUARANTINE_APPROVAL_ANNOTATION]: 'ada', [QUARANTINE_DISMISSAL_ANNOTATION]: 'bob' },
      [QUARANTINE_APPROVED_RESPONSES_ANNOTATION]: '*',
      [QUARANTINE_DISMISSED_RESPONSES_ANNOTATION]: 'evict',
    });
    expect(room.record()).toMatchObject({ by: 'cut', approvedBy: 'ada' });
    expect([room.reasons().includes('Evicted'), waiting()]).toEqual([false, []]);
    expect(told('Dismissed')).toEqual([
      'bob has refused it, and nothing is done: waits for approval to evict demo/nginx: Rule',
    ]);
    const { annotations = {} } = room.cluster.pod(NGINX).metadata ?? {};
    expect(annotations).not.toHaveProperty(QUARANTINE_DISMISSAL_ANNOTATION);
    expect(annotations).not.toHaveProperty(QUARANTINE_DISMISSED_RESPONSES_ANNOTATION);
  });

  test('what is refused does not wait again because of an alert that was known, nor within the cooldown', async () => {
    await say({ [QUARANTINE_DISMISSAL_ANNOTATION]: 'bob' });
    expect(waiting()).toEqual([]);
    expect(told('Dismissed')).toHaveLength(2);
    const before = room.reasons().length;
    // Also by a process that knows nothing of it but what the Pod says.
    await room.stop();
    room.start();
    for (const at of [NOW - MINUTE, NOW, NOW + 4 * MINUTE]) {
      expect(await room.take({}, cut, at)).toBe('dismissed');
      expect(await room.take({}, response(), at)).toBe('dismissed');
    }
    await room.quiet();
    expect([waiting(), room.record(), room.reasons().length]).toEqual([[], undefined, before]);
    // Each of them is only looked at, however many there are.
    expect(room.decisions).toBe(2);
    // Long after, one that was raised then still is no new one.
    room.now += 20 * MINUTE;
    expect(await room.take({}, cut, NOW + MINUTE)).toBe('dismissed');
    expect(await room.take({}, cut, NOW + 6 * MINUTE)).toBe('waiting');
    expect(waiting()).toEqual(['cut']);
  });

  test('what says that it is refused in times to come keeps from nothing', async () => {
    const refused = (at: string) => JSON.stringify([{ response: 'cut', by: 'x', at, alert: 'none' }]);
    await say({ [QUARANTINE_DISMISSED_ANNOTATION]: refused('2099-01-01T00:00:00Z') });
    room.now += 10 * MINUTE;
    expect(await room.take({}, response())).toBe('quarantined');
    await room.stop();
    open(
      {},
      {
        metadata: {
          annotations: { [QUARANTINE_DISMISSED_ANNOTATION]: refused(new Date(NOW).toISOString()) },
        },
      },
    );
    room.start();
    expect(await room.take({}, response())).toBe('dismissed');
  });

  test('a refusal of which no Event can tell is carried out, and told once one can', async () => {
    room.cluster.refusing.writeEvent = () => answer(503);
    await say({ [QUARANTINE_DISMISSAL_ANNOTATION]: 'bob' });
    expect([waiting(), told('Dismissed')]).toEqual([[], []]);
    delete room.cluster.refusing.writeEvent;
    while (told('Dismissed').length < 2) await room.quiet();
  });

  test('a refusal is of what waits, and of nothing that comes in the same moment', async () => {
    const { metadata } = room.cluster.pod(NGINX);
    const annotations = { ...metadata?.annotations, [QUARANTINE_DISMISSAL_ANNOTATION]: 'bob' };
    room.cluster.setPod(NGINX, { metadata: { ...metadata, annotations } }, true);
    expect(await room.take({}, response({ name: 'other', mode: 'approve' }))).toBe('waiting');
    await room.quiet();
    expect([waiting(), told('Dismissed').length]).toEqual([['other'], 2]);
  });
});

test('who has agreed to one response has not agreed to the next', async () => {
  const other = response({ name: 'other', mode: 'approve' });
  open({ responses: [other] }, agreedTo({ response: 'gone' }));
  room.start();
  expect(await room.take({}, other)).toBe('waiting');
  await room.quiet();
  expect(room.record()).toBeUndefined();
  expect(room.cluster.pod(NGINX).metadata?.annotations).not.toHaveProperty(QUARANTINE_APPROVAL_ANNOTATION);
});

describe.each([
  ['nothing', {}],
  ['DNS', { allowDns: true }],
  ['a namespace for forensics', { forensicsNamespace: 'forensics' }],
])('where a quarantine lets %s open', (_, opened) => {
  test('labels by which another policy lets the Pod out are taken, and people are told', async () => {
    const stripping = response({ name: 'strip', strip: true });
    const cut = { ingress: false, allowDns: false, denyTiers: [], ...opened };
    open({ responses: [stripping], cut }, { metadata: { labels: { app: 'nginx', out: 'true' } } });
    room.cluster.setPolicy(allowAll('lets-out', { matchLabels: { out: 'true' } }));
    room.start();
    expect(await room.take({}, stripping)).toBe('quarantined');
    await room.quiet();
    expect(room.record()).toMatchObject({ verdict: { verdict: 'contained' }, labels: { out: 'true' } });
    expect(room.reasons()).toContain('LabelsStripped');
  });
});

describe('a tier that can deny', () => {
  const labels = { app: 'nginx', out: 'true' };
  const stripping = response({ name: 'strip', strip: true });

  beforeEach(() => {
    open({ responses: [response(), stripping] }, { metadata: { labels } });
    room.cluster.served.add('Cilium');
    room.cluster.setPolicy(allowAll('lets-out', { matchLabels: { out: 'true' } }));
    room.start();
  });

  test('denies, and the Pod keeps the labels that could be stripped', async () => {
    expect(await room.take({}, stripping)).toBe('quarantined');
    await room.quiet();
    expect(room.cluster.pod(NGINX).metadata?.labels).toEqual({ ...labels, [QUARANTINE_LABEL]: 'true' });
    expect(room.record()?.verdict).toMatchObject({ verdict: 'contained' });
    expect(room.reasons()).not.toContain('LabelsStripped');
  });

  test('denies, and no label goes while only its watch is behind', async () => {
    room.cluster.unseen = [];
    expect(await room.take({}, stripping)).toBe('quarantined');
    await room.quiet();
    expect(room.cluster.pod(NGINX).metadata?.labels).toMatchObject(labels);
    for (const show of room.cluster.unseen) show();
    await room.quiet();
    expect(room.record()?.verdict).toMatchObject({ verdict: 'contained' });
    expect(room.cluster.pod(NGINX).metadata?.labels).toMatchObject(labels);
  });

  test('but refuses: then the labels go, and the verdict is told, while it is tried on', async () => {
    room.cluster.refusing.applyDenyPolicy = () => answer(403);
    expect(await room.take({}, stripping)).toBe('quarantined');
    await room.quiet();
    expect(room.cluster.pod(NGINX).metadata?.labels).toEqual({ app: 'nginx', [QUARANTINE_LABEL]: 'true' });
    expect(room.record()).toMatchObject({ verdict: { verdict: 'contained' }, labels: { out: 'true' } });
    expect(room.reasons()).toContain('LabelsStripped');
  });

  test('but refuses, and nothing may be stripped: the verdict is recorded and told all the same', async () => {
    room.cluster.refusing.applyDenyPolicy = () => answer(403);
    expect(await room.take()).toBe('quarantined');
    await room.quiet();
    expect(room.record()?.verdict).toMatchObject({ summary: expect.stringContaining('lets-out') as string });
    expect(room.reasons()).toContain('NotContained');
    delete room.cluster.refusing.applyDenyPolicy;
    while (room.record()?.verdict?.verdict !== 'contained') await room.quiet();
    expect(room.reasons()).toContain('Contained');
  });
});

test('a record whose end is no time is held like one without an end', async () => {
  const later: number[] = [];
  for (const expires of [{}, { expires: 'soon' }]) {
    const record = {
      ...{ reason: 'Rule', by: 'cut', since: '2026-11-22T09:14:00Z', ...expires },
      ...{ alerts: ['a'], labels: { [QUARANTINE_LABEL]: null } },
    };
    const annotations = { [QUARANTINE_RECORD_ANNOTATION]: JSON.stringify(record) };
    open({}, { metadata: { labels: { [QUARANTINE_LABEL]: 'true' }, annotations } });
    room.start();
    await room.quiet();
    expect(room.record()).toMatchObject({ ...expires, verdict: { verdict: 'contained' } });
    later.push(room.later());
    await room.stop();
  }
  // Whether policies have to go: of its namespace, of none, and of the tiers. The Pod itself waits for no time.
  expect(later).toEqual([3, 3]);
});

describe('in a namespace that is being deleted', () => {
  const going = { deletionTimestamp: '2026-11-22T09:14:59Z' };

  test('the label and the record are written, and the verdict says that no policy can be made', async () => {
    open();
    room.cluster.setNamespace('demo', going);
    room.start();
    expect(await room.take()).toBe('quarantined');
    await room.quiet();
    expect(room.record()).toMatchObject({ by: 'cut', verdict: { verdict: 'not-contained' } });
    expect(room.cluster.pod(NGINX).metadata?.labels).toMatchObject({ [QUARANTINE_LABEL]: 'true' });
    const told = room.cluster.events.find(({ reason }) => reason === 'Quarantined');
    expect(told?.message).toContain('not contained');
  });

  test('a tier denies what no policy can', async () => {
    open();
    room.cluster.served.add('Cilium');
    room.cluster.setNamespace('demo', going);
    room.start();
    expect(await room.take()).toBe('quarantined');
    await room.quiet();
    expect(room.record()).toMatchObject({ verdict: { verdict: 'contained' } });
  });

  test('the standing policy that is still there counts', async () => {
    open();
    room.start();
    const other = { namespace: 'demo', name: 'other' };
    room.cluster.setPod(other);
    expect(await room.take({ name: 'other' })).toBe('quarantined');
    room.cluster.setNamespace('demo', going);
    expect(await room.take()).toBe('quarantined');
    expect(room.record()).toMatchObject({ verdict: { verdict: 'contained' } });
  });
});

test('the standing policy is written once for all Pods that are cut off at once', async () => {
  open();
  const names = Array.from({ length: 100 }, (_, index) => `pod-${index}`);
  for (const name of names) room.cluster.setPod({ namespace: 'demo', name });
  room.start();
  const outcomes = await Promise.all(names.map((name) => room.take({ name })));
  await room.quiet();
  expect(new Set(outcomes)).toEqual(new Set(['quarantined']));
  const count = (call: string): number => room.cluster.written.filter((each) => each === call).length;
  // Besides, one patch and one Event a Pod.
  expect([count('applyNetworkPolicy'), count('patchPod'), count('writeEvent'), count('getPod')]).toEqual([
    1, 100, 100, 0,
  ]);
  expect(room.cluster.state.networkPolicies.list('demo')).toMatchObject([
    { metadata: { name: QUARANTINE_POLICY } },
  ]);
});

test('without a right to delete, a Pod whose time is over is held, and people are told', async () => {
  open(
    {},
    {
      metadata: {
        labels: { [QUARANTINE_LABEL]: 'true' },
        annotations: {
          [QUARANTINE_RECORD_ANNOTATION]: JSON.stringify({
            ...{ reason: 'Rule', by: 'gone', since: '2026-11-22T09:00:00Z', expires: '2026-11-22T09:10:00Z' },
            ...{ onExpiry: 'delete', alerts: ['a'], labels: { [QUARANTINE_LABEL]: null } },
          }),
        },
      },
    },
  );
  room.cluster.refusing.deletePod = () => answer(403);
  room.start();
  await room.quiet();
  expect(room.cluster.events).toContainEqual(
    expect.objectContaining({
      reason: 'Expired',
      message: expect.stringContaining('may not delete') as string,
    }),
  );
  expect(room.record()).toMatchObject({ verdict: { verdict: 'contained' } });
});
