import { KubeConfig } from '@kubernetes/client-node';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';

import { rightsOf } from '../../lib/constructs/rights';
import { UninstallJob } from '../../lib/constructs/uninstall-job';
import { RELEASE_RIGHTS, REPORT_RIGHTS } from '../../lib/constructs/uninstall-rights';
import { denyPolicy } from '../../lib/containment';
import { QUARANTINE_POLICY } from '../../lib/names';
import { programFolder } from '../../lib/program/parts';
import { clusterHoldings } from '../../lib/responder/uninstall/holdings';
import { runUninstall, type UninstallMode } from '../../lib/responder/uninstall/uninstall';
import { synthesize, type KubeObject } from '../constructs';
import { FAKE_PROGRAM } from '../constructs/fake-program';
import { installCalicoCrds } from './calico-crds';
import { startControlPlane, type ControlPlane } from './control-plane';
import { writeKubeconfig } from './control-plane/credentials';
import { waitUntil } from './control-plane/wait';
import { installCrds } from './crds';
import { helmPrograms } from './helm';
import { HelmRelease, type Helm } from './helm-release';
import { apply, namespace, pod } from './responder/cluster-under-test';
import { RecordingProxy, type Recorded } from './responder/recording-proxy';
import { attributesOf } from './responder/request-attributes';

/*
 * `helm uninstall` with Pods that are cut off. No kubelet is there: the Job's Pod is run by the test, out of its own spec,
 * with a token of its own ServiceAccount, and its end is written into its status.
 */

jest.setTimeout(180_000);

const CLI = resolve(__dirname, '../../dist/falco-egress.js');
const NAME = 'gone';
const OURS = 'gone-services';
const SHOP = 'shop';
const ACCOUNT = `${NAME}-uninstall`;
const LABELS = { app: 'cart', 'pod-template-hash': '6799fc88d8' };
const TIERS = ['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'Cilium', 'Calico'] as const;
const KINDS = [
  ...['clusternetworkpolicies', 'adminnetworkpolicies'].map((kind) => `${kind}.policy.networking.k8s.io`),
  ...['ciliumclusterwidenetworkpolicies.cilium.io', 'globalnetworkpolicies.projectcalico.org'],
  'globalnetworkpolicies.crd.projectcalico.org',
];

let plane: ControlPlane;
let helms: ReadonlyMap<string, string>;
let sidekick: Server;
const alerts: { readonly rule: string; readonly output: string }[] = [];
const recorded = new Map<UninstallMode, Recorded[]>([
  ['report', []],
  ['release', []],
]);

async function admin(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(args, { input });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const get = async <T>(...args: readonly string[]): Promise<T> =>
  JSON.parse(await admin(['get', ...args, '-o', 'json'])) as T;

/** The built command line, as the admin. */
function cli(...args: readonly string[]) {
  const env = { ...process.env, KUBECONFIG: plane.kubeconfig };
  const run = spawnSync(process.execPath, [CLI, 'quarantine', ...args], { encoding: 'utf8', env });
  return { code: run.status, out: run.stdout, error: run.stderr };
}

beforeAll(async () => {
  plane = await startControlPlane({ own: true });
  helms = await helmPrograms();
  await installCrds(plane, ['network-policy-api', 'network-policy-api-v1alpha1', 'cilium']);
  await installCalicoCrds(plane);
  await apply(plane, namespace(SHOP), namespace('releases'));
  await admin(['wait', '--for=create', 'serviceaccount/default', '-n', SHOP, '--timeout=60s']);
  sidekick = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      alerts.push(JSON.parse(body) as (typeof alerts)[number]);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(sidekick, 'listening');
}, 1_200_000);

afterAll(async () => {
  sidekick.close();
  await plane.stop();
});

afterEach(async () => {
  alerts.length = 0;
  await admin(['delete', 'pods', '--all', '-n', SHOP, '--force', '--grace-period=0']);
});

interface StoredPod {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: object;
  };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly containers: readonly { readonly args: readonly string[] }[];
  };
}

