import { QUARANTINE_LABEL, QUARANTINE_POLICY, QUARANTINE_RECORD_ANNOTATION } from '../../../lib/names';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { waitUntil } from '../control-plane/wait';
import { apply, namespace, pod } from './cluster-under-test';
import { alertOf, ResponderUnderTest } from './responder-under-test';

jest.setTimeout(90_000);

const NAMESPACE = `demo-${Date.now()}`;

let plane: ControlPlane;
let responder: ResponderUnderTest;

beforeAll(async () => {
  plane = await startControlPlane();
  const labels = { app: 'nginx' };
  await apply(
    plane,
    namespace(NAMESPACE),
    pod(NAMESPACE, 'nginx-1', { labels }),
    pod(NAMESPACE, 'nginx-2', { labels }),
  );
  responder = await ResponderUnderTest.start(plane);
}, 900_000);

afterAll(async () => {
  await responder.stop();
  await plane.kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
  await plane.stop();
});

interface Read {
  readonly metadata: {
    readonly uid: string;
    readonly labels: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
}

async function read(name: string): Promise<Read> {
  const { stdout } = await plane.kubectl(['get', 'pod', name, '-n', NAMESPACE, '-o', 'json']);
  return JSON.parse(stdout) as Read;
}

async function events(): Promise<string[]> {
  const { stdout } = await plane.kubectl([
    ...['get', 'events', '-n', NAMESPACE, '-o', 'jsonpath={range .items[*]}{.reason} {.message}{"\\n"}{end}'],
  ]);
  return stdout.trim().split('\n').filter(Boolean);
}

test('the Pod of the alert is cut off, and no other', async () => {
  const { uid } = (await read('nginx-1')).metadata;
  expect(await responder.postAlert(alertOf({ namespace: NAMESPACE, name: 'nginx-1', uid }))).toBe(200);
  // Acknowledged is stored: nothing has to be waited for.
  const { labels, annotations } = (await read('nginx-1')).metadata;
  expect(labels).toEqual({ app: 'nginx', [QUARANTINE_LABEL]: 'true' });
  expect(JSON.parse(annotations?.[QUARANTINE_RECORD_ANNOTATION] ?? '')).toMatchObject({
    reason: 'Connection to vistatech.it',
    by: 'vistatech',
    verdict: { verdict: 'contained' },
  });
  expect((await read('nginx-2')).metadata.labels).toEqual({ app: 'nginx' });
  const policy = await plane.kubectl(['get', 'networkpolicy', QUARANTINE_POLICY, '-n', NAMESPACE]);
  expect(policy.code).toBe(0);
  await waitUntil(
    async () => (await events()).some((line) => line.startsWith('Quarantined ')),
    30_000,
    () => new Error(JSON.stringify(responder.logged)),
  );
});

test('the same Pod again, ten thousand times, costs next to nothing', async () => {
  const { uid } = (await read('nginx-1')).metadata;
  const before = await calls();
  for (let batch = 0; batch < 20; batch++)
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const status = await responder.postAlert(alertOf({ namespace: NAMESPACE, name: 'nginx-1', uid }));
        expect(status).toBe(200);
      }),
    );
  expect((await calls()) - before).toBeLessThan(10);
});

async function calls(): Promise<number> {
  const { text } = await responder.probe('/metrics');
  return [...text.matchAll(/^falco_egress_responder_api_calls_total\{.*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}
