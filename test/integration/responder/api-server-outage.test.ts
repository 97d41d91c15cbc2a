import type { Change, WatchedPod } from '../../../lib/responder/cluster/cluster';
import { startControlPlane, type ControlPlane, type RestartableServer } from '../control-plane';
import { apply, clusterOf, namespace, pod, until } from './cluster-under-test';
import { TcpProxy } from './tcp-proxy';

jest.setTimeout(180_000);

const NAMESPACE = 'cluster-outage';
let plane: ControlPlane;
let proxy: TcpProxy;
let stop: AbortController;

beforeAll(async () => {
  plane = await startControlPlane({ own: true });
  proxy = await TcpProxy.start(new URL(plane.url));
  await apply(plane, namespace(NAMESPACE));
}, 900_000);

beforeEach(() => {
  stop = new AbortController();
});

afterEach(() => {
  stop.abort();
});

afterAll(async () => {
  proxy.stop();
  await plane.stop();
});

const key = (name: string) => ({ namespace: NAMESPACE, name });

function server(name: 'apiServer' | 'etcd'): RestartableServer {
  const found = plane.servers[name];
  if (found === undefined) throw new Error(`${name} is not ours to restart`);
  return found;
}

test.each(['apiServer', 'etcd'] as const)(
  'watches go on after a crash of the %s, writes are refused during it',
  async (name) => {
    const { cluster } = clusterOf(plane);
    const state = cluster.watch(stop.signal);
    await state.synced();
    await apply(plane, pod(NAMESPACE, `before-${name.toLowerCase()}`));
    await until(() => state.pods.get(key(`before-${name.toLowerCase()}`)) !== undefined);

    await server(name).crash();
    const patch = [{ op: 'add', path: '/metadata/labels', value: { cut: 'true' } }] as const;
    await expect(cluster.patchPod(key(`before-${name.toLowerCase()}`), patch)).rejects.toMatchObject({
      passing: true,
    });
    expect(await cluster.readiness()).toMatchObject({ ready: false });
    expect(state.pods.get(key(`before-${name.toLowerCase()}`))).toBeDefined();

    await server(name).begin();
    await apply(plane, pod(NAMESPACE, `after-${name.toLowerCase()}`));
    await until(() => state.pods.get(key(`after-${name.toLowerCase()}`)) !== undefined);
    expect(await cluster.readiness()).toMatchObject({ ready: true });
  },
);

test('what went on while its version became too old is found by listing anew, deletions too', async () => {
  await apply(plane, pod(NAMESPACE, 'deleted'), pod(NAMESPACE, 'replaced'), pod(NAMESPACE, 'kept'));
  const { cluster, logged } = clusterOf(plane, { url: proxy.url });
  const state = cluster.watch(stop.signal);
  await state.synced();
  const [replaced] = [state.pods.get(key('replaced'))];
  const changes: Change<WatchedPod>[] = [];
  state.pods.subscribe((change) => changes.push(change));

  proxy.close();
  const gone = ['delete', 'pod', 'deleted', 'replaced', '-n', NAMESPACE, '--grace-period=0', '--force'];
  expect(await plane.kubectl(gone)).toMatchObject({ code: 0 });
  await apply(plane, pod(NAMESPACE, 'replaced'), pod(NAMESPACE, 'created'));
  // Its cache of the past begins anew, after all that.
  await server('apiServer').crash();
  await server('apiServer').begin();
  proxy.reopen();

  await until(() => state.pods.get(key('created')) !== undefined);
  expect(logged).toContainEqual({
    level: 'warning',
    message: 'watch ended, listing anew',
    fields: {
      resource: 'pods',
      group: '',
      reason: expect.stringContaining('too old resource version') as string,
    },
  });
  const names = changes.map(({ key: { name }, before, after }) => [
    name,
    before !== undefined,
    after !== undefined,
  ]);
  expect(names.filter(([name]) => name === 'deleted')).toEqual([['deleted', true, false]]);
  // Two Pods of one name are two: the first has gone.
  expect(names.filter(([name]) => name === 'replaced')).toEqual([
    ['replaced', true, false],
    ['replaced', false, true],
  ]);
  expect(state.pods.get(key('replaced'))?.metadata?.uid).not.toBe(replaced?.metadata?.uid);
  expect(names.filter(([name]) => name === 'kept')).toEqual([]);
});
