import { randomBytes } from 'node:crypto';

import { ExemptGuard } from '../../lib/constructs/exempt-guard';
import { synthesize } from '../constructs';
import { startControlPlane, type ControlPlane } from './control-plane';
import { warningsIn, type Kubectl } from './control-plane/kubectl';
import { waitUntil } from './control-plane/wait';
import { expressionWarnings } from './expression-warnings';

jest.setTimeout(60_000);

/** What this run makes is told apart from what others make on the same control plane. */
const RUN = `guard-${randomBytes(4).toString('hex')}`;
const POLICY = `${RUN}-exempt-guard`;
const LABEL = `${RUN}.falco-egress.io/network`;
const PLATFORM_USER = 'system:serviceaccount:argocd:argocd-application-controller';
const PLATFORM_GROUP = 'oidc:platform';

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
  await admin([
    ...['create', 'clusterrole', RUN, '--verb=*'],
    '--resource=namespaces,namespaces/status,namespaces/finalize',
  ]);
  for (const user of ['tenant', PLATFORM_USER])
    await admin([
      ...['create', 'clusterrolebinding', `${RUN}-${user.replaceAll(':', '-')}`],
      ...[`--clusterrole=${RUN}`, `--user=${user}`],
    ]);
  const objects = synthesize((scope) => {
    new ExemptGuard(scope, 'guard', {
      cluster: 'test',
      name: RUN,
      exempt: {
        label: LABEL,
        values: ['green', 'blue'],
        guard: { enabled: true, groups: ['system:masters', PLATFORM_GROUP], users: [PLATFORM_USER] },
      },
    });
  });
  const applied = await plane.kubectl(['apply', '--server-side', '--validate=strict', '-f', '-'], {
    input: objects.map((object) => JSON.stringify(object)).join('\n---\n'),
  });
  expect(applied).toMatchObject({ code: 0 });
  expect(warningsIn(applied.stderr)).toEqual([]);
  // A policy takes effect a moment after it is stored.
  await waitUntil(
    async () =>
      (await as('tenant', ['create', '--dry-run=server', '-f', '-'], namespace('probe', 'green'))).code !== 0,
    30_000,
    () => Promise.resolve(new Error('the policy never took effect')),
  );
}, 900_000);

afterAll(async () => {
  await plane.kubectl(['delete', 'validatingadmissionpolicybinding,validatingadmissionpolicy', POLICY]);
  await plane.stop();
});

