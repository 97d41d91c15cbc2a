import { randomBytes } from 'node:crypto';

import { QuarantineGuard } from '../../lib/constructs/quarantine-guard';
import { Responder } from '../../lib/constructs/responder';
import { denyPolicy, standingPolicy, type DenyTier } from '../../lib/containment';
import {
  ALERTED_LABEL,
  PAUSE_LABEL,
  QUARANTINE_APPROVAL_ANNOTATION as APPROVAL,
  QUARANTINE_APPROVED_RESPONSES_ANNOTATION as APPROVED_RESPONSES,
  QUARANTINE_DISMISSAL_ANNOTATION as DISMISSAL,
  QUARANTINE_DISMISSED_ANNOTATION as DISMISSED,
  QUARANTINE_DISMISSED_RESPONSES_ANNOTATION as DISMISSED_RESPONSES,
  QUARANTINE_LABEL as LABEL,
  QUARANTINE_PENDING_ANNOTATION as PENDING,
  QUARANTINE_POLICY,
  QUARANTINE_RECORD_ANNOTATION as RECORD,
} from '../../lib/names';
import type { ResponseSettings } from '../../lib/settings/responder';
import { synthesize } from '../constructs';
import { FAKE_PROGRAM } from '../constructs/fake-program';
import { installCalicoCrds } from './calico-crds';
import { startControlPlane, type ControlPlane } from './control-plane';
import { warningsIn, type Kubectl } from './control-plane/kubectl';
import { waitUntil } from './control-plane/wait';
import { installCrds } from './crds';
import { expressionWarnings } from './expression-warnings';

jest.setTimeout(60_000);

/** What this run makes is told apart from what others make on the same control plane. */
const RUN = `qg-${randomBytes(4).toString('hex')}`;
const OURS = `${RUN}-ours`;
const SHOP = `${RUN}-shop`;
const OPERATOR = `${RUN}-operator`;
const TENANT = `${RUN}-tenant`;
const GUARDS = ['responder-pods', 'responder-policies', 'pods', 'policies', 'pause'];

let plane: ControlPlane;
let pods = 0;

beforeAll(async () => {
  plane = await startControlPlane();
  await installCrds(plane, ['network-policy-api', 'network-policy-api-v1alpha1', 'cilium']);
  await installCalicoCrds(plane);
  for (const name of [OURS, SHOP]) await admin(['create', 'namespace', name]);
  await admin([
    ...['create', 'clusterrole', `${RUN}-all`, '--verb=*'],
    `--resource=${[
      ...['pods', 'pods/status', 'pods/binding', 'namespaces', 'networkpolicies.networking.k8s.io'],
      ...['clusternetworkpolicies', 'adminnetworkpolicies'].map((kind) => `${kind}.policy.networking.k8s.io`),
      ...['ciliumclusterwidenetworkpolicies.cilium.io', 'globalnetworkpolicies.projectcalico.org'],
    ].join()}`,
  ]);
  for (const user of [TENANT, OPERATOR])
    await admin(['create', 'clusterrolebinding', user, `--clusterrole=${RUN}-all`, `--user=${user}`]);
  await install([{ match: 'rule = "x"', action: 'quarantine' }]);
  await admin([
    ...['create', 'rolebinding', OPERATOR, `--namespace=${SHOP}`],
    ...[`--clusterrole=${RUN}-quarantine-operator`, `--user=${OPERATOR}`],
  ]);
  // A policy takes effect a moment after it is stored.
  for (const [what, refused] of [
    ['pods', () => as(TENANT, ['run', 'probe', ...image, `--labels=${LABEL}=true`, '--dry-run=server'])],
    ['policies', () => as(TENANT, ['create', '--dry-run=server', '-f', '-'], policy())],
    ['pause', () => as(TENANT, ['label', 'namespace', SHOP, `${PAUSE_LABEL}=true`, '--dry-run=server'])],
  ] as const)
    await waitUntil(
      async () => (await refused()).code !== 0,
      30_000,
      () => Promise.resolve(new Error(`the guard of ${what} never took effect`)),
    );
  await waitUntil(
    async () => (await responder(['annotate', 'pod', await pod(), 'x=y', '--dry-run=server'])).code !== 0,
    30_000,
    () => Promise.resolve(new Error('the guard of the responder never took effect')),
  );
}, 900_000);

