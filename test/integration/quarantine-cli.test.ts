import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

import { quarantineAdd } from '../../lib/cli/quarantine/add';
import { quarantineApprove } from '../../lib/cli/quarantine/approve';
import { quarantineDismiss } from '../../lib/cli/quarantine/dismiss';
import { quarantineList } from '../../lib/cli/quarantine/list';
import { quarantineRelease } from '../../lib/cli/quarantine/release';
import { denyPolicy, standingPolicy, stripPatch } from '../../lib/containment';
import {
  QUARANTINE_APPROVAL_ANNOTATION as APPROVAL,
  QUARANTINE_LABEL as LABEL,
  QUARANTINE_PENDING_ANNOTATION as PENDING,
  QUARANTINE_POLICY,
  QUARANTINE_RECORD_ANNOTATION as RECORD,
} from '../../lib/names';
import type { ExitCode, Streams } from '../../lib/synth/report';
import { startControlPlane, type ControlPlane } from './control-plane';
import { writeKubeconfig } from './control-plane/credentials';
import { installCrds } from './crds';

jest.setTimeout(60_000);

const PROGRAM = resolve(__dirname, '../../dist/falco-egress.js');
/** What this run makes is told apart from what others make on the same control plane. */
const RUN = `qc-${randomBytes(4).toString('hex')}`;
const SHOP = `${RUN}-shop`;
const DATA = `${RUN}-data`;

let plane: ControlPlane;
const configs = new Map<string, string>();
let pods = 0;

interface PodObject {
  readonly metadata: {
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

async function admin(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(args, { input });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** The built program, as a user: `admin`, or a ServiceAccount of {@link SHOP}. */
function run(user: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'quarantine', ...args], {
    encoding: 'utf8',
    env: { ...process.env, KUBECONFIG: configs.get(user) },
  });
  return { code: status, out: stdout, error: stderr };
}

type Command = (args: readonly string[], streams: Streams) => Promise<ExitCode>;
const commands: Readonly<Record<string, Command>> = {
  add: quarantineAdd,
  approve: quarantineApprove,
  dismiss: quarantineDismiss,
  list: quarantineList,
  release: quarantineRelease,
};

/** The same without a process of its own, which takes most of a second. */
async function within(user: string, command: keyof typeof commands, ...args: string[]) {
  const said = { out: '', error: '' };
  const streams = {
    out: (text: string) => void (said.out += text),
    error: (text: string) => void (said.error += text),
  };
  const code = await commands[command]?.([...args, '--kubeconfig', configs.get(user) ?? ''], streams).catch(
    (error: unknown) => {
      if (!(error instanceof Error)) throw error;
      said.error += `${error.message}\n`;
      return 2;
    },
  );
  return { code, ...said };
}

const identity = (name: string): string => `system:serviceaccount:${SHOP}:${name}`;

/** Somebody with rights of RBAC in a namespace. */
async function user(name: string, rights: readonly string[]): Promise<void> {
  await admin(['create', 'serviceaccount', name, '-n', SHOP]);
  for (const [index, right] of rights.entries()) {
    const [verbs = '', resources = ''] = right.split(' ');
    const role = `${name}-${index}`;
    await admin(['create', 'role', role, '-n', SHOP, `--verb=${verbs}`, `--resource=${resources}`]);
    const account = `--serviceaccount=${SHOP}:${name}`;
    await admin(['create', 'rolebinding', role, '-n', SHOP, `--role=${role}`, account]);
  }
  const token = (await admin(['create', 'token', name, '-n', SHOP])).trim();
  const file = join(plane.folder, `${RUN}-${name}.kubeconfig`);
  configs.set(name, await writeKubeconfig(file, { url: plane.url, caFile: plane.caFile, token }));
}

async function pod(
  namespace: string,
  labels: Record<string, string> = {},
  spec: object = {},
): Promise<string> {
  const name = `${RUN}-${pods++}`;
  const object = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels } },
    spec: { containers: [{ name: 'main', image: 'example.org/none' }], ...spec },
  };
  await admin(['create', '-f', '-'], JSON.stringify(object));
  return name;
}

async function read(namespace: string, name: string): Promise<PodObject['metadata']> {
  return (JSON.parse(await admin(['get', 'pod', name, '-n', namespace, '-o', 'json'])) as PodObject).metadata;
}

const policies = (namespace: string): Promise<string> =>
  admin(['get', 'networkpolicies', '-n', namespace, '-o', 'jsonpath={.items[*].metadata.name}']);

