import { readInventoryRecord } from '../../../lib/inventory/read-record';
import type { InventoryRecord } from '../../../lib/inventory/record';
import {
  projectJob,
  projectNamespace,
  projectNode,
  projectPod,
  projectReplicaSet,
  projectService,
} from '../../../lib/responder/cluster/projections';
import { ObjectStore, type Observed } from '../../../lib/responder/cluster/store';
import type {
  WatchedJob,
  WatchedNamespace,
  WatchedNode,
  WatchedPod,
  WatchedReplicaSet,
  WatchedService,
} from '../../../lib/responder/cluster/cluster';
import { Inventory } from '../../../lib/responder/inventory/inventory';
import { FakeClock } from '../fake-clock';

const BEGAN = Date.parse('2026-11-22T10:00:00.000Z');
const SECOND = 1000;
let version = 1;

/** An inventory of a cluster in memory, and what it has told. */
function start({ pods: count = 0 } = {}) {
  const clock = new FakeClock();
  const state = {
    pods: new ObjectStore<WatchedPod>(),
    services: new ObjectStore<WatchedService>(),
    replicaSets: new ObjectStore<WatchedReplicaSet>(),
    jobs: new ObjectStore<WatchedJob>(),
    namespaces: new ObjectStore<WatchedNamespace>(),
    nodes: new ObjectStore<WatchedNode>(),
  };
  const lines: string[] = [];
  const errors: string[] = [];
  const set = <T>(store: ObjectStore<T>, observed: Observed<T> | undefined): void => {
    if (observed !== undefined) store.apply({ ...observed, type: 'set' });
  };
  for (let index = 0; index < count; index++) set(state.pods, projectPod(pod(`web-${index}`)));
  const inventory = new Inventory({
    ...{ state, cluster: 'prod', everySeconds: 3600, clock },
    exempt: { label: 'network', values: ['green', 'blue'] },
    write: (line) => lines.push(line),
    log: (_, message) => errors.push(message),
    now: () => BEGAN + clock.now(),
  });
  const told = (): readonly InventoryRecord[] => {
    clock.pass(SECOND);
    return lines.splice(0).map((line) => {
      const record = readInventoryRecord(line);
      if (record === undefined) throw new Error(`no record: ${line}`);
      return record;
    });
  };
  return {
    ...{ inventory, clock, state, lines, errors, told },
    setPod: (raw: object) => {
      set(state.pods, projectPod(raw));
    },
    setService: (raw: object) => {
      set(state.services, projectService(raw));
    },
    setReplicaSet: (raw: object) => {
      set(state.replicaSets, projectReplicaSet(raw));
    },
    setNamespace: (raw: object) => {
      set(state.namespaces, projectNamespace(raw));
    },
    deleteNamespace: (raw: object) => {
      const observed = projectNamespace(raw);
      if (observed !== undefined) state.namespaces.apply({ ...observed, type: 'gone' });
    },
    setNode: (raw: object) => {
      set(state.nodes, projectNode(raw));
    },
    deleteNode: (raw: object) => {
      const observed = projectNode(raw);
      if (observed !== undefined) state.nodes.apply({ ...observed, type: 'gone' });
    },
    setJob: (raw: object) => {
      set(state.jobs, projectJob(raw));
    },
    deletePod: (name: string) => {
      const observed = projectPod(pod(name));
      if (observed !== undefined) state.pods.apply({ ...observed, type: 'gone' });
    },
  };
}

interface Parts {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}

function pod(name: string, { metadata = {}, spec = {}, status = {} }: Parts = {}): object {
  return {
    metadata: {
      namespace: 'shop',
      name,
      uid: `uid-${name}`,
      resourceVersion: String(++version),
      ...metadata,
    },
    spec: { nodeName: 'node-1', ...spec },
    status: {
      phase: 'Running',
      podIPs: [{ ip: '10.0.0.5' }],
      startTime: '2026-11-22T09:59:00Z',
      containerStatuses: [{ containerID: `containerd://${'3db00b476ee2'.padEnd(64, '0')}` }],
      ...status,
    },
  };
}

const owned = (name: string, kind: string, owner: string): object => ({
  metadata: {
    ...{ namespace: 'shop', name, uid: `uid-${name}`, resourceVersion: String(++version) },
    ownerReferences: [{ uid: 'o', kind, name: owner, controller: true }],
  },
});
const by = (kind: string, name: string): Parts => ({
  metadata: { ownerReferences: [{ uid: 'o', kind, name, controller: true }] },
});
const service = (name: string, selector: object | undefined): object => ({
  metadata: {
    ...{ namespace: 'shop', name, uid: `uid-of-${name}`, resourceVersion: String(++version) },
    creationTimestamp: '2026-11-22T09:00:00Z',
  },
  spec: { clusterIPs: ['10.96.0.7'], ports: [{ port: 443 }], ...(selector && { selector }) },
});
const condition = (status: string, lastTransitionTime: string): object => ({
  conditions: [{ type: 'PodReadyToStartContainers', status, lastTransitionTime }],
});