const meta = async (name: string) => {
  const { metadata } = await get<StoredPod>('pod', name, '-n', SHOP);
  return { labels: metadata.labels, annotations: metadata.annotations };
};

const policies = async (): Promise<readonly string[]> =>
  (
    await Promise.all(
      ['networkpolicies.networking.k8s.io', ...KINDS].map((kind) =>
        admin(['get', kind, '-A', `--field-selector=metadata.name=${QUARANTINE_POLICY}`, '-o', 'name']),
      ),
    )
  ).flatMap((names) => names.split('\n').filter((name) => name !== ''));

/** A release with Pods that are cut off, as far down the ladder as it goes. */
async function installed(helm: Helm, mode: UninstallMode) {
  const release = new HelmRelease(plane, helm, helms.get(helm) ?? helm, NAME, 'releases');
  await release.install(
    {
      name: NAME,
      namespaces: { node: 'gone-node', services: OURS },
      responses: [{ match: 'rule = "x"', action: 'quarantine' }],
      responder: { uninstall: mode },
    },
    '--take-ownership',
  );
  await waitUntil(
    async () => (await admin(['get', 'pods', '-n', OURS])).includes(`${NAME}-responder`),
    60_000,
    () => Promise.resolve(new Error('no Pod of the responder')),
  );
  await apply(plane, ...['one', 'two'].map((name) => pod(SHOP, name, { labels: LABELS })));
  const before = { one: await meta('one'), two: await meta('two') };
  for (const name of ['one', 'two'])
    expect(cli('add', `${SHOP}/${name}`, '--reason', 'curl', '--ttl', '4h')).toMatchObject({ code: 0 });
  await apply(plane, ...TIERS.map((tier) => denyPolicy(tier) ?? {}));
  const calico = denyPolicy('Calico');
  await apply(plane, { ...calico, apiVersion: 'crd.projectcalico.org/v1' });
  return { release, before };
}

/** A kubeconfig that leads to a proxy without TLS. */
function throughProxy(server: string, token: string): string {
  return JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'hook' },
    clusters: [{ name: 'proxy', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'account', user: { token } }],
    contexts: [{ name: 'hook', context: { cluster: 'proxy', user: 'account' } }],
  });
}

/**
 * What a kubelet would do with the Pod of the Job.
 *
 * @param runs for each run of its program, one after the other, which groups the API server seems not to serve
 * @returns what each run has said
 */
async function runHook(
  mode: UninstallMode,
  runs: readonly (readonly string[])[],
): Promise<readonly string[]> {
  const select = ['pods', '-n', OURS, '-l', `job-name=${ACCOUNT}`];
  let found: StoredPod | undefined;
  await waitUntil(
    async () => (found = (await get<{ items: StoredPod[] }>(...select)).items[0]) !== undefined,
    60_000,
    () => Promise.resolve(new Error('the hook has no Pod')),
  );
  const { metadata, spec } = found ?? {
    metadata: { name: '' },
    spec: { serviceAccountName: '', containers: [] },
  };
  expect(spec.serviceAccountName).toBe(ACCOUNT);
  const mounted = await get<{ data: Record<string, string> }>('configmap', `${NAME}-responder`, '-n', OURS);
  const config = JSON.parse(mounted.data['responder.json'] ?? '') as object;
  expect(config).toMatchObject({ sidekickUrl: `http://${NAME}-sidekick.${OURS}.svc:2801/` });
  // A name of the cluster leads nowhere here.
  const sidekickUrl = `http://127.0.0.1:${(sidekick.address() as AddressInfo).port}/`;
  const file = join(plane.folder, 'responder.json');
  writeFileSync(file, JSON.stringify({ ...config, sidekickUrl }));
  const token = (await admin(['create', 'token', ACCOUNT, '-n', OURS])).trim();
  const args = (spec.containers[0]?.args ?? []).map((arg) => (arg.endsWith('/responder.json') ? file : arg));
  const outputs: string[] = [];
  for (const hidden of runs) outputs.push(await runProgram(mode, args, token, hidden));
  const status = JSON.stringify({ status: { phase: 'Succeeded' } });
  const of = ['pod', metadata.name, '-n', OURS];
  await admin(['patch', ...of, '--subresource=status', '--type=merge', '-p', status]);
  return outputs;
}

