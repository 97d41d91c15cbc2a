import { randomBytes } from 'node:crypto';

import { PodGuard } from '../../lib/constructs/pod-guard';
import type { PodGuardSettings } from '../../lib/settings/egress';
import { synthesize } from '../constructs';
import { startControlPlane, type ControlPlane } from './control-plane';
import { warningsIn } from './control-plane/kubectl';
import { waitUntil } from './control-plane/wait';
import { expressionWarnings } from './expression-warnings';

jest.setTimeout(60_000);

/** What this run makes is told apart from what others make on the same control plane. */
const RUN = `pods-${randomBytes(4).toString('hex')}`;
const LABEL = `${RUN}.falco-egress.io/network`;
const SCOPE = `${RUN}.falco-egress.io/run`;

/** Two installations, each for namespaces of its own: one refuses, one warns (and only notes raw sockets). */
const DENYING = `${RUN}-d`;
const WARNING = `${RUN}-w`;
const NODE = `${RUN}-falco`;
const EXCEPTED = `${RUN}-system`;

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
  await install(DENYING, {
    ...{ seccomp: 'deny', hostNetwork: 'deny', rawSockets: 'deny' },
    exceptNamespaces: [EXCEPTED],
  });
  await install(WARNING, { seccomp: 'warn', hostNetwork: 'warn', rawSockets: 'audit' });
  for (const scope of [DENYING, WARNING]) await namespace(scope, scope);
  for (const [name, value] of [
    [`${RUN}-green`, 'green'],
    [`${RUN}-red`, 'red'],
    [NODE, undefined],
    [EXCEPTED, undefined],
  ] as const)
    await namespace(name, DENYING, value);
  // A policy takes effect a moment after it is stored.
  await settled(DENYING, pod({ containers: [context(NO_RAW)] }), 'seccomp');
  await settled(DENYING, pod({ hostNetwork: true }), 'hostNetwork');
  await settled(DENYING, pod({ containers: [{ securityContext: RUNTIME_DEFAULT }] }), 'rawSockets');
  await settled(WARNING, pod({ hostNetwork: true, containers: [{}] }), 'seccomp', 'hostNetwork');
}, 900_000);

afterAll(async () => {
  for (const name of [DENYING, WARNING])
    for (const id of ['seccomp', 'host-network', 'raw-sockets'])
      await plane.kubectl([
        'delete',
        'validatingadmissionpolicybinding,validatingadmissionpolicy',
        `${name}-pod-guard-${id}`,
      ]);
  await plane.stop();
});

async function install(name: string, podGuard: PodGuardSettings): Promise<void> {
  const objects = synthesize((scope) => {
    new PodGuard(scope, 'guard', {
      cluster: 'test',
      name,
      exempt: { label: LABEL },
      namespaces: { node: NODE },
      egress: { podGuard },
    });
  });
  expect(objects.map(({ kind }) => kind).filter((kind) => kind.endsWith('Binding'))).toHaveLength(3);
  const applied = await plane.kubectl(['apply', '--server-side', '--validate=strict', '-f', '-'], {
    input: objects.map((object) => JSON.stringify(onlyIn(name, object))).join('\n---\n'),
  });
  expect(applied).toMatchObject({ code: 0 });
  expect(warningsIn(applied.stderr)).toEqual([]);
}

/** A binding that leaves everybody else on this control plane alone. */
function onlyIn(scope: string, object: object): object {
  const { matchResources } = (object as { spec: { matchResources?: Selecting } }).spec;
  matchResources?.namespaceSelector.matchExpressions.push({ key: SCOPE, operator: 'In', values: [scope] });
  return object;
}

interface Selecting {
  readonly namespaceSelector: { readonly matchExpressions: object[] };
}

async function namespace(name: string, scope: string, value?: string): Promise<void> {
  const labels = { [SCOPE]: scope, ...(value === undefined ? {} : { [LABEL]: value }) };
  await admin(
    ['create', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }),
  );
  await waitUntil(
    async () => (await plane.kubectl(['-n', name, 'get', 'serviceaccount', 'default'])).code === 0,
    30_000,
    () => Promise.resolve(new Error(`${name} has no ServiceAccount`)),
  );
}

async function admin(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await plane.kubectl(args, { input });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

async function settled(where: string, what: object, ...settings: string[]): Promise<void> {
  let stderr = '';
  await waitUntil(
    async () => {
      ({ stderr } = await create(where, what));
      return settings.every((setting) => stderr.includes(`egress.podGuard.${setting}`));
    },
    30_000,
    () => Promise.resolve(new Error(`${settings.join()} never took effect: ${stderr}`)),
  );
}

function create(where: string, what: object) {
  return plane.kubectl(['-n', where, 'create', '--dry-run=server', '--validate=strict', '-f', '-'], {
    input: JSON.stringify(what),
  });
}

type Container = Readonly<Record<string, unknown>>;

interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly [field: string]: unknown;
}