async function events(namespace: string, name: string, reason: string): Promise<string> {
  const select = `involvedObject.name=${name},reason=${reason}`;
  return admin([
    'get',
    'events',
    '-n',
    namespace,
    `--field-selector=${select}`,
    '-o',
    'jsonpath={.items[*].message}',
  ]);
}

beforeAll(async () => {
  plane = await startControlPlane();
  configs.set('admin', plane.kubeconfig);
  for (const namespace of [SHOP, DATA]) await admin(['create', 'namespace', namespace]);
  await user('on-call', [
    'get,list,patch pods',
    'get,list,create,patch,delete networkpolicies.networking.k8s.io',
    'create events',
  ]);
  await user('reader', ['get,list pods', 'get,list networkpolicies.networking.k8s.io']);
  await user('blind', ['get,list pods', 'get,list networkpolicies.networking.k8s.io']);
  await installCrds(plane, ['network-policy-api', 'network-policy-api-v1alpha1']);
  // Also of kinds that others have made on the same control plane.
  const tiers = ['policy.networking.k8s.io', 'cilium.io', 'projectcalico.org', 'crd.projectcalico.org'];
  const rules = [{ apiGroups: tiers, resources: ['*'], verbs: ['get', 'list'] }];
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: RUN },
    rules,
  };
  await admin(['create', '-f', '-'], JSON.stringify(role));
  const accounts = ['on-call', 'reader'].map((name) => `--serviceaccount=${SHOP}:${name}`);
  await admin(['create', 'clusterrolebinding', RUN, `--clusterrole=${RUN}`, ...accounts]);
}, 900_000);

afterEach(async () => {
  for (const namespace of [SHOP, DATA])
    await admin(['delete', 'pods,networkpolicies', '--all', '-n', namespace, '--force', '--grace-period=0']);
});

afterAll(async () => {
  await admin(['delete', 'namespace', SHOP, DATA, '--wait=false']);
  await admin(['delete', 'clusterrole,clusterrolebinding', RUN]);
  await plane.stop();
});

test('a night: cut off by hand, seen, and released to the letter', async () => {
  const labels = { app: 'cart', 'pod-template-hash': '6799fc88d8', 'example.org/team': 'payments' };
  const name = await pod(SHOP, labels);
  const sibling = await pod(SHOP, labels);
  const before = await read(SHOP, name);

  const added = run('on-call', 'add', `${SHOP}/${name}`, '--reason', 'curl to\n 203.0.113.7', '--ttl', '4h');
  expect(added).toMatchObject({ code: 0, error: '' });
  expect(added.out).toMatch(new RegExp(`^${SHOP}/${name} is quarantined until \\S+: contained\\n$`));
  const cut = await read(SHOP, name);
  expect(cut.labels).toEqual({ ...labels, [LABEL]: 'true' });
  expect(JSON.parse(cut.annotations?.[RECORD] ?? '')).toMatchObject({
    ...{ reason: 'curl to 203.0.113.7', by: identity('on-call'), onExpiry: 'release' },
    labels: { [LABEL]: null },
  });
  expect((await read(SHOP, sibling)).labels).toEqual(labels);
  const stored = JSON.parse(
    await admin(['get', 'networkpolicy', QUARANTINE_POLICY, '-n', SHOP, '-o', 'json']),
  ) as object;
  expect(stored).toMatchObject({ spec: standingPolicy(SHOP).spec });
  expect(await events(SHOP, name, 'Quarantined')).toContain(`quarantined by ${identity('on-call')} until `);

  const listed = run('reader', 'list', '-n', SHOP);
  expect(listed).toMatchObject({ code: 0, error: '' });
  const [head = '', row = ''] = listed.out.split('\n');
  expect(head.split(/ {2,}/)).toEqual(['NAMESPACE', 'POD', 'WHY', 'SINCE', 'EXPIRES', 'VERDICT']);
  expect(row).toMatch(new RegExp(`^${SHOP} +${name} +curl to 203\\.0\\.113\\.7 +\\d+s +3h59m +contained$`));
  expect(JSON.parse(run('admin', 'list', '--json').out)).toMatchObject({
    quarantined: expect.arrayContaining([
      expect.objectContaining({ namespace: SHOP, pod: name, by: identity('on-call'), verdict: 'contained' }),
    ]) as unknown,
  });

  expect(run('on-call', 'release', `${SHOP}/${name}`)).toEqual({
    ...{ code: 0, out: `${SHOP}/${name} is released\n`, error: '' },
  });
  const after = await read(SHOP, name);
  expect(after.labels).toEqual(before.labels);
  expect(after.annotations).toEqual(before.annotations);
  expect(await policies(SHOP)).toBe('');
  expect(await events(SHOP, name, 'Released')).toBe(`released by ${identity('on-call')}`);
  expect(run('reader', 'list', '-n', SHOP)).toEqual({ code: 0, out: 'No Pod is quarantined.\n', error: '' });
});

