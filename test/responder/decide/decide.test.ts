import type { WatchedPod } from '../../../lib/responder/cluster/cluster';
import type { CheckedResponse } from '../../../lib/responder/responses/read-responses';
import { decide, type DecisionInput } from '../../../lib/responder/decide/decide';

const UID = '8d8f0c1e-0000-4000-8000-000000000001';

const pod = (over: { metadata?: object; spec?: object } = {}): WatchedPod => ({
  metadata: {
    ...{ name: 'nginx', namespace: 'demo', uid: UID, resourceVersion: '7' },
    labels: { app: 'nginx' },
    ...over.metadata,
  },
  spec: { nodeName: 'node-1', ...over.spec },
  status: { phase: 'Running' },
});

const response = (over: Partial<CheckedResponse> = {}): CheckedResponse => ({
  ...{ name: 'r', match: 'rule = x', action: 'quarantine', mode: 'enforce', onExpiry: 'release' },
  ...{ cooldownSeconds: 300, strip: false, detach: false, snapshot: false },
  ...over,
});

function input(over: Partial<DecisionInput> = {}): DecisionInput {
  return {
    alert: {
      id: 'a',
      rule: 'Rule',
      time: '2026-11-22T09:14:00Z',
      namespace: 'demo',
      pod: 'nginx',
      podUid: UID,
    },
    node: 'node-1',
    response: response(),
    pod: pod(),
    protected: { namespaces: ['kube-system'], podLabels: {} },
    limits: { perNamespace: 5, perCluster: 20, perMinute: 10, ownerPercent: 50 },
    maxAgeSeconds: 3600,
    around: { quarantined: { inCluster: 0, inNamespace: 0 }, begunLastMinute: 0, pods: [], budgets: [] },
    owner: undefined,
    before: { count: 0 },
    now: new Date('2026-11-22T09:15:00Z'),
    dismissed: false,
    paused: false,
    expected: { verdict: { verdict: 'contained', summary: 'contained' } },
    ...over,
  };
}

const full = { around: { ...input().around, begunLastMinute: 10 } };
const cut = pod({ metadata: { labels: { 'falco-egress.io/quarantine': 'true' } } });
const act = (over: Partial<CheckedResponse>) => ({ response: response(over) });

test.each<[string, Partial<DecisionInput>, object]>([
  ['an alert of the Pod', {}, { kind: 'quarantine' }],
  ['of another node', { node: 'node-2' }, { kind: 'not-believed' }],
  ['of a node that nobody tells', { node: undefined }, { kind: 'quarantine' }],
  ['of no Pod that is there', { pod: undefined }, { kind: 'not-believed' }],
  ['of a Pod of the same name', { pod: pod({ metadata: { uid: 'other' } }) }, { kind: 'not-believed' }],
  ['of one that is cut off', { pod: cut }, { kind: 'settled' }],
  [
    'observed',
    act({ mode: 'observe' }),
    { kind: 'observe', line: 'would quarantine demo/nginx: Rule; it would be contained' },
  ],
  [
    'observed, with the labels that would go',
    {
      ...act({ mode: 'observe' }),
      expected: { verdict: { verdict: 'contained', summary: 'contained' }, strip: { app: 'nginx' } },
    },
    {
      kind: 'observe',
      line: 'would quarantine demo/nginx: Rule, without its labels app; it would be contained',
    },
  ],
  [
    'to be approved, with the labels that would go and what that does',
    {
      ...act({ mode: 'approve' }),
      expected: {
        verdict: { verdict: 'contained', summary: 'contained' },
        strip: { app: 'nginx' },
        effects: [
          {
            ...{
              kind: 'service',
              change: 'leaves',
              line: 'Service demo/web no longer sends the Pod traffic',
            },
            object: { kind: 'Service', namespace: 'demo', name: 'web' },
          },
        ],
      },
    },
    {
      line: 'waits for approval to quarantine demo/nginx: Rule, without its labels app (Service demo/web no longer sends the Pod traffic)',
    },
  ],
  ['over a limit while responses are paused', { ...full, paused: true }, { kind: 'paused' }],
  ['to be approved', act({ mode: 'approve' }), { kind: 'wait', why: 'approval' }],
  [
    'approved',
    { ...act({ mode: 'approve' }), approvedBy: 'ada' },
    { kind: 'quarantine', plan: { record: { approvedBy: 'ada' } } },
  ],
  [
    'to be approved, of an owner of which a Pod has been',
    { ...act({ mode: 'approve' }), owner: 'Deployment/nginx', before: { count: 1, approvedBy: 'ada' } },
    { kind: 'quarantine', plan: { record: { approvedBy: 'ada', before: 1 } } },
  ],
  [
    'to be approved, of an owner of which a Pod has been, over a limit',
    {
      ...full,
      ...act({ mode: 'approve' }),
      owner: 'Deployment/nginx',
      before: { count: 1, approvedBy: 'ada' },
    },
    { kind: 'wait', why: 'limit-minute' },
  ],
  ['over a limit', full, { kind: 'wait', why: 'limit-minute' }],
  ['over a limit, observed', { ...full, ...act({ mode: 'observe' }) }, { kind: 'refused' }],
  ['over a limit, that somebody lets pass', { ...full, approvedBy: 'ada' }, { kind: 'quarantine' }],
  ['over a limit, to be labelled', { ...full, ...act({ action: 'label' }) }, { kind: 'label' }],
  [
    'over a limit, to be evicted',
    { ...full, ...act({ action: 'evict' }) },
    { kind: 'wait', why: 'limit-minute' },
  ],
  ['of a protected namespace', { protected: { namespaces: ['demo'], podLabels: {} } }, { kind: 'refused' }],
  [
    'of a protected namespace, though somebody agrees',
    { protected: { namespaces: ['demo'], podLabels: {} }, approvedBy: 'ada' },
    { kind: 'refused' },
  ],
  ['on the network of its node', { pod: pod({ spec: { hostNetwork: true } }) }, { kind: 'refused' }],
  [
    'on the network of its node, to be evicted',
    { pod: pod({ spec: { hostNetwork: true } }), ...act({ action: 'evict' }) },
    { kind: 'evict' },
  ],
  [
    'on the network of its node, to be evicted, over a limit',
    { pod: pod({ spec: { hostNetwork: true } }), ...full, ...act({ action: 'evict' }) },
    { kind: 'wait' },
  ],
  ['cut off, to be deleted', { pod: cut, ...act({ action: 'delete' }) }, { kind: 'delete' }],
  ['too old', { maxAgeSeconds: 30 }, { kind: 'refused', refusal: { code: 'too-old' } }],
  ['while responses are paused', { paused: true }, { kind: 'paused' }],
  [
    'while responses are paused, to be told',
    { paused: true, ...act({ action: 'notify' }) },
    { kind: 'notify' },
  ],
  ['to be told, of a Pod that is gone', { pod: undefined, ...act({ action: 'notify' }) }, { kind: 'notify' }],
  ['to be told, of another Pod', { node: 'node-2', ...act({ action: 'notify' }) }, { kind: 'not-believed' }],
])('%s', (_, over, wanted) => {
  expect(decide(input(over))).toMatchObject(wanted);
});
