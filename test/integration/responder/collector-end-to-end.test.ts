import { QUARANTINE_LABEL } from '../../../lib/names';
import { MINIMAL_CONFIG } from '../../responder/minimal-config';
import { startDeployed } from '../collector/deployed';
import { NodeDirectories } from '../collector/node';
import { otelcolBinary, type Otelcol } from '../collector/otelcol';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { freePorts } from '../control-plane/free-ports';
import { inPool } from './in-pool';
import { recordedAlert } from './recorded-alert';
import { ResponderUnderTest } from './responder-under-test';
import { recordOf, Room, type StoredPod } from './room';

jest.setTimeout(120_000);

const STAMP = Date.now();
const OWN = `node-own-${STAMP}`;
const OTHER = `node-other-${STAMP}`;
const BURST = 60;
/** Alerts a second that are taken of the node, and 20 times as many at once. */
const INTAKE = 50;

let plane: ControlPlane;
let room: Room;
let binary: string;
let node: NodeDirectories;
let port = 0;
let responder: ResponderUnderTest | undefined;
let collector: Otelcol | undefined;
let containers = 0;
const containerOf = new Map<string, string>();

beforeAll(async () => {
  [plane, binary, [port = 0]] = await Promise.all([startControlPlane(), otelcolBinary(), freePorts(1)]);
  room = new Room(plane, `demo-${STAMP}`);
  await room.open();
  for (const name of [OWN, OTHER])
    await room.ask({
      method: 'POST',
      path: '/api/v1/nodes',
      body: { apiVersion: 'v1', kind: 'Node', metadata: { name } },
    });
  await room.account('collector');
  node = new NodeDirectories();
  const pod = await room.add('collector', {}, { nodeName: OWN, serviceAccountName: 'collector' });
  // As the kubelet projects it: of the Collector's Pod, and so of its node.
  node.writeToken(await room.token('collector', pod));
  await startResponder();
  await startCollector();
}, 900_000);

afterAll(async () => {
  await collector?.stop('SIGKILL');
  await responder?.stop();
  node.remove();
  for (const name of [OWN, OTHER]) await room.ask({ method: 'DELETE', path: `/api/v1/nodes/${name}` });
  await room.close();
  await plane.stop();
});

async function startResponder(): Promise<void> {
  const collectorOf = { namespace: room.namespace, serviceAccount: 'collector', audience: 'responder' };
  responder = await ResponderUnderTest.start(plane, {
    port,
    authentication: { collector: collectorOf },
    intake: { ...MINIMAL_CONFIG.intake, nodeAlertsPerSecond: INTAKE },
    limits: { perNamespace: 1000, perCluster: 1000, perMinute: 1000, ownerPercent: 100, maxAge: '1h' },
  });
}

async function startCollector(): Promise<void> {
  collector = await startDeployed({ binary, node, responderPort: port });
}

async function crashCollector(): Promise<void> {
  await collector?.stop('SIGKILL');
}

/** A Pod that runs on a node. */
async function runs(name: string, nodeName: string): Promise<StoredPod> {
  const added = await room.add(name, { labels: { app: 'nginx' } }, { nodeName });
  const id = (STAMP + ++containers).toString(16).padStart(12, '0').slice(-12);
  containerOf.set(name, id);
  await room.runs(name, id);
  return added;
}

/** What Falco prints of a Pod; by default of one whose node is the Collector's. */
function line(pod: string, over: { readonly node?: string; readonly containerId?: string } = {}): string {
  const containerId = over.containerId ?? containerOf.get(pod) ?? '';
  return recordedAlert({ namespace: room.namespace, pod, containerId, node: over.node ?? OWN });
}

async function isCut(name: string): Promise<boolean> {
  return (await room.get(name)).metadata.labels?.[QUARANTINE_LABEL] === 'true';
}

async function counted(outcome: string): Promise<number> {
  const { text = '' } = (await responder?.probe('/metrics')) ?? {};
  return [...text.matchAll(/^falco_egress_responder_alerts_total\{(.*)\} (\d+)$/gm)]
    .filter(([, labels = '']) => labels.includes(`outcome="${outcome}"`))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}