test('a Pod that another policy lets out is a finding, and the policy is named', async () => {
  const allow = { podSelector: {}, policyTypes: ['Egress'], egress: [{}] };
  const metadata = { name: 'allow-all', namespace: SHOP };
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: allow };
  await admin(['create', '-f', '-'], JSON.stringify(policy));
  const name = await pod(SHOP);
  const blame = `partial: NetworkPolicy ${SHOP}/allow-all (podSelector {}) still allows egress`;
  const added = run('on-call', 'add', `${SHOP}/${name}`, '--reason', 'x', '--json');
  expect(added.code).toBe(1);
  expect(JSON.parse(added.out)).toMatchObject({
    namespace: SHOP,
    pod: name,
    verdict: 'partial',
    summary: blame,
  });
  const listed = run('reader', 'list', '-n', SHOP);
  expect(listed.code).toBe(1);
  expect(listed.out).toContain(blame);
  const deny = JSON.stringify(denyPolicy('ClusterNetworkPolicy'));
  await admin(['create', '-f', '-'], deny);
  try {
    expect(run('reader', 'list', '-n', SHOP)).toMatchObject({ code: 0, error: '' });
    const blind = run('blind', 'list', '-n', SHOP);
    expect(blind.code).toBe(1);
    expect(blind.error).toMatch(
      /^you may not read .*clusternetworkpolicies\.policy\.networking\.k8s\.io.*: the verdict knows nothing of these policies\n$/,
    );
  } finally {
    await admin(['delete', '-f', '-'], deny);
  }
  await admin(['delete', 'networkpolicy', 'allow-all', '-n', SHOP]);
  expect(run('reader', 'list', '-n', SHOP)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/contained$/m) as string,
  });
});

test('the standing policy stays as the responder made it, and until its last Pod', async () => {
  const options = { allowDns: true, ingress: true };
  await admin(['create', '-f', '-'], JSON.stringify(standingPolicy(SHOP, options)));
  const [one, two] = [await pod(SHOP), await pod(SHOP)];
  for (const name of [one, two]) {
    const { code, out, error } = run('admin', 'add', `${SHOP}/${name}`, '--reason', 'x');
    expect([code, error]).toEqual([0, '']);
    expect(out).toContain('contained (DNS allowed)');
  }
  const spec = await admin(['get', 'networkpolicy', QUARANTINE_POLICY, '-n', SHOP, '-o', 'jsonpath={.spec}']);
  expect(JSON.parse(spec)).toEqual(standingPolicy(SHOP, options).spec);
  expect(run('on-call', 'release', `${SHOP}/${one}`).code).toBe(0);
  expect(await policies(SHOP)).toBe(QUARANTINE_POLICY);
  expect(run('on-call', 'release', `${SHOP}/${two}`).code).toBe(0);
  expect(await policies(SHOP)).toBe('');
});

test('all are released, of a namespace or everywhere, and one that can’t be is no obstacle', async () => {
  const [first, broken, other] = [await pod(SHOP), await pod(SHOP), await pod(DATA)];
  for (const [namespace, name] of [
    [SHOP, first],
    [SHOP, broken],
    [DATA, other],
  ] as const)
    expect(run('admin', 'add', `${namespace}/${name}`, '--reason', 'x').code).toBe(0);
  await admin(['annotate', 'pod', broken, '-n', SHOP, '--overwrite', `${RECORD}={"reason":7}`]);
  expect(run('reader', 'list', '-n', SHOP).out).toContain('(its record is unreadable)');

  const some = run('admin', 'release', '--all', '-n', SHOP);
  expect(some).toMatchObject({ code: 2, out: `${SHOP}/${first} is released\n` });
  expect(some.error).toBe(
    `${SHOP}/${broken}: ${SHOP}/${broken} has no record of its quarantine that could be read: its labels can't be restored; --force takes only the quarantine label\n`,
  );
  expect(await policies(SHOP)).toBe(QUARANTINE_POLICY);
  expect((await read(DATA, other)).labels).toEqual({ [LABEL]: 'true' });
  expect(run('admin', 'release', `${SHOP}/${broken}`)).toMatchObject({ code: 2, out: '' });

  expect(run('admin', 'release', '--all', '-n', SHOP, '--force', '--json').out).toBe(
    `${JSON.stringify({ released: [{ namespace: SHOP, pod: broken, kept: [] }], failed: [] })}\n`,
  );
  expect(await policies(SHOP)).toBe('');
  expect(run('admin', 'release', '--all', '-n', DATA)).toMatchObject({
    code: 0,
    out: `${DATA}/${other} is released\n`,
  });
  expect(run('admin', 'release', '--all', '-n', DATA)).toMatchObject({
    code: 0,
    out: 'No Pod is quarantined.\n',
  });
});

