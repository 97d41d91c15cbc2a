import {
  agreedOn,
  approvalOf,
  parseRecord,
  pendingPatch,
  planQuarantine,
  releasePlan,
  stripPatch,
  waitingOn,
  type Labels,
  type PatchOperation,
  type Pod,
  type QuarantineInput,
} from '../../lib/containment';
import { QUARANTINE_LABEL, QUARANTINE_RECORD_ANNOTATION } from '../../lib/names';
import { patched } from './json-patch';

const NOW = new Date('2026-11-22T09:15:00Z');
const UID = '8d8f0c1e-0000-4000-8000-000000000001';
const CONTAINER = 'a'.repeat(12);

function pod(changes: { metadata?: object; spec?: object; status?: object } = {}): Pod {
  return {
    metadata: {
      name: 'nginx',
      namespace: 'demo',
      uid: UID,
      resourceVersion: '7',
      creationTimestamp: '2026-11-22T09:00:00Z',
      labels: { app: 'nginx' },
      annotations: { note: 'x' },
      ...changes.metadata,
    },
    spec: { ...changes.spec },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], ...changes.status },
  };
}

const ofOwner = (uid: string, labels: object = {}): Pod =>
  pod({
    metadata: {
      uid,
      name: uid,
      labels: { app: 'nginx', ...labels },
      ownerReferences: [{ uid: 'rs', kind: 'ReplicaSet', name: 'rs', controller: true }],
    },
  });
const CUT = { [QUARANTINE_LABEL]: 'true' };

function input(changes: Partial<QuarantineInput> = {}): QuarantineInput {
  return {
    alert: {
      id: 'alert-1',
      rule: 'Connection to vistatech.it',
      time: '2026-11-22T09:14:03.123456789Z',
      namespace: 'demo',
      pod: 'nginx',
      podUid: UID,
    },
    pod: pod(),
    response: { name: 'website', mode: 'enforce', ttlSeconds: 4 * 3600 },
    protected: { namespaces: ['kube-system'], podLabels: { 'keep.example/protected': 'yes' } },
    limits: { perNamespace: 5, perCluster: 20, perMinute: 10, ownerPercent: 50 },
    around: { quarantined: { inCluster: 0, inNamespace: 0 }, begunLastMinute: 0, pods: [], budgets: [] },
    now: NOW,
    ...changes,
  };
}

const alert = (changes: object): Partial<QuarantineInput> => ({ alert: { ...input().alert, ...changes } });
const around = (changes: object): Partial<QuarantineInput> => ({ around: { ...input().around, ...changes } });

function planned(changes: Partial<QuarantineInput> = {}) {
  const plan = planQuarantine(input(changes));
  if (plan.kind !== 'plan') throw new Error(plan.line);
  return plan;
}

