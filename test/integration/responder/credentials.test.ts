import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { waitUntil } from '../control-plane/wait';
import { apply, clusterOf, namespace, pod, until } from './cluster-under-test';

jest.setTimeout(120_000);

const NAMESPACE = `cluster-credentials-${process.pid}`;
let plane: ControlPlane;
const stop = new AbortController();

beforeAll(async () => {
  plane = await startControlPlane();
  const rbac = 'rbac.authorization.k8s.io';
  await apply(plane, namespace(NAMESPACE), {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace: NAMESPACE, name: 'watcher' },
  });
  await apply(plane, {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: NAMESPACE },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', namespace: NAMESPACE, name: 'watcher' }],
  });
}, 900_000);

afterAll(async () => {
  stop.abort();
  await plane.kubectl(['delete', 'clusterrolebinding', NAMESPACE]);
  await plane.stop();
});

/** A token that ends with the Secret of that name. */
async function tokenUntilDeleted(secret: string): Promise<string> {
  await apply(plane, { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: NAMESPACE, name: secret } });
  const bound = ['--bound-object-kind=Secret', `--bound-object-name=${secret}`];
  const { code, stdout, stderr } = await plane.kubectl([
    'create',
    'token',
    'watcher',
    '-n',
    NAMESPACE,
    ...bound,
  ]);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

test('a token that has ended is read anew from its file, by calls at once and by watches', async () => {
  const file = join(plane.folder, 'token');
  writeFileSync(file, await tokenUntilDeleted('first'));
  const user = { authProvider: { name: 'tokenFile', config: { tokenFile: file } } };
  // Watches are held for seconds only, so that they have to show the token again.
  const { cluster, logged } = clusterOf(plane, { user, timeout: 10_000, times: { hold: 1 } });
  const state = cluster.watch(stop.signal);
  await state.synced();
  const key = { namespace: NAMESPACE, name: 'late' };
  expect(await cluster.getPod(key)).toBeUndefined();

  await plane.kubectl(['delete', 'secret', 'first', '-n', NAMESPACE]);
  // The API server itself remembers for some seconds that it was good.
  const refused = async (): Promise<boolean> => {
    try {
      await cluster.getPod(key);
      return false;
    } catch (error) {
      expect(error).toMatchObject({ code: 'API_FORBIDDEN', status: 401, passing: true });
      return true;
    }
  };
  await waitUntil(refused, 60_000, () => new Error('the token still works'));
  await until(() =>
    logged.some(({ fields }) => String(fields['reason']).includes('answered 401 (watch pods)')),
  );

  // As the kubelet does it: the file is another one from one moment to the next.
  writeFileSync(`${file}.new`, await tokenUntilDeleted('second'));
  renameSync(`${file}.new`, file);
  await until(() => state.staleness() < 1_000 && state.pods.get(key) === undefined);
  expect(await cluster.getPod(key)).toBeUndefined();
  await apply(plane, pod(NAMESPACE, 'late'));
  await until(() => state.pods.get(key) !== undefined);
});
