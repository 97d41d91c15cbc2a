import { randomBytes } from 'node:crypto';
import { readInventoryRecord } from '../../../lib/inventory/read-record';
import type { EndpointRecord, NodeRecord, PodRecord } from '../../../lib/inventory/record';
import { CORE, type Resource } from '../../../lib/responder/cluster/resource';
import { alertLine } from '../../history/alert';
import { Project } from '../../cli/project';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { apply } from './cluster-under-test';
import { accountName, accountObjects, deleteAccountRoles } from './responder-account';
import { ResponderUnderTest } from './responder-under-test';
import { Room } from './room';

jest.setTimeout(120_000);

const RUN = `inventory-${randomBytes(4).toString('hex')}`;
const CONTAINER = 'aaaaaaaaaaaa';
const DEPLOYMENTS: Resource = { group: 'apps', version: 'v1', name: 'deployments' };
const CRON_JOBS: Resource = { group: 'batch', version: 'v1', name: 'cronjobs' };

const project = new Project();
let plane: ControlPlane;
let room: Room;
let responder: ResponderUnderTest;

beforeAll(async () => {
  plane = await startControlPlane();
  room = new Room(plane, RUN);
  await room.open();
  const account = { name: RUN, namespace: RUN, responses: [], inventory: true };
  await apply(plane, ...accountObjects(account));
  const token = await room.token(accountName(account), undefined, 'https://kubernetes.default.svc');
  const config = { cluster: 'prod', responses: [], inventory: { every: '1h' } };
  responder = await ResponderUnderTest.start(plane, config, { user: { token } });
}, 300_000);

afterAll(async () => {
  await responder.stop();
  await room.close();
  await deleteAccountRoles(plane, RUN);
  await plane.stop();
  project.remove();
});

/** What a kubelet says of a Pod that has begun. */
async function runs(name: string, ip: string, container: string): Promise<void> {
  const time = new Date().toISOString().replace(/\.\d+/, '');
  const conditions = [{ type: 'PodReadyToStartContainers', status: 'True', lastTransitionTime: time }];
  const status = { podIP: ip, podIPs: [{ ip }], startTime: time, conditions };
  await room.runs(name, container);
  await room.merge(CORE.pods, name, { status }, '/status');
}

const TEMPLATE = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image: 'x' }] },
};

/** Creates an object; as the owner of others. */
async function create(resource: Resource, kind: string, name: string, body: object): Promise<object> {
  const apiVersion = `${resource.group}/${resource.version}`;
  const metadata = { name };
  await room.create(resource, { apiVersion, kind, metadata, ...body });
  const path = `/apis/${apiVersion}/namespaces/${RUN}/${resource.name}/${name}`;
  const made = (await room.ask({ method: 'GET', path })) as { readonly metadata: { readonly uid: string } };
  return { apiVersion, kind, name, uid: made.metadata.uid, controller: true };
}

/** The Pod that a controller makes, by what its name begins with. */
async function madeBy(prefix: string): Promise<string> {
  let name: string | undefined;
  await room.until(async () => {
    name = (await room.list()).map(({ metadata }) => metadata.name).find((each) => each.startsWith(prefix));
    return name !== undefined;
  }, `no controller makes ${prefix}…`);
  return name ?? '';
}

/** The last record of a Pod that fits. */
async function told(name: string, fits: (record: PodRecord) => boolean): Promise<PodRecord> {
  let found: PodRecord | undefined;
  await room.until(
    () => {
      const records = responder.inventory.map(readInventoryRecord);
      found = records.findLast((record) => record?.kind === 'pod' && record.name === name && fits(record)) as
        PodRecord | undefined;
      return Promise.resolve(found !== undefined);
    },
    `nothing is told of ${name}: ${responder.inventory.join('')} ${JSON.stringify(responder.logged)}`,
  );
  return found as PodRecord;
}

test("a Deployment's Pod with its owners, its Service and its end; who finds it out of the log", async () => {
  await create(DEPLOYMENTS, 'Deployment', 'web', {
    spec: { replicas: 1, selector: { matchLabels: TEMPLATE.metadata.labels }, template: TEMPLATE },
  });
  await room.create(CORE.services, {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } },
    spec: { selector: { app: 'web' }, ports: [{ port: 443 }] },
  });
  const name = await madeBy('web-');
  await runs(name, '10.0.0.5', CONTAINER);
  const live = await told(
    name,
    ({ owners, services, ips }) => owners.length > 1 && services.length > 0 && ips.length > 0,
  );
  expect(live).toMatchObject({
    ...{ cluster: 'prod', namespace: RUN, ips: ['10.0.0.5'], containers: [CONTAINER], services: ['web'] },
    owners: [`ReplicaSet/${name.replace(/-[^-]+$/, '')}`, 'Deployment/web'],
  });
  expect(live.ended).toBeUndefined();
  await room.remove(CORE.pods, name);
  const gone = await told(name, ({ ended }) => ended !== undefined);
  expect(gone).toMatchObject({ uid: live.uid, ips: ['10.0.0.5'], owners: live.owners });

  project.write('responder.log', responder.inventory.join(''));
  const nobody = { 'k8s.ns.name': null, 'k8s.pod.name': null, 'container.id': CONTAINER };
  const to = { 'fd.sip': '10.0.0.5', 'evt.arg.addr': '10.0.0.5:443' };
  project.write('alerts.jsonl', `${alertLine({ ...nobody, ...to }, { time: live.time })}\n`);
  const { code, out, error } = project.run(
    'who',
    `pod:${RUN}/${name}`,
    'alerts.jsonl',
    'responder.log',
    '--json',
  );
  expect([code, error]).toEqual([0, '']);
  const workload = { kind: 'Deployment', name: 'web', derived: false };
  expect((JSON.parse(out) as { readonly rows: readonly object[] }).rows).toMatchObject([
    { namespace: RUN, workload, pods: [name], destination: { was: [{ name, workload }] } },
  ]);
});