/** Runs the built program with a token, and keeps what it asks for. */
async function runProgram(
  mode: UninstallMode,
  args: readonly string[],
  token: string,
  hidden: readonly string[],
): Promise<string> {
  const proxy = await RecordingProxy.start(plane, hidden);
  const kubeconfig = join(plane.folder, 'uninstall.kubeconfig');
  writeFileSync(kubeconfig, throughProxy(proxy.url, token));
  const child = spawn(process.execPath, [join(programFolder(), 'program.js'), ...args], {
    env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  proxy.stop();
  if (code !== 0) throw new Error(`the hook ended with ${code}: ${output}`);
  recorded.get(mode)?.push(...proxy.recorded);
  return output;
}

const lines = (output: string): readonly string[] =>
  output
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { message: string }).message);

const eventsOf = async (name: string, reason: string): Promise<readonly string[]> => {
  const select = `--field-selector=involvedObject.name=${name},reason=${reason}`;
  const { items } = await get<{ items: { message: string }[] }>('events', '-n', SHOP, select);
  return items.map(({ message }) => message);
};

/** Nothing of the hook, nor of the guard that would keep people from releasing by hand, is left. */
async function expectNothingLeft(): Promise<void> {
  const kinds = ['jobs', 'serviceaccounts', 'roles', 'rolebindings', 'networkpolicies', 'clusterroles'];
  const left = await admin([
    ...['get', [...kinds, 'clusterrolebindings', 'validatingadmissionpolicies'].join(), '-A'],
    ...['-l', `app.kubernetes.io/instance=${NAME}`, '-o', 'name'],
  ]);
  expect(left).toBe('');
}

test('report tells which Pods stay cut off, and leaves them so', async () => {
  const { release } = await installed('helm3', 'report');
  const cut = await meta('one');
  await refusedWithoutTheRight();
  expect(await meta('one')).toEqual(cut);
  const [[output = '']] = await Promise.all([runHook('report', [[]]), release.uninstall({ hooks: true })]);
  expect(lines(output).at(-1)).toMatch(/^2 Pods stay cut off, .*falco-egress quarantine release --all/);
  for (const name of ['one', 'two']) {
    const [message = ''] = await eventsOf(name, 'StaysQuarantined');
    expect(message).toContain(`run falco-egress quarantine release ${SHOP}/${name}`);
    expect(lines(output)).toContain(message);
    expect(alerts).toContainEqual(
      expect.objectContaining({ rule: 'falco-egress: StaysQuarantined', output: message }),
    );
  }
  expect(await meta('one')).toEqual(cut);
  expect(await policies()).toHaveLength(1 + KINDS.length);
  await expectNothingLeft();

  const released = cli('release', '--all');
  expect(released).toMatchObject({ code: 0, error: '' });
  expect((await meta('one')).labels).toEqual(LABELS);
  // In a real cluster one of Calico's two is the other.
  expect(await policies()).toEqual([`globalnetworkpolicy.crd.projectcalico.org/${QUARANTINE_POLICY}`]);
});

test('release gives every Pod back as it was, and may be done again', async () => {
  const { release, before } = await installed('helm4', 'release');
  // Where Calico's own API server is away, what it stores is there all the same.
  const runs = [['/apis/projectcalico.org/'], []];
  const [[first = '', second = '']] = await Promise.all([
    runHook('release', runs),
    release.uninstall({ hooks: true }),
  ]);
  expect(lines(first)).toEqual([
    `released ${SHOP}/one: the responder is uninstalled`,
    `released ${SHOP}/two: the responder is uninstalled`,
    '2 released, no Pod is cut off',
  ]);
  expect(lines(second)).toEqual(['0 released, no Pod is cut off']);
  expect({ one: await meta('one'), two: await meta('two') }).toEqual(before);
  expect(alerts.map(({ rule }) => rule)).toEqual(['falco-egress: Released', 'falco-egress: Released']);
  expect(await eventsOf('one', 'Released')).toContain(`released ${SHOP}/one: the responder is uninstalled`);
  expect(await policies()).toEqual([]);
  await expectNothingLeft();
});

