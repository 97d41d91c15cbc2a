import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESPONSE_RIGHTS } from '../../lib/constructs/responder-rights';
import { programFolder, readProgram } from '../../lib/program/parts';
import { COLLECTOR_RIGHTS, READY_RIGHTS } from '../../lib/responder/rights';
import { MINIMAL_CONFIG } from '../responder/minimal-config';
import { startControlPlane, type ControlPlane } from './control-plane';
import { writeKubeconfig } from './control-plane/credentials';
import { freePorts } from './control-plane/free-ports';
import { waitUntil } from './control-plane/wait';

const NAMESPACE = 'responder-shell';
const AUDIENCE = 'falco-egress-responder';

let plane: ControlPlane;
let responder: ChildProcess;
let output = '';
let api = '';
let probes = '';

/** The built program out of its parts, as its own process, with its documented rights and no others. */
beforeAll(async () => {
  plane = await startControlPlane();
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  for (const name of ['responder', 'collector', 'other']) {
    await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: NAMESPACE } });
  }
  const group = 'rbac.authorization.k8s.io';
  const metadata = { name: NAMESPACE };
  const rules = [...READY_RIGHTS, ...COLLECTOR_RIGHTS, ...RESPONSE_RIGHTS].map(({ why: _, ...rule }) => rule);
  await apply({ apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata, rules });
  await apply({
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: NAMESPACE },
    subjects: [{ kind: 'ServiceAccount', name: 'responder', namespace: NAMESPACE }],
  });

  const [port = 0, metricsPort = 0] = await freePorts(2);
  api = `http://127.0.0.1:${port}`;
  probes = `http://127.0.0.1:${metricsPort}`;
  const kubeconfig = await writeKubeconfig(join(plane.folder, 'responder.kubeconfig'), {
    url: plane.url,
    caFile: plane.caFile,
    token: await token('responder'),
  });
  const config = join(plane.folder, 'responder.json');
  const collector = { namespace: NAMESPACE, serviceAccount: 'collector', audience: AUDIENCE };
  writeFileSync(
    config,
    JSON.stringify({
      ...MINIMAL_CONFIG,
      authentication: { collector },
      port,
      metricsPort,
    }),
  );
  responder = spawn(process.execPath, [join(programFolder(), 'start.cjs'), 'responder', '--config', config], {
    env: {
      PATH: process.env['PATH'],
      KUBECONFIG: kubeconfig,
      PROGRAM_SHA256: readProgram().sha256,
      RESPONDER_TOKEN: 'sesame',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [responder.stdout, responder.stderr])
    stream?.on('data', (data: Buffer) => (output += data.toString()));
  await waitUntil(
    () => Promise.resolve(output.includes('responder started')),
    30_000,
    () => Promise.resolve(new Error(output)),
  );
}, 900_000);

afterAll(async () => {
  responder.kill('SIGKILL');
  await plane.stop();
});

async function apply(object: object): Promise<void> {
  expect(await plane.kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) })).toMatchObject({
    code: 0,
  });
}

async function token(serviceAccount: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await plane.kubectl(['create', 'token', serviceAccount, '-n', NAMESPACE, ...args]);
  return stdout.trim();
}

/** As the kubelet asks for it: bound to a Pod, and so to its node. */
async function boundToken(serviceAccount: string): Promise<string> {
  const name = `of-${serviceAccount}`;
  await apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      serviceAccountName: serviceAccount,
      nodeName: 'node-1',
      containers: [{ name: 'main', image: 'example.invalid/main' }],
    },
  });
  const bound = ['--bound-object-kind', 'Pod', '--bound-object-name', name];
  return token(serviceAccount, '--audience', AUDIENCE, ...bound);
}

async function postLogs(bearer: string): Promise<number> {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${bearer}` };
  const body = JSON.stringify({
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: '{}' } }] }] }],
  });
  return (await fetch(`${api}/v1/logs`, { method: 'POST', headers, body })).status;
}

test('it is ready, since the API server is', async () => {
  await waitUntil(
    async () => (await fetch(`${probes}/readyz`)).status === 200,
    30_000,
    () => Promise.resolve(new Error(output)),
  );
});

test('the collector is known by its projected token; what no response fits is taken', async () => {
  expect(await postLogs(await boundToken('collector'))).toBe(200);
});

test('a token without a node, or of another ServiceAccount, is refused; who shows one that is not taken may come again', async () => {
  expect(await postLogs(await token('collector', '--audience', AUDIENCE))).toBe(403);
  expect(await postLogs(await token('collector'))).toBe(503);
  expect(await postLogs(await boundToken('other'))).toBe(403);
  expect(await postLogs('a.b.c')).toBe(503);
});

test('it is not ready once the API server refuses to talk to it', async () => {
  const readiness = async (): Promise<number> => (await fetch(`${probes}/readyz`)).status;
  await plane.kubectl(['delete', 'serviceaccount', 'responder', '-n', NAMESPACE]);
  await waitUntil(
    async () => (await readiness()) === 503,
    30_000,
    () => Promise.resolve(new Error('still ready')),
  );
  expect((await fetch(`${probes}/healthz`)).status).toBe(200);
}, 60_000);

test('it stops when told to, with exit code 0', async () => {
  const closed = once(responder, 'close');
  responder.kill('SIGTERM');
  expect(await closed).toEqual([0, null]);
  for (const line of output.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
});