async function admin(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(args, { input });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function as(user: string, args: readonly string[], input = ''): ReturnType<Kubectl> {
  return plane.kubectl([...args, `--as=${user}`], { input });
}

function namespace(name: string, value?: string): string {
  const labels = value === undefined ? {} : { [LABEL]: value };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

/** A namespace that an administrator has made. */
async function given(name: string, value?: string): Promise<string> {
  await admin(['create', '-f', '-'], namespace(name, value));
  return name;
}

const DENIED = {
  code: 1,
  stderr: expect.stringContaining('exempts a namespace from egress monitoring') as string,
};

test('the API server finds nothing to warn of in its expressions', async () => {
  const warnings = await expressionWarnings(admin, (name) => name === POLICY);
  expect([...warnings]).toEqual([[POLICY, undefined]]);
});

describe('a tenant', () => {
  test('makes namespaces, and labels them with anything else', async () => {
    const own = `${RUN}-own`;
    const red = `${RUN}-red`;
    expect(await as('tenant', ['create', '-f', '-'], namespace(own))).toMatchObject({ code: 0 });
    expect(await as('tenant', ['create', '-f', '-'], namespace(red, 'red'))).toMatchObject({
      code: 0,
    });
    expect(await as('tenant', ['label', 'namespace', own, 'team=payments'])).toMatchObject({
      code: 0,
    });
    expect(await as('tenant', ['label', 'namespace', red, `${LABEL}-`])).toMatchObject({ code: 0 });
  });

  test('makes no exempt namespace', async () => {
    for (const value of ['green', 'blue'])
      expect(await as('tenant', ['create', '-f', '-'], namespace(`${RUN}-new`, value))).toMatchObject(DENIED);
  });

  test('exempts none, by label, patch or apply; and is told why', async () => {
    const name = await given(`${RUN}-watched`);
    const denied = await as('tenant', ['label', 'namespace', name, `${LABEL}=green`]);
    expect(denied).toMatchObject(DENIED);
    expect(denied.stderr).toContain(`the label ${LABEL} ( -> green)`);
    expect(denied.stderr).toContain('tenant may not set, change or remove it');
    const patch = JSON.stringify({ metadata: { labels: { [LABEL]: 'blue' } } });
    expect(await as('tenant', ['patch', 'namespace', name, '-p', patch])).toMatchObject(DENIED);
    expect(
      await as(
        'tenant',
        ['apply', '--server-side', '--force-conflicts', '-f', '-'],
        namespace(name, 'green'),
      ),
    ).toMatchObject(DENIED);
  });

  test('changes nothing of an exempt value', async () => {
    const name = await given(`${RUN}-exempt`, 'green');
    for (const change of [`${LABEL}=blue`, `${LABEL}=red`, `${LABEL}-`])
      expect(await as('tenant', ['label', '--overwrite', 'namespace', name, change])).toMatchObject(DENIED);
  });

  test('exempts none through a subresource, and takes no exempt value away', async () => {
    const watched = await given(`${RUN}-by-subresource`);
    const exempt = await given(`${RUN}-exempt-by-subresource`, 'green');
    const through = (name: string, value: string | null) =>
      as('tenant', [
        ...['patch', 'namespace', name, '--subresource=status', '--type=merge'],
        ...['-p', JSON.stringify({ metadata: { labels: { [LABEL]: value } } })],
      ]);
    expect(await through(watched, 'green')).toMatchObject(DENIED);
    expect(await through(exempt, null)).toMatchObject(DENIED);
    expect(await through(watched, 'red')).toMatchObject({ code: 0 });
    const finalize = JSON.stringify({
      ...(JSON.parse(namespace(watched, 'blue')) as object),
      spec: { finalizers: ['kubernetes'] },
    });
    expect(
      await as('tenant', ['replace', '--raw', `/api/v1/namespaces/${watched}/finalize`, '-f', '-'], finalize),
    ).toMatchObject(DENIED);
  });

  test('edits an exempt namespace otherwise, and deletes it', async () => {
    const name = await given(`${RUN}-edited`, 'green');
    expect(await as('tenant', ['annotate', 'namespace', name, 'owner=team-a'])).toMatchObject({ code: 0 });
    expect(await as('tenant', ['label', 'namespace', name, 'team=payments'])).toMatchObject({ code: 0 });
    expect(await as('tenant', ['delete', 'namespace', name, '--wait=false'])).toMatchObject({ code: 0 });
  });
});

test('a user of the list sets, changes and removes exempt values', async () => {
  const name = await given(`${RUN}-by-user`);
  for (const change of [`${LABEL}=green`, `${LABEL}=blue`, `${LABEL}-`])
    expect(await as(PLATFORM_USER, ['label', '--overwrite', 'namespace', name, change])).toMatchObject({
      code: 0,
    });
});

test('so does a member of a group of the list', async () => {
  const name = await given(`${RUN}-by-group`);
  const member = ['label', 'namespace', name, `${LABEL}=green`, `--as-group=${PLATFORM_GROUP}`];
  expect(await as('tenant', [...member, '--as-group=system:authenticated'])).toMatchObject({ code: 0 });
});

test('an exempt namespace comes to its end', async () => {
  const name = await given(`${RUN}-ending`, 'blue');
  expect(await as('tenant', ['delete', 'namespace', name, '--timeout=30s'])).toMatchObject({ code: 0 });
});