test('a label that was stripped and set anew stays, and is told', async () => {
  const name = await pod(SHOP, { app: 'cart' });
  expect(run('on-call', 'add', `${SHOP}/${name}`, '--reason', 'x').code).toBe(0);
  const record = JSON.parse((await read(SHOP, name)).annotations?.[RECORD] ?? '') as object;
  const stripped = { ...record, labels: { [LABEL]: null, app: 'before', tier: 'front' } };
  await admin(['annotate', 'pod', name, '-n', SHOP, '--overwrite', `${RECORD}=${JSON.stringify(stripped)}`]);
  expect(run('on-call', 'release', `${SHOP}/${name}`)).toEqual({
    ...{ code: 1, error: '' },
    out: `${SHOP}/${name} is released; labels that somebody has set anew stay: app\n`,
  });
  expect((await read(SHOP, name)).labels).toEqual({ app: 'cart', tier: 'front' });
});

test('what the quarantine label said before is said again, and what was stripped without a value has none', async () => {
  const labels = { [LABEL]: 'false', zone: '', app: 'cart' };
  const name = await pod(SHOP, labels);
  const before = await read(SHOP, name);
  expect(await within('on-call', 'add', `${SHOP}/${name}`, '--reason', 'x')).toMatchObject({ code: 0 });
  const cut = await read(SHOP, name);
  expect(cut.labels).toEqual({ ...labels, [LABEL]: 'true' });
  // As the responder strips.
  const patch = stripPatch({ metadata: cut }, { zone: '', app: 'cart' });
  await admin(['patch', 'pod', name, '-n', SHOP, '--type=json', '-p', JSON.stringify(patch)]);
  expect((await read(SHOP, name)).labels).toEqual({ [LABEL]: 'true' });
  expect(await within('on-call', 'release', `${SHOP}/${name}`)).toMatchObject({ code: 0 });
  const after = await read(SHOP, name);
  expect(JSON.stringify(after.labels)).toBe(JSON.stringify(before.labels));
  expect(after.annotations).toEqual(before.annotations);
});

test('what waits for a person is listed, and approved by name', async () => {
  const name = await pod(SHOP);
  const pending = {
    ...{ reason: 'Connection to vistatech.it', response: 'vistatech', alert: 'a1', why: 'approval' },
    ...{
      raised: '2026-11-22T07:41:15.744Z',
      since: new Date().toISOString(),
      line: 'wait for approval to quarantine it',
    },
  };
  expect(run('on-call', 'approve', `${SHOP}/${name}`)).toMatchObject({
    ...{ code: 2, out: '' },
    error: `nothing waits for a person on ${SHOP}/${name}; see falco-egress quarantine list\n`,
  });
  await admin(['annotate', 'pod', name, '-n', SHOP, `${PENDING}=${JSON.stringify(pending)}`]);
  const listed = run('reader', 'list', '-n', SHOP);
  expect(listed).toMatchObject({ code: 0, error: '' });
  expect(listed.out).toMatch(
    /^No Pod is quarantined\.\n\nWaiting for a person: falco-egress quarantine approve \(or dismiss\)/,
  );
  expect(listed.out).toMatch(
    new RegExp(`${name} +Connection to vistatech\\.it +\\d+s +vistatech +wait for approval`),
  );
  expect(run('on-call', 'approve', `${SHOP}/${name}`)).toEqual({
    ...{ code: 0, error: '' },
    out: `${SHOP}/${name}: ${identity('on-call')} agrees: ${pending.line}\n`,
  });
  const { annotations } = await read(SHOP, name);
  expect(annotations).toMatchObject({ [APPROVAL]: identity('on-call'), [PENDING]: JSON.stringify(pending) });
  expect(await events(SHOP, name, 'Approved')).toContain(`approved by ${identity('on-call')}`);
});