const RUNTIME_DEFAULT = { seccompProfile: { type: 'RuntimeDefault' } };
const NO_RAW = { capabilities: { drop: ['NET_RAW'] } };

/** A container to which nobody objects. */
const CLOSED: Container = { securityContext: { ...RUNTIME_DEFAULT, ...NO_RAW } };

function spec({ containers = [CLOSED], initContainers = [], ...rest }: PodSpec): object {
  const named = (prefix: string) => (container: Container, index: number) => ({
    name: `${prefix}${String(index)}`,
    image: 'registry.example.org/shop:1',
    ...container,
  });
  return {
    ...rest,
    containers: containers.map(named('c')),
    initContainers: initContainers.map(named('i')),
  };
}

function pod(of: PodSpec, name = 'cart'): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: spec(of) };
}

/** Each kind of workload, with a template of this Pod. */
function workloads(of: PodSpec): Record<string, object> {
  const labels = { app: 'cart' };
  const metadata = { name: 'cart' };
  const template = { metadata: { labels }, spec: spec(of) };
  const once = { metadata: { labels }, spec: { ...spec(of), restartPolicy: 'Never' } };
  const apps = (kind: string, more: object = {}) => ({
    ...{ apiVersion: 'apps/v1', kind, metadata },
    spec: { selector: { matchLabels: labels }, template, ...more },
  });
  return {
    Deployment: apps('Deployment'),
    DaemonSet: apps('DaemonSet'),
    StatefulSet: apps('StatefulSet', { serviceName: 'cart' }),
    ReplicaSet: apps('ReplicaSet'),
    Job: { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template: once } },
    CronJob: {
      ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata },
      spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: once } } },
    },
    ReplicationController: {
      ...{ apiVersion: 'v1', kind: 'ReplicationController', metadata },
      spec: { selector: labels, template },
    },
  };
}

const SECCOMP =
  'may set up io_uring, by which connections are made that nobody sees: set securityContext.seccompProfile.type to RuntimeDefault';
const HOST_NETWORK =
  "Pod cart uses the node's network, where no NetworkPolicy holds it: remove hostNetwork: true";
const RAW =
  'may open raw sockets, which get around what is known of connections: set securityContext.capabilities.drop to [ALL] or [NET_RAW]';

test('the API server finds nothing to warn of in its expressions', async () => {
  const warnings = await expressionWarnings(admin, (name) => name.startsWith(DENYING));
  expect([...warnings.values()]).toEqual([undefined, undefined, undefined]);
});

describe('refused, with what to change', () => {
  test.each<[string, PodSpec, string]>([
    ['no profile', { containers: [NO_RAW].map(context) }, `containers c0 of Pod cart ${SECCOMP}`],
    [
      'an unconfined container in a Pod with a profile',
      {
        securityContext: RUNTIME_DEFAULT,
        containers: [CLOSED, context({ ...NO_RAW, seccompProfile: { type: 'Unconfined' } })],
      },
      `containers c1 of Pod cart ${SECCOMP}`,
    ],
    ['an open init container', { initContainers: [context(NO_RAW)] }, `containers i0 of Pod cart ${SECCOMP}`],
    [
      'a privileged container, to which no profile is applied',
      { containers: [context({ ...RUNTIME_DEFAULT, ...NO_RAW, privileged: true })] },
      // Raw sockets are open to it too, and the API server names one of the policies that refuse it.
      'containers c0 of Pod cart may ',
    ],
    ["the node's network", { hostNetwork: true }, HOST_NETWORK],
    [
      'raw sockets not dropped',
      { containers: [CLOSED, context(RUNTIME_DEFAULT), context(RUNTIME_DEFAULT)] },
      `containers c1, c2 of Pod cart ${RAW}`,
    ],
    ...[['NET_RAW'], ['ALL'], ['CAP_NET_RAW'], ['net_raw']].map((add): [string, PodSpec, string] => [
      `raw sockets added: ${add.join()}`,
      { containers: [context({ ...RUNTIME_DEFAULT, capabilities: { drop: ['ALL'], add } })] },
      `containers c0 of Pod cart ${RAW}`,
    ]),
    [
      'something else dropped',
      { containers: [context({ ...RUNTIME_DEFAULT, capabilities: { drop: ['CHOWN'] } })] },
      `containers c0 of Pod cart ${RAW}`,
    ],
  ])('%s', async (_, of, message) => {
    const { code, stderr } = await create(DENYING, pod(of));
    expect(stderr).toContain(message);
    expect(stderr).toContain('of falco-egress)');
    expect(code).toBe(1);
  });

  test('the template of every workload', async () => {
    for (const [kind, workload] of Object.entries(workloads({ containers: [context(NO_RAW)] }))) {
      const { code, stderr } = await create(DENYING, workload);
      expect(stderr).toContain(`containers c0 of ${kind} cart ${SECCOMP}`);
      expect(code).toBe(1);
    }
    for (const [kind, workload] of Object.entries(workloads({ hostNetwork: true })))
      expect((await create(DENYING, workload)).stderr).toContain(`${kind} cart uses the node's network`);
  });
});