test('it uses each of its rights, and has no other', () => {
  const used = (mode: UninstallMode): readonly string[] =>
    [
      ...new Set(
        (recorded.get(mode) ?? []).flatMap((one) => {
          expect(`${one.method} ${one.path} ${one.status}`).not.toMatch(/40[13]$/);
          const asked = attributesOf(one);
          return asked === undefined ? [] : [`${asked.verb} ${asked.on}`];
        }),
      ),
    ].sort();
  // Calico's own API server asks for these, and the guard for the other; neither is a request of ours.
  const others = /tier|^release /;
  const granted = (mode: UninstallMode): readonly string[] =>
    rightsOf(hookObjects(mode)).flatMap(({ apiGroups: [group = ''] = [], resources = [], verbs }) =>
      resources.flatMap((on) => verbs.map((verb) => `${verb} ${on}${group === '' ? '' : `.${group}`}`)),
    );
  for (const mode of ['report', 'release'] as const) {
    const rights = granted(mode).filter((right) => !others.test(right));
    expect(used(mode)).toEqual([...rights].sort());
    expect(new Set(rights).size).toBe(rights.length);
  }
  expect(granted('release').filter((right) => others.test(right))).toEqual([
    'release quarantines.falco-egress.io',
    'get tiers.projectcalico.org',
    'get tier.globalnetworkpolicies.projectcalico.org',
    'delete tier.globalnetworkpolicies.projectcalico.org',
  ]);
});

/** The same rights but one: the guard keeps the program from releasing. */
async function refusedWithoutTheRight(): Promise<void> {
  const who = ['-n', OURS, `--serviceaccount=${OURS}:lesser`];
  await admin(['create', 'serviceaccount', 'lesser', '-n', OURS]);
  await apply(plane, {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'lesser' } },
    rules: [...REPORT_RIGHTS, ...RELEASE_RIGHTS].flatMap(({ why: _, ...rule }) =>
      rule.resources?.includes('quarantines') ? [] : [rule],
    ),
  });
  await admin(['create', 'clusterrolebinding', 'lesser', '--clusterrole=lesser', ...who]);
  await admin(['create', 'role', 'lesser', '-n', OURS, '--verb=patch', '--resource=deployments.apps/scale']);
  await admin(['create', 'rolebinding', 'lesser', '--role=lesser', ...who]);
  const token = (await admin(['create', 'token', 'lesser', '-n', OURS])).trim();
  const file = join(plane.folder, 'lesser.kubeconfig');
  await writeKubeconfig(file, { url: plane.url, caFile: plane.caFile, token });
  const logged: string[] = [];
  const run = runUninstall({
    mode: 'release',
    config: { cluster: 'test', name: NAME, namespace: OURS },
    holdings: clusterHoldings(() => {
      const config = new KubeConfig();
      config.loadFromFile(file);
      return config;
    }),
    send: undefined,
    log: (_level, message) => logged.push(message),
    pause: () => new Promise((done) => setTimeout(done, 20)),
  });
  await expect(run).rejects.toThrow(/needs the right to release quarantines\.falco-egress\.io/);
  expect(logged.join('\n')).toContain(`${SHOP}/one is not released`);
  const replicas = ['-o', 'jsonpath={.spec.replicas}'];
  expect(await admin(['get', 'deployment', `${NAME}-responder`, '-n', OURS, ...replicas])).toBe('0');
}

/** What the hook is made of. */
function hookObjects(mode: UninstallMode): KubeObject[] {
  return synthesize(
    (scope) =>
      new UninstallJob(scope, 'uninstall', {
        ...{ cluster: 'test', name: NAME, responses: [{ match: 'rule = "x"', action: 'quarantine' }] },
        ...{ responder: { uninstall: mode }, program: FAKE_PROGRAM },
      }),
  );
}