describe('of several that wait', () => {
  const each = (response: string, action: string) => ({
    ...{ reason: 'rule', response, action, alert: `a-${response}`, why: 'approval', line: `to ${action}` },
    ...{ raised: '2026-11-22T07:41:15.744Z', since: new Date().toISOString() },
  });
  const waiting = async (...pending: object[]): Promise<string> => {
    const name = await pod(SHOP);
    await admin(['annotate', 'pod', name, '-n', SHOP, `${PENDING}=${JSON.stringify(pending)}`]);
    return name;
  };
  const [cut, mark, evict] = [each('cut it', 'quarantine'), each('mark', 'label'), each('go', 'evict')];
  const listed = async (name: string): Promise<unknown> =>
    (
      JSON.parse((await within('reader', 'list', '-n', SHOP, '--json')).out) as { waiting: { pod: string }[] }
    ).waiting
      .filter((one) => one.pod === name)
      .map((one) => one as object);

  test('one that would end the Pod is agreed to by its name, or with all, and never by the way', async () => {
    const name = await waiting(cut, mark, evict);
    const where = `${SHOP}/${name}`;
    const before = await read(SHOP, name);
    const which = `  --response 'cut it': to quarantine\n  --response mark: to label\n  --response go: to evict\n`;
    expect(await within('on-call', 'approve', where)).toEqual({
      ...{ code: 2, out: '' },
      error: `several wait on ${where}, and response go would evict it; say which by --response NAME, or --all:\n${which}`,
    });
    expect(await within('on-call', 'approve', where, '--response', 'cut')).toEqual({
      ...{ code: 2, out: '' },
      error: `response cut does not wait on ${where}; there waits:\n${which}`,
    });
    expect(await read(SHOP, name)).toEqual(before);

    expect(await within('on-call', 'approve', where, '--response', 'cut it')).toEqual({
      ...{ code: 0, error: '', out: `${where}: ${identity('on-call')} agrees: to quarantine\n` },
    });
    const onCall = { approvedBy: identity('on-call') };
    expect(await listed(name)).toMatchObject([onCall, {}, {}]);
    expect(await listed(name)).not.toMatchObject([{}, onCall, {}]);
    expect(await listed(name)).not.toMatchObject([{}, {}, onCall]);

    // Whoever comes second hears what is the own word, and what was there before it.
    const second = await within('admin', 'approve', where, '--response', 'mark', '--response', 'cut it');
    expect([second.code, second.error]).toEqual([0, '']);
    const me = JSON.parse((await within('admin', 'approve', where, '--response', 'mark', '--json')).out) as {
      by: string;
    };
    expect(second.out).toBe(
      `${where}: ${me.by} agrees: to label\n${where}: ${identity('on-call')} has agreed already, and it goes on in the name of ${me.by}: to quarantine\n`,
    );
    expect(await events(SHOP, name, 'Approved')).toContain(
      `approved by ${me.by}: to label; it takes over from ${identity('on-call')}: to quarantine`,
    );
    expect(me).toEqual({
      ...{ namespace: SHOP, pod: name, by: me.by, approved: [] },
      already: {
        by: me.by,
        responses: [
          { response: 'cut it', action: 'quarantine', line: 'to quarantine' },
          { response: 'mark', action: 'label', line: 'to label' },
        ],
      },
    });
    expect((await within('on-call', 'approve', where, '--response', 'mark')).out).toBe(
      `${where}: ${me.by} has agreed already, and nothing is left to agree to: to quarantine; and to label\n`,
    );
    expect(await listed(name)).toMatchObject([{ approvedBy: me.by }, { approvedBy: me.by }, {}]);
    expect((await within('on-call', 'approve', where, '--all')).code).toBe(0);
    expect(await listed(name)).toMatchObject([onCall, onCall, onCall]);
  });

  test('where none ends the Pod all are agreed to at once', async () => {
    const name = await waiting(cut, mark);
    const { code, out } = await within('on-call', 'approve', `${SHOP}/${name}`);
    expect([code, out.match(/agrees/g)?.length]).toEqual([0, 2]);
  });

  test('some are refused, or all, and what is refused can’t be agreed to', async () => {
    const name = await waiting(cut, mark, evict);
    const where = `${SHOP}/${name}`;
    expect(await within('on-call', 'dismiss', where, '--response', 'go', '--json')).toEqual({
      ...{ code: 0, error: '' },
      out: `${JSON.stringify({
        ...{ namespace: SHOP, pod: name, by: identity('on-call') },
        dismissed: [{ response: 'go', action: 'evict', line: 'to evict' }],
      })}\n`,
    });
    expect(await listed(name)).toMatchObject([{}, {}, { dismissedBy: identity('on-call') }]);
    expect((await within('reader', 'list', '-n', SHOP)).out).toContain(
      `refused by ${identity('on-call')}: to evict`,
    );
    expect((await within('on-call', 'approve', where, '--response', 'go')).error).toContain(
      'response go does not wait',
    );
    expect((await within('on-call', 'dismiss', where)).out).toBe(
      `${where}: ${identity('on-call')} refuses: to quarantine\n${where}: ${identity('on-call')} refuses: to label\n`,
    );
    expect(await within('on-call', 'approve', where)).toMatchObject({
      code: 2,
      error: `${identity('on-call')} has refused what waited on ${where}\n`,
    });
    expect(await within('reader', 'dismiss', `${SHOP}/${await waiting(cut)}`)).toMatchObject({
      code: 2,
      out: '',
    });
  });
});