describe('a plan', () => {
  test('labels this Pod, keeps a record, and tests what it has seen', () => {
    const plan = planned();
    expect(plan).toMatchObject({
      act: 'now',
      line: 'quarantine demo/nginx until 2026-11-22T13:15:00.000Z: Connection to vistatech.it',
      standingPolicy: {
        metadata: { name: 'falco-egress-quarantine', namespace: 'demo' },
        spec: { policyTypes: ['Egress'] },
      },
    });
    const after = patched(pod(), plan.patch);
    expect(after.metadata?.labels).toEqual({ app: 'nginx', ...CUT });
    expect(parseRecord(after.metadata?.annotations?.[QUARANTINE_RECORD_ANNOTATION] ?? '')).toEqual({
      reason: 'Connection to vistatech.it',
      by: 'website',
      since: NOW.toISOString(),
      expires: '2026-11-22T13:15:00.000Z',
      alerts: ['alert-1'],
      onExpiry: 'release',
      labels: { [QUARANTINE_LABEL]: null },
    });
    expect(() => patched(pod({ metadata: { uid: 'another' } }), plan.patch)).toThrow('/metadata/uid');
  });

  test('of a Pod without labels fails where somebody has added one meanwhile', () => {
    const bare = pod({ metadata: { labels: undefined } });
    const { patch } = planned({ pod: bare });
    expect(patched(bare, patch).metadata?.labels).toEqual(CUT);
    expect(() => patched(pod({ metadata: { resourceVersion: '8' } }), patch)).toThrow(
      '/metadata/resourceVersion',
    );
  });

  test.each([
    ['observe', false, 'never', /^would quarantine demo\/nginx/],
    ['observe', true, 'never', /^would quarantine/],
    ['approve', false, 'after-approval', /^wait for approval/],
    ['approve', true, 'now', /^quarantine/],
    ['enforce', false, 'now', /^quarantine/],
  ] as const)('in mode %s, approved %s: %s', (mode, approved, act, line) => {
    const plan = planned({ response: { name: 'r', mode }, ...(approved && { approvedBy: 'ada' }) });
    expect(plan.act).toBe(act);
    expect(plan.line).toMatch(line);
    expect(plan.line).toContain('until it is released');
  });

  test('also of ingress', () => {
    const plan = planned({ response: { name: 'r', mode: 'enforce', ingress: true } });
    expect(plan.standingPolicy.spec.policyTypes).toEqual(['Ingress', 'Egress']);
  });

  test.each([
    ['UID', {}],
    ['container id', { podUid: undefined, containerId: CONTAINER }],
    ['container id, where Falco does not know the UID', { podUid: '<NA>', containerId: CONTAINER }],
    ['id of a container that has ended', { podUid: undefined, containerId: 'b'.repeat(12) }],
    ['time', { podUid: undefined }],
    ['time, where Falco knows nothing', { podUid: '', containerId: '<NA>' }],
  ])('the Pod is known by its %s', (_, changes) => {
    const id = (digit: string) => `containerd://${digit.repeat(64)}`;
    const status = {
      containerStatuses: [{ containerID: id('a'), lastState: { terminated: { containerID: id('b') } } }],
    };
    expect(planQuarantine(input({ ...alert(changes), pod: pod({ status }) })).kind).toBe('plan');
  });
});