afterAll(async () => {
  const names = GUARDS.map((id) => `${RUN}-quarantine-guard-${id}`);
  await plane.kubectl(['delete', 'validatingadmissionpolicybinding,validatingadmissionpolicy', ...names]);
  await plane.kubectl(['delete', 'namespace', OURS, SHOP, '--wait=false']);
  await plane.stop();
});

/** The responder's rights and the guard, as they are for some responses. */
async function install(responses: readonly ResponseSettings[]): Promise<void> {
  const props = {
    cluster: 'test',
    name: RUN,
    namespaces: { services: OURS },
    tls: { issuer: 'certManager' },
    responses,
  } as const;
  const objects = synthesize((scope) => {
    new Responder(scope, 'responder', { ...props, program: FAKE_PROGRAM });
    new QuarantineGuard(scope, 'guard', props);
  }).filter(({ kind }) => /^ValidatingAdmission|Role|ServiceAccount/.test(kind));
  const applied = await plane.kubectl(
    ['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', '-'],
    { input: objects.map((object) => JSON.stringify(object)).join('\n---\n') },
  );
  expect(applied).toMatchObject({ code: 0 });
  expect(warningsIn(applied.stderr)).toEqual([]);
}

async function admin(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(args, { input });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function as(user: string, args: readonly string[], input = ''): ReturnType<Kubectl> {
  return plane.kubectl([...args, '--namespace', SHOP, `--as=${user}`], { input });
}

function responder(args: readonly string[], input = ''): ReturnType<Kubectl> {
  return as(`system:serviceaccount:${OURS}:${RUN}-responder`, args, input);
}

const image = ['--image=registry.example.org/none', '--restart=Never'];

/** A new Pod, named after nothing. */
async function pod(labels: Record<string, string> = { app: 'cart' }): Promise<string> {
  const name = `pod-${pods++}`;
  const list = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  await admin(['run', name, ...image, '--namespace', SHOP, `--labels=${list.join()}`]);
  return name;
}

/** One that is cut off by the responder, with what its record gives back. */
async function quarantined(labels: Record<string, string> = {}): Promise<string> {
  const name = await pod();
  const record = JSON.stringify({ reason: 'r', by: 'b', since: 's', alerts: [], labels });
  expect(
    await change(responder, name, { labels: { [LABEL]: 'true' }, annotations: { [RECORD]: record } }),
  ).toEqual(FINE);
  return name;
}

type Metadata = Record<string, unknown>;

async function change(
  who: (args: readonly string[]) => ReturnType<Kubectl>,
  name: string,
  metadata: Metadata,
  ...more: string[]
): Promise<string> {
  const patch = JSON.stringify({ metadata });
  const { code, stderr } = await who(['patch', 'pod', name, '--type=merge', '-p', patch, ...more]);
  return code === 0 ? FINE : stderr;
}

const FINE = 'fine';
const tenant = (args: readonly string[], input = '') => as(TENANT, args, input);
const operator = (args: readonly string[], input = '') => as(OPERATOR, args, input);

function policy(spec: object = {}): string {
  const own = standingPolicy(SHOP);
  return JSON.stringify({ ...own, spec: { ...own.spec, ...spec } });
}

function refusal(text: string): unknown {
  return { code: 1, stderr: expect.stringContaining(text) as string };
}

const needs = (verb: string) =>
  expect.stringContaining(`needs the right to ${verb} quarantines.falco-egress.io`) as string;

test('the API server finds nothing to warn of in the expressions', async () => {
  const guards = GUARDS.map((id) => `${RUN}-quarantine-guard-${id}`);
  const warnings = await expressionWarnings(admin, (name) => guards.includes(name));
  expect(Object.fromEntries(warnings)).toEqual(Object.fromEntries(guards.map((name) => [name, undefined])));
  expect(warnings.size).toBe(guards.length);
});

describe('the responder', () => {
  test('cuts off a Pod, changes the record, releases it', async () => {
    const name = await quarantined();
    expect(
      await change(responder, name, { annotations: { [RECORD]: '{}' }, labels: { [ALERTED_LABEL]: 'true' } }),
    ).toBe(FINE);
    const away = { labels: { [LABEL]: null }, annotations: { [RECORD]: null, [PENDING]: null } };
    expect(await change(responder, name, away)).toBe(FINE);
  });

  test('changes nothing else of it', async () => {
    const name = await quarantined();
    for (const metadata of [
      { annotations: { 'example.org/x': 'y' } },
      { annotations: { 'xfalco-egress.io/x': 'y' } },
      { finalizers: ['example.org/x'] },
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'y' }] },
      { labels: { app: null } },
      { labels: { app: 'other' } },
      { labels: { more: 'x' } },
    ])
      expect(await change(responder, name, metadata)).toContain(
        'the responder of falco-egress may change nothing',
      );
    const spec = JSON.stringify([{ op: 'replace', path: '/spec/containers/0/image', value: 'evil' }]);
    expect(await responder(['patch', 'pod', name, '--type=json', '-p', spec])).toEqual(
      expect.objectContaining(refusal('may change nothing of a Pod but labels and annotations')),
    );
  });

  test('gives back the labels of its record, and these only as they were', async () => {
    const name = await quarantined({ tier: 'front' });
    expect(await change(responder, name, { labels: { tier: 'back' } })).toContain('its record gives back');
    expect(await change(responder, name, { labels: { tier: 'front', [LABEL]: null } })).toBe(FINE);
  });

  test('keeps the standing policy, on its own label, and no other', async () => {
    const apply = (text: string) =>
      responder(['apply', '--server-side', '--force-conflicts', '--field-manager=x', '-f', '-'], text);
    expect(await apply(policy())).toMatchObject({ code: 0 });
    expect(await apply(policy({ egress: [{ ports: [{ port: 53 }] }] }))).toMatchObject({ code: 0 });
    for (const podSelector of [
      {},
      { matchLabels: { app: 'cart' } },
      { matchLabels: { [LABEL]: 'true', app: 'cart' } },
      { matchLabels: { [LABEL]: 'true' }, matchExpressions: [{ key: 'a', operator: 'Exists' }] },
    ])
      expect(await apply(policy({ podSelector }))).toEqual(
        expect.objectContaining(refusal(`which selects Pods by the label ${LABEL} alone`)),
      );
    // By another name it has no right at all.
    expect(await apply(policy().replace(QUARANTINE_POLICY, 'other'))).toEqual(
      expect.objectContaining(refusal('networkpolicies.networking.k8s.io "other" is forbidden')),
    );
    // Nor by a request that has no name.
    expect(await responder(['create', '-f', '-'], policy().replace(SHOP, OURS))).toMatchObject({ code: 1 });
    expect(await responder(['delete', 'networkpolicy', QUARANTINE_POLICY])).toMatchObject({ code: 0 });
  });

  test('takes labels where a response may', async () => {
    const name = await quarantined();
    const strips = [{ match: 'rule = "x"', action: 'quarantine', detach: true }] as const;
    await install(strips);
    await waitUntil(
      async () => (await change(responder, name, { labels: { app: null } })) === FINE,
      30_000,
      () => Promise.resolve(new Error('no label may be taken')),
    );
    expect(await change(responder, name, { annotations: { x: 'y' } })).toContain('may change nothing');
    await install([{ match: 'rule = "x"', action: 'quarantine' }]);
  });
});