test('a line of Falco in the log of the node cuts off its Pod, and not the sibling with the same labels', async () => {
  await runs('nginx', OWN);
  await runs('nginx-sibling', OWN);
  node.log().stdout(line('nginx'));
  await room.until(() => isCut('nginx'), 'not cut');
  expect(await room.record('nginx')).toMatchObject({
    ...{ by: 'vistatech', reason: 'Connection to vistatech.it', verdict: { verdict: 'contained' } },
  });
  await room.told('nginx', 'Quarantined');
  expect((await room.get('nginx-sibling')).metadata.labels).toEqual({ app: 'nginx' });
});

test('nothing that its node says of a Pod of another, or of a container that is none of the Pod, is believed', async () => {
  await runs('elsewhere', OTHER);
  await runs('spared', OWN);
  await runs('last', OWN);
  const before = await counted('not-believed');
  node
    .log()
    .stdout(
      line('elsewhere', { node: OTHER }),
      line('elsewhere'),
      line('spared', { containerId: 'deadbeefdead' }),
      line('last'),
    );
  await room.until(() => isCut('last'), 'not cut');
  await room.until(async () => (await counted('not-believed')) === before + 3, 'not all were decided on');
  expect([await isCut('elsewhere'), await isCut('spared')]).toEqual([false, false]);
});

test('a responder that was away, a collector that was killed and a log that was rotated lose nothing, and nothing is done twice', async () => {
  const names = Array.from({ length: BURST }, (_, index) => `burst-${index}`);
  await inPool(8, names, (name) => runs(name, OWN));
  const since = await room.version();
  const lines = names.map((name) => line(name));
  const part = (nth: number): string[] => lines.slice((nth * BURST) / 6, ((nth + 1) * BURST) / 6);
  const log = node.log();
  log.stdout(...part(0));
  await room.until(() => isCut('burst-0'), 'not cut');

  await responder?.stop();
  log.stdout(...part(1));
  await crashCollector();
  log.stdout(...part(2));
  log.rotate();
  log.stdout(...part(3));
  await startCollector();
  log.stdout(...part(4));
  // Some are in its queue on disk by now, and some are not.
  await crashCollector();
  await startResponder();
  await startCollector();
  log.stdout(...part(5));

  let left = names;
  await room.until(async () => {
    const pods = await room.list();
    const cut = new Set(
      pods.filter((pod) => recordOf(pod) !== undefined).map(({ metadata }) => metadata.name),
    );
    left = left.filter((name) => !cut.has(name));
    return left.length === 0;
  }, `not all were cut off: ${left.length} are left`);
  // The same lines once more, as after a crash that came before the checkpoint.
  const settled = await counted('settled');
  log.stdout(...lines, line('nginx-sibling'));
  await room.until(() => isCut('nginx-sibling'), 'the last line is not decided on');
  expect(await counted('settled')).toBeGreaterThan(settled);

  const pods = (await room.list()).filter(({ metadata }) => metadata.name.startsWith('burst-'));
  expect(pods.map((pod) => recordOf(pod)?.verdict?.verdict)).toEqual(names.map(() => 'contained'));
  const changed = (await room.changes(since)).filter((name) => name.startsWith('burst-'));
  expect(changed.sort()).toEqual([...names].sort());
  let told: string[] = [];
  await room.until(async () => {
    const events = await room.events();
    told = events
      .filter(({ involvedObject: { name } }) => name.startsWith('burst-'))
      .map(({ reason, involvedObject: { name } }) => `${name} ${reason}`);
    return told.length >= names.length;
  }, 'not all are told of');
  expect(told.sort()).toEqual(names.map((name) => `${name} Quarantined`).sort());
});

test('a node whose Falco floods is put off, and not one of its alerts is lost', async () => {
  const log = node.log();
  await runs('flooded', OWN);
  const before = await counted('unmatched');
  // Each counts a tenth; more than comes back even where a busy machine takes ten seconds to bring it.
  const count = 10 * (20 * INTAKE + 600);
  const noise = Array.from({ length: count }, () =>
    line('nginx').replaceAll('Connection to vistatech.it', 'Something else'),
  );
  log.stdout(...noise, line('flooded'));
  await room.until(() => isCut('flooded'), 'not cut');
  await room.until(async () => (await counted('unmatched')) === before + count, 'alerts are lost');
  const { text = '' } = (await responder?.probe('/metrics')) ?? {};
  expect(text).toMatch(/throttled_total\{way="logs",limit="rate"\} [1-9]/);
});