describe('a refusal', () => {
  const budget = (disruptionsAllowed: number, selector: object | undefined = {}) => ({
    metadata: { name: 'pdb', namespace: 'demo' },
    spec: { selector },
    status: { disruptionsAllowed },
  });
  const cutPod = pod({ metadata: { labels: CUT, uid: 'other', name: 'other' } });
  const third = [ofOwner('a', CUT), ofOwner('b'), ofOwner('c')];

  test.each<[string, Partial<QuarantineInput>, string]>([
    ['an alert decided on before', { replayed: true }, 'alert alert-1 has been decided on already'],
    ['no Pod', { pod: undefined }, 'there is no Pod demo/nginx'],
    ['another UID', alert({ podUid: 'old' }), 'demo/nginx is now another Pod: the alert is of UID old'],
    [
      'a UID that is another, though the container fits',
      alert({ podUid: 'old', containerId: CONTAINER }),
      'demo/nginx is now another Pod: the alert is of UID old',
    ],
    [
      'another container',
      alert({ podUid: undefined, containerId: 'c'.repeat(12) }),
      'demo/nginx has no container cccccccccccc, of which the alert is',
    ],
    [
      'too few digits',
      {
        ...alert({ podUid: undefined, containerId: 'a' }),
        pod: pod({ status: { containerStatuses: [{ containerID: 'containerd://a' }] } }),
      },
      'demo/nginx has no container a, of which the alert is',
    ],
    [
      'a Pod younger than the alert',
      alert({ podUid: undefined, time: '2026-11-22T08:59:59Z' }),
      'demo/nginx is not surely older than the alert, which tells no UID and no container id',
    ],
    [
      'a Pod of the same second',
      alert({ podUid: undefined, time: '2026-11-22T09:00:00.900Z' }),
      'demo/nginx is not surely older than the alert, which tells no UID and no container id',
    ],
    [
      'the next Pod of a name, by a node whose clock is five seconds ahead',
      alert({ podUid: undefined, time: '2026-11-22T09:00:05.998Z' }),
      'demo/nginx is not surely older than the alert, which tells no UID and no container id',
    ],
    [
      'a time that is none',
      alert({ podUid: undefined, time: 'yesterday' }),
      'nothing says that demo/nginx is the Pod of the alert: no UID, container id or time',
    ],
    ['another name', alert({ pod: 'cart' }), 'the Pod is not demo/cart, of which the alert is'],
    ['a Pod that has ended', { pod: pod({ status: { phase: 'Succeeded' } }) }, 'demo/nginx has ended'],
    ['an old alert', { maxAgeSeconds: 30 }, 'the alert is older than 30 s'],
    ['an alert of no time', { ...alert({ time: 'x' }), maxAgeSeconds: 30 }, 'the alert is older than 30 s'],
    [
      'the network of the node',
      { pod: pod({ spec: { hostNetwork: true } }) },
      'demo/nginx is on the network of its node, where no policy holds it',
    ],
    [
      'a protected namespace',
      { protected: { namespaces: ['demo'], podLabels: {} } },
      'namespace demo is protected',
    ],
    [
      'a protected label',
      { pod: pod({ metadata: { labels: { 'keep.example/protected': 'yes' } } }) },
      'demo/nginx is protected by its label keep.example/protected=yes',
    ],
    ['a quarantined Pod', { pod: pod({ metadata: { labels: CUT } }) }, 'demo/nginx is quarantined already'],
    [
      'the namespace is full',
      {
        limits: { ...input().limits, perNamespace: 1 },
        ...around({ quarantined: { inCluster: 1, inNamespace: 1 } }),
      },
      'namespace demo has 1 quarantined Pods, of at most 1',
    ],
    [
      'the cluster is full',
      {
        limits: { ...input().limits, perCluster: 1 },
        ...around({ quarantined: { inCluster: 1, inNamespace: 0 } }),
      },
      'the cluster has 1 quarantined Pods, of at most 1',
    ],
    [
      'the minute is full',
      around({ begunLastMinute: 10 }),
      '10 Pods were cut off, evicted or deleted within a minute, of at most 10',
    ],
    [
      'the share of its owner',
      { ...around({ pods: third }), pod: ofOwner('b'), ...alert({ podUid: 'b', pod: 'b' }) },
      '1 of the 3 Pods of its owner are quarantined, of at most 1 (50 %)',
    ],
    [
      'a budget',
      around({ budgets: [budget(0)], pods: [pod()] }),
      'PodDisruptionBudget demo/pdb allows 0 disruptions, and 0 of its Pods are quarantined',
    ],
    [
      'a budget that still counts a quarantined Pod',
      around({ budgets: [budget(1)], pods: [pod(), cutPod] }),
      'PodDisruptionBudget demo/pdb allows 1 disruptions, and 1 of its Pods are quarantined',
    ],
  ])('%s', (_, changes, line) => {
    expect(planQuarantine(input(changes))).toMatchObject({ kind: 'refusal', line });
  });

  test('of the same alert again', () => {
    const cut = patched(pod(), planned().patch);
    expect(planQuarantine(input({ pod: cut }))).toMatchObject({ code: 'replayed' });
    expect(planQuarantine(input({ pod: cut, ...alert({ id: 'alert-2' }) }))).toMatchObject({
      code: 'already-quarantined',
    });
  });

  test('by a limit waits for a person, who may pass it; a protected Pod waits for nobody', () => {
    const full = around({ begunLastMinute: 10 });
    expect(planQuarantine(input(full))).toMatchObject({ code: 'limit-minute', waits: true });
    expect(planQuarantine(input({ ...full, approvedBy: 'ada' })).kind).toBe('plan');
    const kept = { protected: { namespaces: ['demo'], podLabels: {} }, approvedBy: 'ada' };
    expect(planQuarantine(input(kept))).toMatchObject({ code: 'protected-namespace', waits: false });
  });

  test.each<[string, Partial<QuarantineInput>]>([
    [
      'the only Pod of an owner',
      { ...around({ pods: [ofOwner('a')] }), pod: ofOwner('a'), ...alert({ podUid: 'a', pod: 'a' }) },
    ],
    ['a budget with a disruption left', around({ budgets: [budget(1)], pods: [pod()] })],
    ['a budget of others', around({ budgets: [budget(0, { matchLabels: { app: 'db' } })] })],
    ['a budget without a selector, which selects nothing', around({ budgets: [{ ...budget(0), spec: {} }] })],
    [
      'a Pod that is not Ready, which no budget counts',
      { pod: pod({ status: { conditions: [] } }), ...around({ budgets: [budget(0)] }) },
    ],
  ])('does not come for %s', (_, changes) => {
    expect(planQuarantine(input(changes)).kind).toBe('plan');
  });
});