describe('a tenant, who may write Pods, policies and namespaces', () => {
  test('neither cuts off nor releases a Pod, and is told why', async () => {
    const free = await pod();
    const held = await quarantined();
    expect(await change(tenant, free, { labels: { [LABEL]: 'true' } })).toEqual(needs('create'));
    expect(await change(tenant, free, { annotations: { [RECORD]: '{}' } })).toEqual(needs('create'));
    expect(await change(tenant, free, { annotations: { [PENDING]: '{}' } })).toEqual(needs('create'));
    expect(await change(tenant, free, { annotations: { [APPROVAL]: TENANT } })).toEqual(needs('approve'));
    expect(await change(tenant, free, { annotations: { [APPROVED_RESPONSES]: 'x' } })).toEqual(
      needs('approve'),
    );
    for (const metadata of [
      { labels: { [LABEL]: null } },
      { labels: { [LABEL]: 'false' } },
      { annotations: { [RECORD]: null } },
      { annotations: { [RECORD]: '{}' } },
    ]) {
      expect(await change(tenant, held, metadata)).toEqual(needs('release'));
      expect(await change(tenant, held, metadata, '--subresource=status')).toEqual(needs('release'));
    }
    const told = await change(tenant, held, { labels: { [LABEL]: null } });
    expect(told).toContain(`${TENANT} needs the right to release`);
    expect(told).toContain(`in namespace ${SHOP}; the ClusterRole ${RUN}-quarantine-operator has it`);
  });

  test('makes no Pod that is cut off, nor by a binding', async () => {
    const run = (name: string, ...more: string[]) => tenant(['run', name, ...image, ...more]);
    expect(await run('born', `--labels=${LABEL}=true`)).toMatchObject({ code: 1, stderr: needs('create') });
    expect(await run('born', `--annotations=${RECORD}={}`)).toMatchObject({
      code: 1,
      stderr: needs('create'),
    });
    expect(await run('born', '--labels=app=x', '--annotations=a=b')).toMatchObject({ code: 0 });
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'born', namespace: SHOP, annotations: { [RECORD]: '{}' } },
      target: { apiVersion: 'v1', kind: 'Node', name: 'nowhere' },
    };
    const bound = await tenant(
      ['create', '--raw', `/api/v1/namespaces/${SHOP}/pods/born/binding`, '-f', '-'],
      JSON.stringify(binding),
    );
    expect(bound).toMatchObject({ code: 1, stderr: needs('create') });
  });

  test('dismisses nothing that waits', async () => {
    const name = await pod();
    expect(await change(responder, name, { annotations: { [PENDING]: '{}' } })).toBe(FINE);
    for (const annotations of [
      { [PENDING]: null },
      { [DISMISSAL]: TENANT },
      { [DISMISSED_RESPONSES]: 'x' },
      { [DISMISSED]: '[]' },
    ])
      expect(await change(tenant, name, { annotations })).toContain(
        'a quarantine that waits for a person is answered by those who may',
      );
    expect(await change(operator, name, { annotations: { [PENDING]: null } })).toBe(FINE);
  });

  test('changes what is its own of a Pod that is cut off, and deletes it', async () => {
    const name = await quarantined();
    expect(await change(tenant, name, { labels: { app: 'other' }, annotations: { a: 'b' } })).toBe(FINE);
    expect(await change(tenant, name, { annotations: { c: 'd' } }, '--subresource=status')).toBe(FINE);
    expect(await tenant(['delete', 'pod', name, '--grace-period=0', '--force'])).toMatchObject({ code: 0 });
  });

  test('leaves the standing policy alone, and others are free', async () => {
    const own = standingPolicy(SHOP);
    expect(await tenant(['create', '-f', '-'], policy())).toMatchObject({ code: 1, stderr: needs('create') });
    await responder(['apply', '--server-side', '--field-manager=x', '-f', '-'], policy());
    const open = JSON.stringify({ spec: { egress: [{}] } });
    for (const args of [
      ['patch', 'networkpolicy', QUARANTINE_POLICY, '--type=merge', '-p', open],
      ['delete', 'networkpolicy', QUARANTINE_POLICY],
      ['delete', 'networkpolicy', '--all'],
      ['delete', '--raw', `/apis/networking.k8s.io/v1/namespaces/${SHOP}/networkpolicies`],
    ])
      expect(await tenant(args)).toMatchObject({ code: 1, stderr: needs('release') });
    const label = ['label', 'networkpolicy', QUARANTINE_POLICY, 'team=a'];
    expect(await tenant(label)).toMatchObject({ code: 0 });
    const other = JSON.stringify({ ...own, metadata: { ...own.metadata, name: 'other' } });
    expect(await tenant(['create', '-f', '-'], other)).toMatchObject({ code: 0 });
    expect(await tenant(['patch', 'networkpolicy', 'other', '--type=merge', '-p', open])).toMatchObject({
      code: 0,
    });
    expect(await tenant(['delete', 'networkpolicy', 'other'])).toMatchObject({ code: 0 });
  });

  test('neither pauses responses nor lets them go on', async () => {
    const label = (...args: string[]) => tenant(['label', '--overwrite', 'namespace', SHOP, ...args]);
    expect(await label(`${PAUSE_LABEL}=true`)).toMatchObject({ code: 1, stderr: needs('pause') });
    expect(await label('team=a')).toMatchObject({ code: 0 });
    await admin(['label', 'namespace', SHOP, `${PAUSE_LABEL}=true`]);
    expect(await label(`${PAUSE_LABEL}-`)).toMatchObject({ code: 1, stderr: needs('pause') });
    await admin(['label', 'namespace', SHOP, `${PAUSE_LABEL}-`]);
    const born = (metadata: object) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { ...metadata, labels: { [PAUSE_LABEL]: 'true' } },
      });
    for (const metadata of [{ name: `${RUN}-born` }, { generateName: `${RUN}-` }]) {
      const dryRun = ['create', '--dry-run=server', '-f', '-'];
      expect(await tenant(dryRun, born(metadata))).toMatchObject({ code: 1, stderr: needs('pause') });
      await admin(dryRun, born(metadata));
    }
  });
});