test('when it begins it tells of all that is there, then that it was all', () => {
  const { told } = start({ pods: 2 });
  expect(told()).toEqual([
    ...['web-0', 'web-1'].map((name) => ({
      ...{ kind: 'pod', cluster: 'prod', time: '2026-11-22T10:00:00.100Z', namespace: 'shop', name },
      ...{ uid: `uid-${name}`, since: '2026-11-22T09:59:00Z', node: 'node-1', ips: ['10.0.0.5'] },
      ...{ containers: ['3db00b476ee2'], owners: [], services: [] },
    })),
    {
      ...{ kind: 'picture', cluster: 'prod', time: '2026-11-22T10:00:00.100Z' },
      ...{ began: '2026-11-22T10:00:00.000Z', every: 3600 },
    },
  ]);
});

test('what has not changed is told of again in the next picture alone', () => {
  const { told, clock, setPod } = start({ pods: 1 });
  told();
  setPod(pod('web-0', { metadata: { annotations: { 'falco-egress.io/x': '1' } } }));
  expect(told()).toEqual([]);
  clock.pass(3600 * SECOND);
  expect(told().map(({ kind }) => kind)).toEqual(['pod', 'picture']);
});

test('a Pod from its first address to its end', () => {
  const { told, setPod, deletePod } = start();
  told();
  const early = { podIPs: undefined, containerStatuses: [], startTime: undefined };
  setPod(pod('web-0', { status: early }));
  expect(told()).toEqual([]);
  setPod(pod('web-0', { status: condition('True', '2026-11-22T10:00:07Z') }));
  expect(told()).toMatchObject([{ since: '2026-11-22T10:00:07Z', ips: ['10.0.0.5'] }]);
  deletePod('web-0');
  const [end, ...more] = told();
  expect(end).toMatchObject({ name: 'web-0', ended: '2026-11-22T10:00:03.000Z', ips: ['10.0.0.5'] });
  expect(more).toEqual([]);
});

test.each([
  ['finished', { phase: 'Succeeded' }, {}, '2026-11-22T09:30:00Z'],
  ['failed', { phase: 'Failed' }, {}, '2026-11-22T09:30:00Z'],
  [
    'lost its network while it was being deleted',
    condition('False', '2026-11-22T09:40:00Z'),
    { deletionTimestamp: '2026-11-22T09:39:00Z' },
    '2026-11-22T09:40:00Z',
  ],
])('a Pod that has %s has ended then, though its object stays', (_, status, metadata, ended) => {
  const { told, clock, setPod } = start();
  const terminated = { state: { terminated: { finishedAt: '2026-11-22T09:30:00Z' } } };
  const containerStatuses = [{ containerID: `containerd://${'a'.repeat(64)}`, ...terminated }];
  told();
  setPod(pod('job-x', { metadata, status: { ...status, containerStatuses } }));
  expect(told()).toMatchObject([{ name: 'job-x', ended }]);
  clock.pass(3600 * SECOND);
  expect(told().map(({ kind }) => kind)).toEqual(['picture']);
});

test('a sandbox that is made anew is no end, and has no address of its own meanwhile', () => {
  const { told, setPod } = start();
  told();
  setPod(pod('web-0', { status: condition('False', '2026-11-22T10:00:07Z') }));
  expect(told()).toEqual([]);
});

test('owners as far up as they go', () => {
  const { told, setPod, setReplicaSet, setJob } = start();
  told();
  setReplicaSet(owned('web-5d', 'Deployment', 'web'));
  setJob(owned('backup-29', 'CronJob', 'backup'));
  setPod(pod('a', by('ReplicaSet', 'web-5d')));
  setPod(pod('b', by('Job', 'backup-29')));
  setPod(pod('c', by('Job', 'once')));
  setPod(pod('d', by('StatefulSet', 'cart')));
  setPod(pod('e'));
  expect(told().map((record) => record.kind === 'pod' && record.owners)).toEqual([
    ['ReplicaSet/web-5d', 'Deployment/web'],
    ['Job/backup-29', 'CronJob/backup'],
    ['Job/once'],
    ['StatefulSet/cart'],
    [],
  ]);
});

test('an owner of which the watch of owners tells later', () => {
  const { told, setPod, setReplicaSet } = start();
  told();
  setPod(
    pod('a', {
      metadata: {
        ownerReferences: [{ uid: 'uid-web-5d', kind: 'ReplicaSet', name: 'web-5d', controller: true }],
      },
    }),
  );
  setPod(pod('other'));
  expect(told()).toMatchObject([{ owners: ['ReplicaSet/web-5d'] }, { owners: [] }]);
  setReplicaSet(owned('web-5d', 'Deployment', 'web'));
  const records = told();
  expect(records).toMatchObject([{ name: 'a', owners: ['ReplicaSet/web-5d', 'Deployment/web'] }]);
  expect(records).toHaveLength(1);
});

