import { setInterval } from 'node:timers';
import type { Change, WatchedPod } from '../../../lib/responder/cluster/cluster';
import { collectionPath, CORE, objectPath } from '../../../lib/responder/cluster/resource';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { adminOf, apply, clusterOf, namespace, pod, until } from './cluster-under-test';
import { TcpProxy } from './tcp-proxy';

jest.setTimeout(300_000);

const NAMESPACE = `cluster-cut-${process.pid}`;
const PODS = 500;
const AT_ONCE = 16;
let plane: ControlPlane;
let proxy: TcpProxy;
const stop = new AbortController();
let cutting: NodeJS.Timeout | undefined;

beforeAll(async () => {
  plane = await startControlPlane();
  proxy = await TcpProxy.start(new URL(plane.url));
  await apply(plane, namespace(NAMESPACE));
}, 900_000);

afterAll(async () => {
  clearInterval(cutting);
  stop.abort();
  proxy.stop();
  await plane.stop();
});

test('a watch that is cut every 200 ms misses no change of 500 Pods', async () => {
  const { cluster, logged } = clusterOf(plane, { url: proxy.url, timeout: 30_000 });
  const state = cluster.watch(stop.signal);
  await state.synced();
  const seen = new Map<string, Change<WatchedPod>[]>();
  state.pods.subscribe((change) => {
    if (change.key.namespace !== NAMESPACE) return;
    seen.set(change.key.name, [...(seen.get(change.key.name) ?? []), change]);
  });

  const before = proxy.taken;
  cutting = setInterval(() => {
    proxy.cut();
  }, 200);
  const written = await writeAll();
  const kept = [...written.keys()].filter((name) => Number(name.slice(4)) % 2 === 1);
  const converged = (): boolean =>
    state.pods.list(NAMESPACE).length === kept.length &&
    kept.every((name) => state.pods.get(key(name))?.metadata?.labels?.['changed'] === 'twice');
  await until(converged, () => `${state.pods.list(NAMESPACE).length} Pods are in the store`);
  clearInterval(cutting);
  expect(proxy.taken - before).toBeGreaterThan(20);
  expect(logged.filter(({ message }) => message.includes('anew'))).toEqual([]);
  for (const [name, versions] of written) {
    const changes = seen.get(name) ?? [];
    const told = changes.map(({ after }) => after?.metadata?.resourceVersion);
    expect(told.slice(0, versions.length)).toEqual(versions);
    expect(told.at(-1)).toBe(kept.includes(name) ? versions.at(-1) : undefined);
    // Each change goes on from the one before, and each Pod begins with nothing.
    expect(changes.map((change) => change.before)).toEqual([
      undefined,
      ...changes.slice(0, -1).map(({ after }) => after),
    ]);
  }
});

const key = (name: string) => ({ namespace: NAMESPACE, name });

/** Creates each Pod, changes it twice, and deletes every other one; the versions by name. */
async function writeAll(): Promise<ReadonlyMap<string, readonly string[]>> {
  const admin = adminOf(plane);
  const written = new Map<string, string[]>();
  const writeOne = async (index: number): Promise<void> => {
    const name = `pod-${index}`;
    const path = objectPath(CORE.pods, key(name));
    const versions = [
      await admin({ method: 'POST', path: collectionPath(CORE.pods, NAMESPACE), body: pod(NAMESPACE, name) }),
    ];
    for (const value of ['once', 'twice']) {
      const body = { metadata: { labels: { changed: value } }, apiVersion: 'v1', kind: 'Pod' };
      const query = { fieldManager: 'test' };
      versions.push(
        await admin({ method: 'PATCH', path, query, body, contentType: 'application/apply-patch+yaml' }),
      );
    }
    if (index % 2 === 0) await admin({ method: 'DELETE', path, query: { gracePeriodSeconds: '0' } });
    written.set(name, versions);
  };
  const left = Array.from({ length: PODS }, (_, index) => index);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let index = left.pop(); index !== undefined; index = left.pop()) await writeOne(index);
    }),
  );
  return written;
}
