import {
  standingPolicy,
  stripPlan,
  type Selecting,
  type SelectedPod,
  type StripOptions,
} from '../../lib/containment';
import { QUARANTINE_LABEL } from '../../lib/names';
import { egress } from './policies';
import { WEB } from './situations';

const STANDING = standingPolicy('shop');
const labelled = (labels: Record<string, string>): SelectedPod => ({
  ...WEB,
  labels: { ...labels, [QUARANTINE_LABEL]: 'true' },
});
const POD = labelled({ app: 'web', tier: 'front', 'pod-template-hash': 'abc' });
const by = (...keys: string[]) => ({
  matchLabels: Object.fromEntries(keys.map((key) => [key, POD.labels[key] ?? 'x'])),
});
const allow = (podSelector: object, name = 'p') => egress([{}], podSelector, name);

const plan = (
  policies: Parameters<typeof stripPlan>[1],
  selecting?: Selecting,
  options?: StripOptions,
  pod = POD,
) => stripPlan(pod, [STANDING, ...policies], selecting, options);

test('where nothing is open nothing is stripped', () => {
  expect(plan([])).toEqual({ kind: 'nothing-to-strip' });
});

test('the label by which a policy selects goes, with its value', () => {
  expect(plan([allow(by('app'))])).toEqual({ kind: 'strip', remove: { app: 'web' }, effects: [] });
});

test('one label that two policies need, not one for each', () => {
  expect(plan([allow(by('app', 'tier')), allow(by('tier'), 'q')])).toMatchObject({
    remove: { tier: 'front' },
  });
});

test('the way with fewer effects on others, though it takes more labels', () => {
  const policies = [allow(by('app', 'tier')), allow({ matchLabels: { app: 'web', zone: 'a' } }, 'q')];
  const services = [{ metadata: { name: 'web' }, spec: { selector: { app: 'web' } } }];
  const pod = labelled({ app: 'web', tier: 'front', zone: 'a' });
  expect(plan(policies, { services }, {}, pod)).toEqual({
    kind: 'strip',
    remove: { tier: 'front', zone: 'a' },
    effects: [],
  });
  expect(plan(policies, {}, {}, pod)).toMatchObject({ remove: { app: 'web' } });
});

test('what a Service, a budget and an owner lose is told beforehand', () => {
  const selecting: Selecting = {
    services: [
      { metadata: { name: 'web' }, spec: { selector: { app: 'web' } } },
      { metadata: { name: 'external' }, spec: {} },
      { metadata: { name: 'others' }, spec: { selector: { tier: 'front' } } },
    ],
    budgets: [{ metadata: { name: 'web' }, spec: { selector: by('app') } }],
    owners: [{ kind: 'ReplicaSet', metadata: { name: 'web-1' }, spec: { selector: by('app') } }],
  };
  const result = plan([allow(by('app'))], selecting, { budgets: true });
  expect(result.kind === 'strip' && result.effects.map(({ line }) => line)).toEqual([
    'Service shop/web no longer sends the Pod traffic',
    'PodDisruptionBudget shop/web no longer counts the Pod',
    'ReplicaSet shop/web-1 lets the Pod go and starts a replacement; after the release it may stop either',
  ]);
});

test.each([
  ['StatefulSet', /can start no replacement/],
  ['DaemonSet', /a second one on its node/],
])('a %s says what it does', (kind, line) => {
  const owners = [{ kind, metadata: { name: 'o' }, spec: { selector: by('app') } }];
  expect(plan([allow(by('app'))], { owners })).toMatchObject({
    effects: [{ kind: 'owner', change: 'leaves', line: expect.stringMatching(line) as string }],
  });
});

test('an owner whose selector nobody knows perhaps loses the Pod', () => {
  const owners = [{ kind: 'StatefulSet', metadata: { name: 'o' } }];
  expect(plan([allow(by('app'))], { owners })).toMatchObject({
    effects: [{ kind: 'owner', line: expect.stringContaining('shop/o perhaps lets the Pod go') as string }],
  });
});

test('a budget keeps its Pod unless it is allowed to lose it', () => {
  const budgets = [{ metadata: { name: 'web' }, spec: { selector: by('app') } }];
  expect(plan([allow(by('app'))], { budgets })).toMatchObject({ kind: 'impossible' });
  expect(plan([allow(by('app', 'tier'))], { budgets })).toMatchObject({ remove: { tier: 'front' } });
});

test.each([
  ['podSelector {}', {}],
  ['a selector of what the Pod lacks', { matchExpressions: [{ key: 'no', operator: 'DoesNotExist' }] }],
  ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['db'] }] }],
  ['the quarantine label', by(QUARANTINE_LABEL)],
  ['pod-template-hash', by('pod-template-hash')],
])('%s can not be stripped away, and is to blame', (_, selector) => {
  const result = plan([allow(by('app'), 'fine'), allow(selector, 'stubborn')]);
  expect(result).toMatchObject({ kind: 'impossible', residuals: [{ policy: { name: 'stubborn' } }] });
  expect(result.kind === 'impossible' && result.line).toMatch(
    /^no label that may be touched takes the Pod away from NetworkPolicy shop\/stubborn/,
  );
});

test('pod-template-hash goes where detaching is wanted', () => {
  expect(plan([allow(by('pod-template-hash'))], {}, { detach: true })).toMatchObject({
    remove: { 'pod-template-hash': 'abc' },
  });
});

test.each([
  'controller-revision-hash',
  'batch.kubernetes.io/job-name',
  'service.istio.io/canonical-name',
  'own/keep',
  'ours.example/x',
])('%s stays', (key) => {
  const pod = labelled({ [key]: 'x' });
  const policies = [allow({ matchLabels: { [key]: 'x' } })];
  const untouchable = ['own/*', 'ours.example/x'];
  expect(plan(policies, {}, { untouchable }, pod)).toMatchObject({ kind: 'impossible' });
});

test('a label whose loss makes another policy select the Pod is no way out', () => {
  const other = allow({ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, 'q');
  expect(plan([allow(by('app', 'tier')), other])).toMatchObject({ remove: { tier: 'front' } });
  expect(plan([allow(by('app')), other])).toMatchObject({ kind: 'impossible' });
});

test('without the standing policy no loss of labels helps', () => {
  expect(stripPlan(POD, [allow(by('app'))])).toMatchObject({ kind: 'impossible' });
});

test('many labels are taken one after another', () => {
  const keys = Array.from({ length: 14 }, (_, place) => `key-${place}`);
  const pod = labelled(Object.fromEntries(keys.map((key) => [key, 'x'])));
  const policies = keys.map((key) => allow({ matchLabels: { [key]: 'x' } }, key));
  const result = plan(policies, {}, {}, pod);
  expect(result.kind === 'strip' && Object.keys(result.remove).sort()).toEqual([...keys].sort());
});