test('a Service, and the Pods that it selects whenever it selects others', () => {
  const { told, setPod, setService } = start();
  setPod(pod('web-0', { metadata: { labels: { app: 'web' } } }));
  setPod(pod('other'));
  told();
  setService(service('web', { app: 'web' }));
  setService(service('outside', undefined));
  const records = told();
  expect(records).toMatchObject([
    { kind: 'service', name: 'web', ips: ['10.96.0.7'], ports: ['443/tcp'], since: '2026-11-22T09:00:00Z' },
    { kind: 'pod', name: 'web-0', services: ['web'] },
    { kind: 'service', name: 'outside' },
  ]);
  expect(records).toHaveLength(3);
});

test('10,000 Pods are told of over a while, and the end of one is not lost meanwhile', () => {
  const { told, lines, clock, deletePod, errors } = start({ pods: 10_000 });
  clock.pass(100);
  expect(lines.join('').length).toBeLessThan(22_000);
  clock.pass(900);
  expect(lines.join('').length).toBeLessThan(220_000);
  deletePod('web-9999');
  clock.pass(60 * SECOND);
  const records = told();
  expect(records).toHaveLength(10_001);
  expect(records.at(-1)?.kind).toBe('picture');
  expect(records.at(-2)).toMatchObject({ name: 'web-9999', ended: '2026-11-22T10:00:01.000Z' });
  expect(errors).toEqual([]);
});

test('once it is stopped it tells nothing more', () => {
  const { inventory, told, setPod, clock } = start({ pods: 1 });
  inventory.stop();
  setPod(pod('web-1'));
  clock.pass(7200 * SECOND);
  expect(told()).toEqual([]);
});

/** The namespace shop, whose labels kubectl set. */
const namespace = (labels: Readonly<Record<string, string>>): object => ({
  metadata: {
    ...{ name: 'shop', uid: 'uid-of-shop', resourceVersion: String(++version), labels },
    managedFields: [
      {
        ...{ manager: 'kubectl-label', time: '2026-11-22T09:30:00Z' },
        fieldsV1: { 'f:metadata': { 'f:labels': { 'f:network': {} } } },
      },
    ],
  },
});

test('a namespace is told of while it is exempt, in each picture, and when that ends', () => {
  const { told, clock, setNamespace, deleteNamespace } = start();
  told();
  const green = {
    ...{ kind: 'exemption', cluster: 'prod', namespace: 'shop', label: 'network=green' },
    ...{ since: '2026-11-22T09:30:00Z', by: 'kubectl-label' },
  };
  setNamespace(namespace({ network: 'red' }));
  expect(told()).toEqual([]);
  setNamespace(namespace({ network: 'green' }));
  const [begun] = told();
  expect(begun).toEqual({ ...green, time: expect.any(String) as string });
  setNamespace(namespace({ network: 'green', team: 'a' }));
  expect(told()).toEqual([]);
  clock.pass(3600 * SECOND);
  expect(told()).toMatchObject([green, { kind: 'picture' }]);
  setNamespace(namespace({ network: 'blue' }));
  expect(told()).toMatchObject([
    { ...green, ended: expect.stringContaining('2026-11-22T11:00:') as string },
    { ...green, label: 'network=blue' },
  ]);
  deleteNamespace(namespace({ network: 'blue' }));
  expect(told()).toMatchObject([{ label: 'network=blue', ended: expect.any(String) as string }]);
  clock.pass(3600 * SECOND);
  expect(told().map(({ kind }) => kind)).toEqual(['picture']);
});

describe('a node', () => {
  const node = (uid: string, conditions: object[] = []): object => ({
    metadata: {
      ...{ name: 'node-1', uid, resourceVersion: String(++version) },
      creationTimestamp: '2026-11-22T09:00:00Z',
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: '192.168.0.1' },
        { type: 'Hostname', address: 'node-1' },
      ],
      conditions,
    },
  });
  const record = (uid: string) => ({
    ...{ kind: 'node', cluster: 'prod', name: 'node-1', uid, since: '2026-11-22T09:00:00Z' },
    ips: ['192.168.0.1'],
  });

  test('is told of when it comes, in each picture, and when it goes; not with each of its heartbeats', () => {
    const { told, clock, setNode, deleteNode } = start();
    told();
    setNode(node('a'));
    expect(told()).toMatchObject([record('a')]);
    setNode(node('a', [{ type: 'Ready', lastHeartbeatTime: '2026-11-22T10:00:01Z' }]));
    expect(told()).toEqual([]);
    clock.pass(3600 * SECOND);
    expect(told()).toMatchObject([record('a'), { kind: 'picture' }]);
    deleteNode(node('a'));
    expect(told()).toMatchObject([{ ...record('a'), ended: expect.any(String) as string }]);
  });

  test('that comes back by the same name is another, and the first has ended', () => {
    const { told, setNode } = start();
    setNode(node('a'));
    told();
    setNode(node('b'));
    expect(told()).toMatchObject([{ ...record('a'), ended: expect.any(String) as string }, record('b')]);
  });
});