describe.each<DenyTier>(['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'Cilium', 'Calico'])(
  'the policy of the tier %s',
  (tier) => {
    const deny = denyPolicy(tier);
    if (deny === undefined) throw new Error('a plain deny is possible in every tier');
    const [group = ''] = deny.apiVersion.split('/');
    const apply = (who: typeof tenant, object: object) =>
      who(['apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(object));
    const kind = `${deny.kind}.${group}`;
    const everyPod = {
      ClusterNetworkPolicy: { subject: { namespaces: {} } },
      AdminNetworkPolicy: { subject: { pods: { namespaceSelector: {}, podSelector: {} } } },
      Cilium: { endpointSelector: {} },
      Calico: { selector: 'all()' },
    }[tier];

    test('is the responder’s, on its own label', async () => {
      expect(await apply(responder, { ...deny, spec: { ...deny.spec, ...everyPod } })).toEqual(
        expect.objectContaining(refusal(`which selects Pods by the label ${LABEL} alone`)),
      );
      expect(await apply(responder, deny)).toMatchObject({ code: 0 });
      const other = { ...deny, metadata: { name: 'other' } };
      expect(await apply(responder, other)).toEqual(expect.objectContaining(refusal('"other" is forbidden')));
    });

    test('is not that of others, without a right in the whole cluster', async () => {
      for (const who of [tenant, operator]) {
        const refused = await who(['delete', kind, QUARANTINE_POLICY]);
        expect(refused).toMatchObject({ code: 1, stderr: needs('release') });
        expect(refused.stderr).toContain('in the whole cluster');
      }
      expect(await apply(tenant, { ...deny, spec: { ...deny.spec, ...everyPod } })).toMatchObject({
        code: 1,
        stderr: needs('release'),
      });
      expect(await responder(['delete', kind, QUARANTINE_POLICY])).toMatchObject({ code: 0 });
      expect(await apply(tenant, deny)).toMatchObject({ code: 1, stderr: needs('create') });
    });
  },
);

describe('an operator of one namespace', () => {
  test('cuts off and releases there', async () => {
    const name = await pod();
    const on = { labels: { [LABEL]: 'true' }, annotations: { [RECORD]: '{}' } };
    expect(await change(operator, name, on)).toBe(FINE);
    expect(await change(operator, name, { labels: { [LABEL]: null }, annotations: { [RECORD]: null } })).toBe(
      FINE,
    );
    const apply = ['apply', '--server-side', '--force-conflicts', '-f', '-'];
    expect(await operator(apply, policy())).toMatchObject({ code: 0 });
    expect(await operator(['delete', 'networkpolicy', QUARANTINE_POLICY])).toMatchObject({ code: 0 });
  });

  test('agrees in its own name alone', async () => {
    const name = await pod();
    expect(await change(responder, name, { annotations: { [PENDING]: '{}' } })).toBe(FINE);
    expect(await change(operator, name, { annotations: { [APPROVAL]: 'somebody else' } })).toContain(
      `says who agrees: write ${OPERATOR}`,
    );
    expect(await change(operator, name, { annotations: { [DISMISSAL]: 'somebody else' } })).toContain(
      `says who refuses: write ${OPERATOR}`,
    );
    const refuses = { [DISMISSAL]: OPERATOR, [DISMISSED_RESPONSES]: 'x' };
    expect(await change(operator, name, { annotations: refuses })).toBe(FINE);
    expect(await change(operator, name, { annotations: { [APPROVAL]: OPERATOR } })).toBe(FINE);
    const answered = { [APPROVED_RESPONSES]: '["x"]', [DISMISSED]: '[]' };
    expect(await change(responder, name, { annotations: answered })).toBe(FINE);
    // Without its names an agreement would be to all that waits.
    for (const annotations of [{ [APPROVED_RESPONSES]: null }, { [PENDING]: '[]' }])
      expect(await change(tenant, name, { annotations })).toEqual(needs('approve'));
    expect(await change(operator, name, { annotations: { [APPROVED_RESPONSES]: null } })).toBe(FINE);
    expect(await change(responder, name, { annotations: { [APPROVAL]: 'another', [DISMISSAL]: null } })).toBe(
      FINE,
    );
    expect(await change(operator, name, { annotations: { [APPROVED_RESPONSES]: '["y"]' } })).toContain(
      `says who agrees: write ${OPERATOR}`,
    );
    expect(await change(responder, name, { annotations: { [APPROVAL]: null, [PENDING]: null } })).toBe(FINE);
  });

  test('does nothing of it elsewhere', async () => {
    await admin(['run', 'elsewhere', ...image, '--namespace', OURS]);
    const patch = JSON.stringify({ metadata: { labels: { [LABEL]: 'true' } } });
    const elsewhere = ['patch', 'pod', 'elsewhere', '-p', patch, '--namespace', OURS, `--as=${OPERATOR}`];
    expect(await plane.kubectl(elsewhere)).toMatchObject({ code: 1, stderr: needs('create') });
  });

  test('pauses responses there; in the namespace of the responder, which is everywhere, only who may everywhere', async () => {
    expect(await operator(['label', 'namespace', SHOP, `${PAUSE_LABEL}=true`])).toMatchObject({ code: 0 });
    expect(await operator(['label', 'namespace', SHOP, `${PAUSE_LABEL}-`])).toMatchObject({ code: 0 });
    const everywhere = ['label', 'namespace', OURS, `${PAUSE_LABEL}=true`];
    await admin([
      ...['create', 'rolebinding', OPERATOR, `--namespace=${OURS}`],
      ...[`--clusterrole=${RUN}-quarantine-operator`, `--user=${OPERATOR}`],
    ]);
    const refused = await operator(everywhere);
    expect(refused).toMatchObject({ code: 1, stderr: needs('pause') });
    expect(refused.stderr).toContain('in the whole cluster');
    await admin([
      ...['create', 'clusterrolebinding', `${OPERATOR}-all`],
      ...[`--clusterrole=${RUN}-quarantine-operator`, `--user=${OPERATOR}`],
    ]);
    expect(await operator(everywhere)).toMatchObject({ code: 0 });
    expect(await operator(['label', 'namespace', OURS, `${PAUSE_LABEL}-`])).toMatchObject({ code: 0 });
    await admin(['delete', 'clusterrolebinding', `${OPERATOR}-all`]);
  });
});

test('a namespace with a quarantine in it comes to its end, and so does what owned its Pods', async () => {
  const name = `${RUN}-ending`;
  await admin(['create', 'namespace', name]);
  const set = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'c', image: 'registry.example.org/none' }] },
      },
    },
  };
  await admin(['create', '-f', '-'], JSON.stringify(set));
  const names = async () =>
    (await admin(['get', 'pods', '--namespace', name, '-o', 'name']))
      .split('\n')
      .filter((line) => line !== '');
  await waitUntil(
    async () => (await names()).length === 1,
    30_000,
    () => Promise.resolve(new Error('no Pod came')),
  );
  const [held = ''] = await names();
  await admin(['label', '--namespace', name, held, `${LABEL}=true`]);
  const own = standingPolicy(name);
  await admin(['apply', '--server-side', '-f', '-'], JSON.stringify(own));
  // The garbage collector deletes the Pod of an owner that is gone.
  await admin(['delete', 'replicaset', 'web', '--namespace', name, '--cascade=background']);
  await waitUntil(
    async () => (await names()).length === 0,
    30_000,
    () => Promise.resolve(new Error('the Pod stays')),
  );
  await admin(['run', 'late', ...image, '--namespace', name, `--labels=${LABEL}=true`]);
  expect(await tenant(['delete', 'namespace', name, '--timeout=40s'])).toMatchObject({ code: 0 });
});