test('a node that comes and goes, by the right to watch Nodes', async () => {
  const name = `${RUN}-node`;
  const nodes = (): readonly NodeRecord[] =>
    responder.inventory
      .map(readInventoryRecord)
      .filter((record) => record?.kind === 'node')
      .filter((record) => record.name === name);
  await apply(plane, { apiVersion: 'v1', kind: 'Node', metadata: { name } });
  await room.until(() => Promise.resolve(nodes().length > 0), 'nothing is told of the node');
  const [came] = nodes();
  expect(came).toMatchObject({ cluster: 'prod', since: expect.stringMatching(/^20.*Z$/) as string });
  expect(came?.ended).toBeUndefined();
  await plane.kubectl(['delete', 'node', name]);
  await room.until(
    () => Promise.resolve(nodes().some(({ ended }) => ended !== undefined)),
    'it has not ended',
  );
});

test('where a Service without a selector led to, by slices of others alone; who finds it out of the log', async () => {
  await room.create(CORE.services, {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'db' } },
    spec: { ports: [{ port: 3306, targetPort: 5432 }] },
  });
  const slice = (name: string, address: string, managedBy: string | undefined): object => ({
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
    metadata: {
      name,
      labels: {
        'kubernetes.io/service-name': 'db',
        ...(managedBy && { 'endpointslice.kubernetes.io/managed-by': managedBy }),
      },
    },
    endpoints: [{ addresses: [address] }],
    ports: [{ port: 5432 }],
  });
  const ends = (): readonly EndpointRecord[] =>
    responder.inventory
      .map(readInventoryRecord)
      .filter((record) => record?.kind === 'endpoint')
      .filter(({ namespace }) => namespace === RUN);
  const tells = (address: string, isOver = false): Promise<void> =>
    room.until(
      () =>
        Promise.resolve(
          ends().some((one) => one.address === address && (one.ended !== undefined) === isOver),
        ),
      `${address} is not told of`,
    );
  // The built-in controller's are not even sent: had this one been, it would have been told of before the others.
  await room.create(CORE.endpointSlices, slice('pods', '10.0.0.9', 'endpointslice-controller.k8s.io'));
  await room.create(CORE.endpointSlices, slice('by-hand', '203.0.113.7', undefined));
  await room.create(CORE.endpointSlices, slice('mesh', '203.0.113.8', 'mesh.example.org'));
  await Promise.all([tells('203.0.113.7'), tells('203.0.113.8')]);
  const time = new Date().toISOString();
  await room.merge(CORE.endpointSlices, 'by-hand', { endpoints: [{ addresses: ['203.0.113.9'] }] });
  await Promise.all([tells('203.0.113.7', true), tells('203.0.113.9')]);
  await room.remove(CORE.endpointSlices, 'mesh');
  await tells('203.0.113.8', true);
  expect(new Set(ends().map(({ address }) => address))).toEqual(
    new Set(['203.0.113.7', '203.0.113.8', '203.0.113.9']),
  );
  const moved = ends().find(({ address }) => address === '203.0.113.9');
  expect(moved).toMatchObject({ cluster: 'prod', name: 'db', ports: ['5432/tcp'] });
  // By the API server's own record of the change, to the second.
  expect(Date.parse(moved?.since ?? '')).toBeGreaterThan(Date.parse(time) - 2_000);

  project.write('responder.log', responder.inventory.join(''));
  const to = { 'fd.sip': '203.0.113.7', 'fd.sport': 5432, 'evt.arg.addr': null };
  project.write('alerts.jsonl', `${alertLine(to, { time })}\n`);
  const { out } = project.run('who', `service:${RUN}/db`, 'alerts.jsonl', 'responder.log');
  expect(out).toContain(`203.0.113.7:5432/tcp (Service ${RUN}/db)`);
  const today = project.run('who', `service:${RUN}/db`, 'alerts.jsonl', '--kubeconfig', plane.kubeconfig);
  expect(today.out).toMatch(
    /as the cluster is today, Service \S+ has 10\.\S+, 10\.0\.0\.9, 203\.0\.113\.9; then/,
  );
});

test("a CronJob's Pod, by the right to read Jobs", async () => {
  const template = { ...TEMPLATE, spec: { ...TEMPLATE.spec, restartPolicy: 'Never' } };
  const cronJob = await create(CRON_JOBS, 'CronJob', 'backup', {
    spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template } } },
  });
  const metadata = { name: 'backup-29', ownerReferences: [cronJob] };
  await create(CORE.jobs, 'Job', 'backup-29', { metadata, spec: { template } });
  const name = await madeBy('backup-29-');
  await runs(name, '10.0.0.6', 'bbbbbbbbbbbb');
  const { owners } = await told(name, ({ owners: { length } }) => length > 1);
  expect(owners).toEqual(['Job/backup-29', 'CronJob/backup']);
});

test('without an inventory, who asks the cluster for the addresses that a Pod has today', async () => {
  await room.add('today', {});
  await runs('today', '10.0.0.7', 'cccccccccccc');
  const to = { 'fd.sip': '10.0.0.7', 'evt.arg.addr': '10.0.0.7:443' };
  project.write('alerts.jsonl', `${alertLine(to)}\n`);
  const { out } = project.run('who', `pod:${RUN}/today`, 'alerts.jsonl', '--kubeconfig', plane.kubeconfig);
  expect(out).toContain(`as the cluster is today, Pod ${RUN}/today has 10.0.0.7; then perhaps others`);
  expect(out).toContain('~StatefulSet/cart');
});
