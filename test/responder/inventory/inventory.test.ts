import { readInventoryRecord } from '../../../lib/inventory/read-record';
import type { InventoryRecord } from '../../../lib/inventory/record';
import {
  projectEndpoints,
  projectJob,
  projectNamespace,
  projectNode,
  projectPod,
  projectReplicaSet,
  projectService,
} from '../../../lib/responder/cluster/projections';
import { ObjectStore, type Observed } from '../../../lib/responder/cluster/store';
import type {
  WatchedEndpoints,
  WatchedJob,
  WatchedNamespace,
  WatchedNode,
  WatchedPod,
  WatchedReplicaSet,
  WatchedService,
} from '../../../lib/responder/cluster/cluster';
import { EndpointTimes, type ToldEndpoint } from '../../../lib/responder/inventory/endpoint-times';
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
    endpoints: new ObjectStore<WatchedEndpoints>(),
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
    setSlice: (raw: object) => {
      set(state.endpoints, projectEndpoints(raw));
    },
    deleteSlice: (raw: object) => {
      const observed = projectEndpoints(raw);
      if (observed !== undefined) state.endpoints.apply({ ...observed, type: 'gone' });
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

describe('what stands behind a Service without a selector', () => {
  const slice = (addresses: readonly string[], changed: string, parts: object = {}): object => ({
    metadata: {
      ...{ namespace: 'shop', name: 'db-1', uid: 'uid-of-db-1', resourceVersion: String(++version) },
      labels: { 'kubernetes.io/service-name': 'db' },
      ...{ generation: 2, creationTimestamp: '2026-11-22T09:00:00Z' },
      managedFields: [
        { manager: 'kubectl', time: changed, fieldsV1: { 'f:endpoints': {}, 'f:ports': {} } },
        { manager: 'labeler', time: '2026-11-22T09:59:00Z', fieldsV1: { 'f:metadata': {} } },
      ],
    },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address] })),
    ports: [{ port: 5432 }],
    ...parts,
  });
  const record = (address: string, since: string, parts: object = {}): object => ({
    ...{ kind: 'endpoint', cluster: 'prod', time: expect.any(String) as string },
    ...{ namespace: 'shop', name: 'db', uid: 'uid-of-db-1', since, address, ports: ['5432/tcp'], ...parts },
  });
  const ENDED = { ended: expect.any(String) as string };
  const [FIRST, SECOND_TIME] = ['2026-11-22T09:30:00Z', '2026-11-22T10:00:01Z'];

  test('each address when it comes, in each picture, and when it goes, whatever else its slice has', () => {
    const { told, clock, setSlice, deleteSlice } = start();
    told();
    setSlice(slice(['203.0.113.7', '203.0.113.8'], FIRST));
    expect(told()).toEqual([record('203.0.113.7', FIRST), record('203.0.113.8', FIRST)]);
    setSlice(slice(['203.0.113.8', '203.0.113.9'], SECOND_TIME));
    expect(told()).toEqual([record('203.0.113.7', FIRST, ENDED), record('203.0.113.9', SECOND_TIME)]);
    clock.pass(3600 * SECOND);
    expect(told()).toEqual([
      ...[record('203.0.113.8', FIRST), record('203.0.113.9', SECOND_TIME)],
      expect.objectContaining({ kind: 'picture' }),
    ]);
    deleteSlice(slice([], SECOND_TIME));
    expect(told()).toEqual([record('203.0.113.8', FIRST, ENDED), record('203.0.113.9', SECOND_TIME, ENDED)]);
    clock.pass(3600 * SECOND);
    expect(told().map(({ kind }) => kind)).toEqual(['picture']);
  });

  test('at other ports it is something else, and for another Service too', () => {
    const { told, setSlice } = start();
    setSlice(slice(['203.0.113.7'], FIRST));
    told();
    setSlice(slice(['203.0.113.7'], SECOND_TIME, { ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }] }));
    expect(told()).toEqual([
      record('203.0.113.7', FIRST, ENDED),
      record('203.0.113.7', SECOND_TIME, { ports: ['53/udp', '53/tcp'] }),
    ]);
    const raw = slice(['203.0.113.7'], SECOND_TIME, { ports: [{ name: 'all' }] }) as { metadata: object };
    setSlice({ ...raw, metadata: { ...raw.metadata, labels: { 'kubernetes.io/service-name': 'other' } } });
    expect(told()).toEqual([
      expect.objectContaining({ name: 'db', ...ENDED }),
      record('203.0.113.7', SECOND_TIME, { name: 'other', ports: [] }),
    ]);
  });

  test('nothing of a slice of no Service; of one of several clusters by the name that it has in all', () => {
    const { told, setSlice } = start();
    const labelled = (labels: object): object => {
      const raw = slice(['203.0.113.7'], FIRST) as { metadata: object };
      return { ...raw, metadata: { ...raw.metadata, labels } };
    };
    told();
    setSlice(labelled({ app: 'db' }));
    expect(told()).toEqual([]);
    const derived = {
      'kubernetes.io/service-name': 'derived-8s2k',
      'multicluster.kubernetes.io/service-name': 'db',
    };
    setSlice(labelled(derived));
    expect(told()).toEqual([record('203.0.113.7', FIRST)]);
    setSlice(labelled({}));
    expect(told()).toEqual([record('203.0.113.7', FIRST, ENDED)]);
  });

  test('since it was made, if nothing was changed after that; the first address of each endpoint, ready or not', () => {
    const { told, setSlice } = start();
    told();
    const raw = slice([], FIRST) as { metadata: object };
    setSlice({
      ...raw,
      metadata: { ...raw.metadata, generation: 1 },
      endpoints: [
        { addresses: ['2001:db8::7', '2001:db8::8'], conditions: { ready: false } },
        { addresses: ['db.example.org'] },
      ],
    });
    expect(told()).toEqual([
      record('2001:db8::7', '2026-11-22T09:00:00Z'),
      record('db.example.org', '2026-11-22T09:00:00Z'),
    ]);
  });

  test('a Service that is another name: since it was made, or had it', () => {
    const { told, setService } = start();
    told();
    const named = (externalName: string | undefined): object => ({
      ...service('pay', undefined),
      spec: { type: 'ExternalName', externalName },
    });
    const of = (address: string, parts: object): object =>
      expect.objectContaining({ kind: 'endpoint', name: 'pay', address, ports: [], ...parts }) as object;
    setService(named('pay.example.org'));
    expect(told()).toEqual([
      expect.objectContaining({ kind: 'service', ips: [] }),
      of('pay.example.org', { since: '2026-11-22T09:00:00Z' }),
    ]);
    setService(named('pay.example.com'));
    expect(told()).toEqual([
      of('pay.example.org', ENDED),
      of('pay.example.com', { since: expect.stringMatching(/^2026-11-22T10:/) as string }),
    ]);
    setService(named(undefined));
    expect(told()).toEqual([of('pay.example.com', ENDED)]);
  });
});

test('what is there beyond the most addresses is not told of, and neither is its end', () => {
  const full = jest.fn();
  const times = new EndpointTimes(full, 2);
  const behind = (...addresses: string[]) => ({
    ...{ uid: 'u', namespace: 'shop', service: 'db', since: '2026-11-22T09:00:00Z', ports: [], addresses },
  });
  const addressesOf = (told: readonly ToldEndpoint[]) => told.map(({ record: { address } }) => address);
  expect(addressesOf(times.here(behind('a', 'b', 'c')))).toEqual(['a', 'b']);
  expect(full).toHaveBeenCalledTimes(1);
  expect(addressesOf(times.gone(behind('a', 'b', 'c'), behind('b', 'd'), 'now'))).toEqual(['a']);
  expect(addressesOf(times.here(behind('b', 'd')))).toEqual(['b', 'd']);
});
