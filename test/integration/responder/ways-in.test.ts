import { QUARANTINE_LABEL } from '../../../lib/names';
import { collectionPath } from '../../../lib/responder/cluster/resource';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { alertOf, ResponderUnderTest, VISTATECH } from './responder-under-test';
import { Room, type StoredPod } from './room';

jest.setTimeout(100_000);

const STAMP = Date.now();
const KEPT = `ways-kept-${STAMP}`;
const NODES = [`node-a-${STAMP}`, `node-b-${STAMP}`] as const;

let plane: ControlPlane;
let room: Room;
let responder: ResponderUnderTest;
let collectors: readonly StoredPod[];

beforeAll(async () => {
  plane = await startControlPlane();
  room = new Room(plane, `ways-${STAMP}`);
  await room.open();
  await new Room(plane, KEPT).open();
  const nodes = collectionPath({ group: '', version: 'v1', name: 'nodes' });
  for (const name of NODES)
    await room.ask({
      method: 'POST',
      path: nodes,
      body: { apiVersion: 'v1', kind: 'Node', metadata: { name } },
    });
  for (const name of ['collector', 'other']) await room.account(name);
  collectors = await Promise.all(
    NODES.map((nodeName, index) =>
      room.add(`collector-${index}`, {}, { nodeName, serviceAccountName: 'collector' }),
    ),
  );
  const collector = { namespace: room.namespace, serviceAccount: 'collector', audience: 'responder' };
  responder = await ResponderUnderTest.start(plane, {
    authentication: { collector },
    protected: { namespaces: [KEPT], podLabels: { tier: 'database' } },
    limits: { perNamespace: 1000, perCluster: 10_000, perMinute: 1000, ownerPercent: 100, maxAge: '1h' },
    responses: [VISTATECH, { ...VISTATECH, name: 'again', match: 'rule = "again"', cooldown: '1s' }],
  });
}, 900_000);

afterAll(async () => {
  await responder.stop();
  for (const name of NODES) await room.ask({ method: 'DELETE', path: `/api/v1/nodes/${name}` });
  await new Room(plane, KEPT).close();
  await room.close();
  await plane.stop();
});

const token = (...args: Parameters<Room['token']>): Promise<string> => room.token(...args);

async function isCut(name: string): Promise<boolean> {
  return (await room.get(name)).metadata.labels?.[QUARANTINE_LABEL] === 'true';
}

async function counted(outcome: string): Promise<number> {
  const { text } = await responder.probe('/metrics');
  return [...text.matchAll(/^falco_egress_responder_alerts_total\{(.*)\} (\d+)$/gm)]
    .filter(([, labels = '']) => labels.includes(`outcome="${outcome}"`))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}

test('a collector is believed about the Pods of its own node, and about no other', async () => {
  const { metadata } = await room.add('on-a', {}, { nodeName: NODES[0] });
  const [a, b] = await Promise.all(collectors.map((pod) => token('collector', pod)));
  expect(await responder.postLogs([alertOf(metadata)], b ?? '')).toBe(200);
  expect(await isCut('on-a')).toBe(false);
  expect(await responder.postLogs([alertOf(metadata)], a ?? '')).toBe(200);
  expect(await isCut('on-a')).toBe(true);
});

test('whoever is not the collector posts nothing', async () => {
  const { metadata } = await room.add('spared', {}, { nodeName: NODES[0] });
  const alert = alertOf(metadata);
  expect(await responder.postLogs([alert], await token('collector'))).toBe(403);
  expect(await responder.postLogs([alert], await token('other'))).toBe(403);
  expect(await responder.postLogs([alert], await token('collector', collectors[0], 'another'))).toBe(503);
  expect(await responder.postLogs([alert], plane.adminToken)).toBe(503);
  expect(await responder.postAlert(alert, 'wrong')).toBe(401);
  expect(await responder.postAlert(alert, await token('collector', collectors[0]))).toBe(401);
  expect(await responder.postAlert({ ...alert, source: 'falco-egress' })).toBe(200);
  expect(await isCut('spared')).toBe(false);
});

test('the same alert by both ways is one alert', async () => {
  const { metadata } = await room.add('both', {}, { nodeName: NODES[1] });
  const before = await counted('quarantined');
  const alert = alertOf(metadata);
  const own = await token('collector', collectors[1]);
  expect(await Promise.all([responder.postAlert(alert), responder.postLogs([alert], own)])).toEqual([
    200, 200,
  ]);
  expect(await responder.postAlert(alert)).toBe(200);
  expect((await counted('quarantined')) - before).toBe(1);
  const told = async () =>
    (await room.events()).filter(({ involvedObject }) => involvedObject.name === 'both').length;
  // Told of once nothing else is to be done.
  await room.until(async () => (await told()) > 0, 'nothing is told');
  expect(await told()).toBe(1);
});