describe('a release', () => {
  const release = (each: Pod, others: readonly Pod[] = []) => {
    const plan = releasePlan(each, others);
    if (plan.kind !== 'plan') throw new Error(plan.line);
    return plan;
  };
  const cut = (before: Pod): Pod => patched(before, planned({ pod: before }).patch);

  test.each([
    ['a Pod', pod()],
    [
      'a Pod with a label of the name that meant nothing',
      pod({ metadata: { labels: { app: 'x', [QUARANTINE_LABEL]: 'false' } } }),
    ],
    ['a Pod with strange labels', pod({ metadata: { labels: { 'a.b/c~d': '', empty: '' } } })],
  ])('restores %s as it was', (_, before) => {
    const after = cut(before);
    expect(patched(after, release(after).patch)).toEqual(before);
  });

  test('restores stripped labels, of two strippings too', () => {
    const before = pod({ metadata: { labels: { app: 'nginx', tier: '', zone: 'a' } } });
    let now = cut(before);
    const strippings: Labels[] = [{ app: 'nginx', tier: '' }, { zone: 'a' }];
    for (const remove of strippings) now = patched(now, stripPatch(now, remove) ?? []);
    expect(now.metadata?.labels).toEqual(CUT);
    expect(release(now).kept).toEqual([]);
    expect(patched(now, release(now).patch)).toEqual(before);
  });

  test('keeps what somebody else has set meanwhile, and says so', () => {
    const stripped = cut(pod());
    const now = patched(stripped, stripPatch(stripped, { app: 'nginx' }) ?? []);
    const edited = {
      ...now,
      metadata: { ...now.metadata, labels: { ...now.metadata?.labels, app: 'other', own: '1' } },
    };
    expect(release(edited).kept).toEqual(['app']);
    expect(patched(edited, release(edited).patch).metadata?.labels).toEqual({ app: 'other', own: '1' });
  });

  test('takes the standing policy with the last Pod of the namespace', () => {
    const now = cut(pod());
    const elsewhere = pod({ metadata: { uid: 'x', namespace: 'shop', labels: CUT } });
    const other = pod({ metadata: { uid: 'y', labels: CUT } });
    expect(release(now, [now, elsewhere]).removePolicy).toEqual({
      namespace: 'demo',
      name: 'falco-egress-quarantine',
    });
    expect(release(now, [now, other]).removePolicy).toBeUndefined();
  });

  test('is refused for a Pod that is not quarantined, and where the record is lost unless forced', () => {
    expect(releasePlan(pod(), [])).toMatchObject({ code: 'not-quarantined' });
    for (const annotation of ['{', '{"reason":1}', '[]', 'null']) {
      const lost = pod({
        metadata: {
          labels: { app: 'nginx', ...CUT },
          annotations: { [QUARANTINE_RECORD_ANNOTATION]: annotation },
        },
      });
      expect(releasePlan(lost, [])).toMatchObject({ code: 'record-unreadable' });
      expect(stripPatch(lost, { app: 'nginx' })).toBeUndefined();
      const forced = releasePlan(lost, [], { force: true });
      expect(forced.kind === 'plan' && patched(lost, forced.patch).metadata).toMatchObject({
        labels: { app: 'nginx' },
        annotations: {},
      });
    }
  });
});