describe('what can’t be done is said in a line, and nothing is changed', () => {
  test('a Pod that there isn’t, one on its node’s network, and one that is cut off already', async () => {
    expect(run('admin', 'add', `${SHOP}/nobody`, '--reason', 'x')).toEqual({
      ...{ code: 2, out: '', error: `there is no Pod ${SHOP}/nobody\n` },
    });
    const onNode = await pod(SHOP, {}, { hostNetwork: true });
    expect(run('admin', 'add', `${SHOP}/${onNode}`, '--reason', 'x')).toEqual({
      ...{ code: 2, out: '' },
      error: `${SHOP}/${onNode} is on the network of its node, where no policy holds it\n`,
    });
    expect(await policies(SHOP)).toBe('');
    const name = await pod(SHOP);
    expect(run('admin', 'add', `${SHOP}/${name}`, '--reason', 'x').code).toBe(0);
    const again = run('admin', 'add', `${SHOP}/${name}`, '--reason', 'y', '--json');
    expect(again.code).toBe(2);
    expect(JSON.parse(again.out)).toEqual({
      error: { code: 'ALREADY_QUARANTINED', message: `${SHOP}/${name} is quarantined already` },
    });
    const free = await pod(SHOP);
    expect(run('admin', 'release', `${SHOP}/${free}`)).toEqual({
      ...{ code: 2, out: '', error: `${SHOP}/${free} is not quarantined\n` },
    });
  });

  test('somebody without the right', async () => {
    const name = await pod(SHOP);
    const before = await read(SHOP, name);
    const refused = run('reader', 'add', `${SHOP}/${name}`, '--reason', 'x');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.error).toMatch(
      /^the API server answered 403 \(apply NetworkPolicy .*cannot patch resource.*\n$/,
    );
    expect(await read(SHOP, name)).toEqual(before);
    expect(run('reader', 'list').error).toMatch(
      /^the API server answered 403 \(list pods\): .*cluster scope\n$/,
    );
    expect(run('reader', 'list', '-n', DATA).code).toBe(2);
  });

  test('a token that is none', async () => {
    const file = join(plane.folder, `${RUN}-nobody.kubeconfig`);
    configs.set('nobody', await writeKubeconfig(file, { url: plane.url, caFile: plane.caFile, token: 'x' }));
    expect(run('nobody', 'list').error).toMatch(
      /^the API server answered 401 \(list pods\): Unauthorized\n$/,
    );
  });
});

test('two people at once do it once', async () => {
  const name = await pod(SHOP);
  const both = await Promise.all(
    ['a', 'b'].map(async (reason) => {
      const args = [PROGRAM, 'quarantine', 'add', `${SHOP}/${name}`, '--reason', reason];
      const env = { ...process.env, KUBECONFIG: configs.get('on-call') };
      const [code] = (await once(spawn(process.execPath, args, { env, stdio: 'ignore' }), 'close')) as [
        number,
      ];
      return { code };
    }),
  );
  expect(both.map(({ code }) => code).toSorted()).toEqual([0, 2]);
  expect((await read(SHOP, name)).labels).toEqual({ [LABEL]: 'true' });
});