function context(securityContext: object): Container {
  return { securityContext };
}

describe('admitted', () => {
  test.each<[string, PodSpec]>([
    ['a profile on each container', {}],
    ['a profile on the Pod', { securityContext: RUNTIME_DEFAULT, containers: [context(NO_RAW)] }],
    [
      "one of the user's own",
      {
        containers: [
          context({ ...NO_RAW, seccompProfile: { type: 'Localhost', localhostProfile: 'shop.json' } }),
        ],
      },
    ],
    [
      'all capabilities dropped, and another added',
      {
        containers: [
          context({ ...RUNTIME_DEFAULT, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }),
        ],
      },
    ],
    ['Windows, which has none of it', { os: { name: 'windows' }, containers: [{}] }],
  ])('%s', async (_, of) => {
    expect(await create(DENYING, pod(of))).toMatchObject({ code: 0, stderr: '' });
  });

  test('workloads with such a Pod', async () => {
    for (const workload of Object.values(workloads({})))
      expect(await create(DENYING, workload)).toMatchObject({ code: 0, stderr: '' });
  });

  test('everything in an exempt namespace, that of Falco and an excepted one', async () => {
    const open = pod({ hostNetwork: true, containers: [{}] });
    for (const where of [`${RUN}-green`, NODE, EXCEPTED])
      expect(await create(where, open)).toMatchObject({ code: 0, stderr: '' });
    expect(await create(`${RUN}-red`, open)).toMatchObject({ code: 1 });
  });
});

describe('what was there before', () => {
  const later = `${RUN}-later`;

  beforeAll(async () => {
    await namespace(later, DENYING, 'green');
    await admin(
      ['-n', later, 'create', '-f', '-'],
      JSON.stringify(workloads({ containers: [context(NO_RAW)] })['Deployment']),
    );
    await admin(['-n', later, 'create', '-f', '-'], JSON.stringify(pod({ containers: [{}] })));
    await admin(['label', '--overwrite', 'namespace', later, `${LABEL}=red`]);
    await settled(later, pod({ containers: [context(NO_RAW)] }, 'probe'), 'seccomp');
  });

  test('a workload is still scaled, annotated and deleted, and not changed into another open one', async () => {
    await admin(['-n', later, 'scale', 'deployment', 'cart', '--replicas=0']);
    await admin(['-n', later, 'annotate', 'deployment', 'cart', 'owner=shop']);
    await admin(['-n', later, 'patch', 'deployment', 'cart', '-p', '{"spec":{"replicas":1}}']);
    const change = ['-n', later, 'set', 'image', 'deployment/cart', 'c0=registry.example.org/shop:2'];
    const { code, stderr } = await plane.kubectl(change);
    expect(stderr).toContain(`containers c0 of Deployment cart ${SECCOMP}`);
    expect(code).toBe(1);
    await admin(['-n', later, 'delete', 'deployment', 'cart']);
  });

  test('a Pod is still labelled; a debug container is held to the same, whatever the Pod is', async () => {
    await admin(['-n', later, 'label', 'pod', 'cart', 'team=shop']);
    const debug = (securityContext: object) =>
      plane.kubectl([
        ...['-n', later, 'patch', 'pod', 'cart', '--subresource=ephemeralcontainers', '-p'],
        JSON.stringify({
          spec: {
            ephemeralContainers: [{ name: 'debug', image: 'registry.example.org/sh:1', securityContext }],
          },
        }),
      ]);
    const { code, stderr } = await debug({ ...RUNTIME_DEFAULT, capabilities: { add: ['NET_RAW'] } });
    expect(stderr).toContain(`containers debug of Pod cart ${RAW}`);
    expect(code).toBe(1);
    expect(await debug({ ...RUNTIME_DEFAULT, ...NO_RAW })).toMatchObject({ code: 0 });
    await admin(['-n', later, 'delete', 'pod', 'cart', '--grace-period=0', '--force']);
  });
});

test('a warning lets it pass and says the same; a note in the audit log says nothing to the user', async () => {
  const { code, stderr } = await create(WARNING, pod({ hostNetwork: true, containers: [{}] }));
  expect(code).toBe(0);
  expect(stderr).toContain(`containers c0 of Pod cart ${SECCOMP}`);
  expect(stderr).toContain(HOST_NETWORK);
  expect(stderr).not.toContain('raw sockets');
});