test('an alert that tells neither UID nor container is believed of a Pod that is six seconds older', () => {
  const late = alert({ podUid: undefined, time: '2026-11-22T09:00:05.999Z' });
  expect(planned(late).act).toBe('now');
});

describe('what waits for a person', () => {
  const pending = {
    reason: 'Connection to vistatech.it',
    response: 'website',
    alert: 'alert-1',
    raised: '2026-11-22T09:14:03Z',
    since: NOW.toISOString(),
    why: 'limit-cluster',
    line: 'the cluster has 20 quarantined Pods, of at most 20',
  };

  /** As a person does with kubectl. */
  const agreeing = (responses: string, by = 'ada'): PatchOperation[] =>
    Object.entries({ by, responses }).map(([word, value]) => ({
      op: 'add',
      path: `/metadata/annotations/falco-egress.io~1quarantine-approved-${word}`,
      value,
    }));

  test('is written on the Pod, and goes with the quarantine', () => {
    const waiting = patched(pod(), pendingPatch(pod(), pending));
    expect(waitingOn(waiting)).toEqual([pending]);
    const approved = patched(waiting, [
      { op: 'add', path: '/metadata/annotations/falco-egress.io~1quarantine-approved-by', value: 'ada' },
    ]);
    expect(approvalOf(approved)).toBe('ada');
    const plan = planned({ pod: approved, approvedBy: 'ada' });
    const cut = patched(approved, plan.patch);
    expect([waitingOn(cut), approvalOf(cut)]).toEqual([[], undefined]);
    expect(parseRecord(cut.metadata?.annotations?.[QUARANTINE_RECORD_ANNOTATION] ?? '')?.approvedBy).toBe(
      'ada',
    );
  });

  test('leaves an agreement to what it was to, be it seen or not', () => {
    const first = patched(pod(), pendingPatch(pod(), pending));
    const agreed = patched(first, agreeing('*'));
    const other = { ...pending, response: 'other' };
    const both = patched(agreed, pendingPatch(agreed, other));
    const marked = { ...pending, agreedBy: 'ada' };
    expect([agreedOn(both), approvalOf(both)]).toEqual([[marked], 'ada']);
    expect(waitingOn(both)).toEqual([marked, other]);
    // Somebody else's name over it is no agreement of theirs.
    const [byBob] = agreeing('*', 'bob');
    expect(agreedOn(patched(both, byBob === undefined ? [] : [byBob]))).toEqual([]);
    // A quarantine takes both away; what is no quarantine waits on, and asks anew.
    const evict = { ...other, action: 'evict' };
    const beside = patched(agreed, pendingPatch(agreed, evict));
    const cut = patched(beside, planned({ pod: beside, approvedBy: 'ada' }).patch);
    expect([waitingOn(cut), approvalOf(cut)]).toEqual([[evict], undefined]);
    expect(() => patched(agreed, pendingPatch(first, other))).toThrow('quarantine-approved-by');
  });

  test('that somebody refuses is not agreed to, whoever else agrees', () => {
    const annotations = {
      'falco-egress.io/quarantine-pending': JSON.stringify([pending, { ...pending, response: 'evict' }]),
      'falco-egress.io/quarantine-approved-by': 'ada',
      'falco-egress.io/quarantine-approved-responses': '*',
      'falco-egress.io/quarantine-dismissed-by': 'bob',
      'falco-egress.io/quarantine-dismissed-responses': 'evict',
    };
    const agreed = agreedOn(pod({ metadata: { annotations } })).map(({ response }) => response);
    expect(agreed).toEqual(['website']);
  });

  test('of each response one, and a quarantine leaves what is no quarantine, with the agreement to it', () => {
    const evict = { ...pending, response: 'evict', action: 'evict' };
    const other = { ...pending, response: 'other', action: 'quarantine' };
    let waiting = pod();
    for (const each of [pending, evict, other, { ...pending, line: 'again' }])
      waiting = patched(waiting, pendingPatch(waiting, each));
    expect(waitingOn(waiting)).toEqual([evict, other, { ...pending, line: 'again' }]);
    waiting = patched(waiting, agreeing('*'));
    const cut = patched(waiting, planned({ pod: waiting, approvedBy: 'ada' }).patch);
    expect([waitingOn(cut), approvalOf(cut)]).toEqual([[{ ...evict, agreedBy: 'ada' }], 'ada']);
  });

  test('goes with the release; where nobody but its time ends a quarantine, other actions wait on', () => {
    const evict = { ...pending, response: 'evict', action: 'evict' };
    const cut = patched(pod(), planned().patch);
    const both = [pending, evict].reduce((seen, each) => patched(seen, pendingPatch(seen, each)), cut);
    const agreed = patched(both, agreeing('*'));
    const left = [{}, { expired: true }].map((options) => {
      const plan = releasePlan(agreed, [agreed], options);
      const after = patched(agreed, plan.kind === 'plan' ? plan.patch : []);
      return [waitingOn(after), approvalOf(after)];
    });
    expect(left).toEqual([
      [[], undefined],
      [[{ ...evict, agreedBy: 'ada' }], 'ada'],
    ]);
  });

  test('of more than can wait the oldest are forgotten', () => {
    let waiting = pod();
    for (let each = 0; each < 20; each++)
      waiting = patched(waiting, pendingPatch(waiting, { ...pending, response: `response-${each}` }));
    expect(waitingOn(waiting).map(({ response }) => response)).toEqual(
      Array.from({ length: 16 }, (_, each) => `response-${each + 4}`),
    );
    const annotations = {
      ...waiting.metadata?.annotations,
      'falco-egress.io/quarantine-approved-by': 'ada',
      'falco-egress.io/quarantine-approved-responses': '*',
    };
    let agreed: Pod = { ...waiting, metadata: { ...waiting.metadata, annotations } };
    for (const response of ['new', 'newer'])
      agreed = patched(agreed, pendingPatch(agreed, { ...pending, response }));
    expect(waitingOn(agreed).map(({ response }) => response)).toEqual([
      ...Array.from({ length: 14 }, (_, each) => `response-${each + 5}`),
      ...['response-19', 'newer'],
    ]);
  });

  test.each(['', '{', '[]', '[1]', '{"reason":1}', JSON.stringify({ ...pending, agreedBy: true })])(
    'is nothing that could be read: %j',
    (text) => {
      const metadata = { annotations: { 'falco-egress.io/quarantine-pending': text } };
      expect(waitingOn(pod({ metadata }))).toEqual([]);
    },
  );
});

test('the plan takes labels in the same patch, and tells of Pods of the owner before', () => {
  const plan = planned({
    strip: { app: 'nginx' },
    owner: 'Deployment/nginx',
    before: 2,
    verdict: { verdict: 'contained', summary: 'contained' },
  });
  expect(plan.line).toContain('; 2 of Deployment/nginx before it');
  const after = patched(pod(), plan.patch);
  expect(after.metadata?.labels).toEqual(CUT);
  expect(plan.record).toMatchObject({
    labels: { app: 'nginx' },
    owner: 'Deployment/nginx',
    before: 2,
    verdict: { verdict: 'contained' },
  });
  const released = releasePlan(after, [after]);
  expect(released.kind === 'plan' && patched(after, released.patch).metadata?.labels).toEqual({
    app: 'nginx',
  });
});
