import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programFolder } from '../../lib/program/parts';
import { secretsRights } from '../../lib/secrets-job/rights';
import type { SecretsSpec } from '../../lib/secrets-job/spec';
import { startControlPlane, type ControlPlane } from './control-plane';
import { writeKubeconfig } from './control-plane/credentials';

const NAMESPACE = 'secrets-job';
const OTHER = 'secrets-job-node';

const spec: SecretsSpec = {
  secrets: [
    { namespace: NAMESPACE, name: 'responder-token', keys: [{ key: 'token', kind: 'token' }] },
    { namespace: NAMESPACE, name: 'ui', keys: [{ key: 'user', kind: 'user-password' }] },
    { namespace: NAMESPACE, name: 'mine', keys: [{ key: 'password', kind: 'password' }] },
    { namespace: OTHER, name: 'responder-token', keys: [{ key: 'token', kind: 'token' }] },
  ],
};

interface Secret {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data: Readonly<Record<string, string>>;
}

let plane: ControlPlane;
let kubeconfig = '';

beforeAll(async () => {
  plane = await startControlPlane();
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: OTHER } });
  await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'job', namespace: NAMESPACE } });
  for (const namespace of [NAMESPACE, OTHER]) await grant(namespace);
  const data = { password: Buffer.from('untouched').toString('base64') };
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mine', namespace: NAMESPACE }, data });
  const { stdout: token } = await kubectl('create', 'token', 'job', '-n', NAMESPACE);
  kubeconfig = await writeKubeconfig(join(plane.folder, 'job.kubeconfig'), {
    url: plane.url,
    caFile: plane.caFile,
    token: token.trim(),
  });
}, 900_000);

afterAll(() => plane.stop());

/** Exactly the documented rights, in one namespace. */
async function grant(namespace: string): Promise<void> {
  const metadata = { name: 'job', namespace };
  const names = spec.secrets.filter((secret) => secret.namespace === namespace).map(({ name }) => name);
  const rules = secretsRights(names).map(({ why: _, ...rule }) => rule);
  const kind = 'rbac.authorization.k8s.io';
  await apply({ apiVersion: `${kind}/v1`, kind: 'Role', metadata, rules });
  await apply({
    apiVersion: `${kind}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: kind, kind: 'Role', name: 'job' },
    subjects: [{ kind: 'ServiceAccount', name: 'job', namespace: NAMESPACE }],
  });
}

async function kubectl(...args: readonly string[]) {
  const result = await plane.kubectl(args);
  expect(result).toMatchObject({ code: 0 });
  return result;
}

async function apply(object: object): Promise<void> {
  const result = await plane.kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) });
  expect(result).toMatchObject({ code: 0 });
}

async function secret(namespace: string, name: string): Promise<Secret> {
  return JSON.parse((await kubectl('get', 'secret', name, '-n', namespace, '-o', 'json')).stdout) as Secret;
}

async function secrets(): Promise<Readonly<Record<string, Secret>>> {
  const entries = spec.secrets.map(async ({ namespace, name }) => [
    `${namespace}/${name}`,
    await secret(namespace, name),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, Secret>;
}

/** Runs the built program as the Job does: its own process, its own rights. */
function runJob(
  wanted: SecretsSpec = spec,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const file = join(plane.folder, 'spec.json');
  writeFileSync(file, JSON.stringify(wanted));
  const child = spawn(process.execPath, [join(programFolder(), 'program.js'), 'secrets', '--spec', file], {
    env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      resolve({ code, output });
    });
  });
}

const decoded = (value: string | undefined): string => Buffer.from(value ?? '', 'base64').toString();

test('the first run creates what is absent, the second changes nothing', async () => {
  const first = await runJob();
  expect(first).toMatchObject({ code: 0 });
  const made = await secrets();
  const token = made[`${NAMESPACE}/responder-token`];
  expect(decoded(token?.data['token'])).toMatch(/^[-_A-Za-z0-9]{43}$/);
  expect(made[`${OTHER}/responder-token`]?.data).not.toEqual(token?.data);
  expect(decoded(made[`${NAMESPACE}/ui`]?.data['user'])).toMatch(/^admin:[A-Za-z0-9]{24}$/);
  expect(decoded(made[`${NAMESPACE}/mine`]?.data['password'])).toBe('untouched');

  const second = await runJob();
  expect(second).toMatchObject({ code: 0 });
  expect(await secrets()).toEqual(made);

  for (const { data } of Object.values(made)) {
    for (const value of Object.values(data)) {
      expect(first.output + second.output).not.toContain(value);
      expect(first.output + second.output).not.toContain(decoded(value));
    }
  }
});

test('nothing that Argo CD or Helm tracks by stands on a Secret', async () => {
  const { metadata } = await secret(NAMESPACE, 'ui');
  expect(metadata.labels).toEqual({
    'app.kubernetes.io/name': 'falco-egress',
    'app.kubernetes.io/component': 'secrets',
    'app.kubernetes.io/part-of': 'falco-egress',
    'app.kubernetes.io/managed-by': 'falco-egress',
  });
  expect(metadata.annotations).toBeUndefined();
});

test('two Jobs at once agree', async () => {
  await kubectl('delete', 'secret', 'responder-token', '-n', NAMESPACE);
  await kubectl('delete', 'secret', 'responder-token', '-n', OTHER);
  const runs = await Promise.all([runJob(), runJob(), runJob()]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  const lines = runs.flatMap(({ output }) => output.trim().split('\n'));
  const created = lines
    .map((line) => JSON.parse(line) as { readonly message: string; readonly secret: string })
    .filter(({ message }) => message === 'Secret created');
  expect(created.map(({ secret: id }) => id).sort()).toEqual(
    [`${OTHER}/responder-token`, `${NAMESPACE}/responder-token`].sort(),
  );
});

test('a Secret without a wanted key stays as it is and is named', async () => {
  const before = await secret(NAMESPACE, 'mine');
  const keys = [{ key: 'other', kind: 'password' as const }];
  const { code, output } = await runJob({ secrets: [{ namespace: NAMESPACE, name: 'mine', keys }] });
  expect(code).toBe(1);
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toMatchObject({
    code: 'SECRET_LACKS_KEY',
    secret: `${NAMESPACE}/mine`,
    key: 'other',
  });
  expect(await secret(NAMESPACE, 'mine')).toEqual(before);
});

test.each([
  ['a Secret that its Role does not name', NAMESPACE, 'API_FORBIDDEN'],
  ['another namespace', 'kube-system', 'API_FORBIDDEN'],
])('%s is out of its reach', async (_, namespace, wanted) => {
  const keys = [{ key: 'a', kind: 'token' as const }];
  const { code, output } = await runJob({ secrets: [{ namespace, name: 'unnamed', keys }] });
  expect(code).toBe(2);
  expect(JSON.parse(output)).toMatchObject({ level: 'error', code: wanted });
});

test('its Role lets it create and get by name, and do nothing else with Secrets', async () => {
  const as = ['--as', `system:serviceaccount:${NAMESPACE}:job`, '-n', NAMESPACE];
  const can = async (verb: string, resource: string): Promise<boolean> =>
    (await plane.kubectl(['auth', 'can-i', verb, resource, ...as])).stdout.trim() === 'yes';
  expect(await can('create', 'secrets')).toBe(true);
  expect(await can('get', 'secrets/mine')).toBe(true);
  expect(await can('get', 'secrets/unnamed')).toBe(false);
  for (const verb of ['list', 'watch', 'update', 'patch', 'delete', 'deletecollection']) {
    expect([verb, await can(verb, 'secrets/mine')]).toEqual([verb, false]);
  }
});
