import { startControlPlane, type ControlPlane } from '../control-plane';
import { apply, clusterOf, namespace, pod, until } from './cluster-under-test';
import { TcpProxy } from './tcp-proxy';

jest.setTimeout(120_000);

const NAMESPACE = `cluster-silent-${process.pid}`;
let plane: ControlPlane;
let proxy: TcpProxy;
const stop = new AbortController();

beforeAll(async () => {
  plane = await startControlPlane();
  proxy = await TcpProxy.start(new URL(plane.url));
  await apply(plane, namespace(NAMESPACE));
}, 900_000);

afterAll(async () => {
  stop.abort();
  proxy.stop();
  await plane.stop();
});

test('connections that say nothing any more, and never end, are given up for new ones', async () => {
  const { cluster } = clusterOf(plane, { url: proxy.url, timeout: 2_000, times: { silence: 2_000 } });
  const state = cluster.watch(stop.signal);
  await state.synced();
  const key = { namespace: NAMESPACE, name: 'after' };
  expect(await cluster.getPod(key)).toBeUndefined();

  proxy.silence();
  await apply(plane, pod(NAMESPACE, 'after'));
  // A call finds it out by its time-out, a watch because no bookmark comes.
  await expect(cluster.getPod(key)).rejects.toMatchObject({ code: 'API_UNREACHABLE', passing: true });
  expect((await cluster.getPod(key))?.metadata?.name).toBe('after');
  await until(() => state.pods.get(key) !== undefined);
});
