import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUARANTINE_LABEL } from '../../../lib/names';
import { collectionPath } from '../../../lib/responder/cluster/resource';
import { responderDefaults } from '../../../lib/settings/responder';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { BuiltResponder } from './built-responder';
import { apply } from './cluster-under-test';
import { accountToken } from './collector-identity';
import { inPool } from './in-pool';
import { RecordingProxy } from './recording-proxy';
import { accountName, accountObjects, deleteAccountRoles } from './responder-account';
import { alertOf, VISTATECH } from './responder-under-test';
import { Room, type StoredPod } from './room';
import { Sender } from './sender';

jest.setTimeout(120_000);

const NAME = `senders-${Date.now()}`;
const NODES = [`${NAME}-a`, `${NAME}-b`] as const;
/** Twenty times as much at once. */
const INTAKE = {
  ...{ nodeAlertsPerSecond: 5, sidekickAlertsPerSecond: 1 },
  ...{ tokenReviewsPerSecond: 1, refusalsPerSecond: 5 },
};
const REVIEWS_AT_ONCE = 20;
/** In MiB, as the manifests have it. */
const MEMORY_LIMIT = Number.parseInt(responderDefaults.resources.limits.memory, 10);

let plane: ControlPlane;
let proxy: RecordingProxy;
let home: Room;
let room: Room;
let responder: BuiltResponder;
let collectors: readonly StoredPod[];
let tokens: readonly [string, string];

beforeAll(async () => {
  plane = await startControlPlane();
  proxy = await RecordingProxy.start(plane);
  home = new Room(plane, `${NAME}-home`);
  room = new Room(plane, NAME);
  await Promise.all([home.open(), room.open()]);
  const responses = [{ match: VISTATECH.match, action: 'quarantine' }] as const;
  await apply(plane, ...accountObjects({ name: NAME, namespace: home.namespace, responses }));
  const path = collectionPath({ group: '', version: 'v1', name: 'nodes' });
  for (const name of NODES)
    await room.ask({ method: 'POST', path, body: { apiVersion: 'v1', kind: 'Node', metadata: { name } } });
  await room.account('collector');
  collectors = await Promise.all(
    NODES.map((nodeName, index) =>
      room.add(`collector-${index}`, {}, { nodeName, serviceAccountName: 'collector' }),
    ),
  );
  const [a = '', b = ''] = await Promise.all(collectors.map((pod) => room.token('collector', pod)));
  tokens = [a, b];
  const tokenFile = join(plane.folder, `${NAME}.token`);
  writeFileSync(tokenFile, await accountToken(home, accountName({ name: NAME })));
  const collector = { namespace: NAME, serviceAccount: 'collector', audience: 'responder' };
  const config = { namespace: home.namespace, intake: INTAKE, authentication: { collector } };
  responder = await BuiltResponder.prepare(plane, { tokenFile, config, url: proxy.url });
  await responder.start();
}, 900_000);

afterAll(async () => {
  await responder.kill();
  proxy.stop();
  await deleteAccountRoles(plane, NAME);
  for (const name of NODES) await room.ask({ method: 'DELETE', path: `/api/v1/nodes/${name}` });
  await Promise.all([home.close(), room.close()]);
  await plane.stop();
});

async function isCut(name: string): Promise<boolean> {
  return (await room.get(name)).metadata.labels?.[QUARANTINE_LABEL] === 'true';
}

async function metric(name: string): Promise<number> {
  const { text } = await responder.probe('/metrics');
  const line = text.split('\n').find((each) => each.startsWith(`falco_egress_responder_${name} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}

/** An alert that no response fits. */
const noise = (): object => alertOf({ namespace: NAME, name: 'nobody' }, { rule: 'Something else' });

let forged = 0;
/** An alert that fits, and has to be decided on, of a Pod that there isn't. */
const forgery = (): object => alertOf({ namespace: NAME, name: `forged-${++forged}` });

const lines = (message: string): number => responder.logged.filter((each) => each.message === message).length;

test('a node that floods is put off and loses nothing, and keeps nobody else waiting', async () => {
  const [a, b] = tokens;
  const [onA, onB] = await Promise.all(
    NODES.map((nodeName, index) => room.add(`on-${index}`, {}, { nodeName })),
  );
  const batch = (count: number): object[] => Array.from({ length: count }, forgery);
  // A batch larger than the burst is taken, and owed.
  await new Sender().insist(() => responder.postLogs(batch(130), a));
  const flood = await inPool(4, Array.from({ length: 10 }), () => responder.postLogs(batch(50), a));
  expect(new Set(flood)).toEqual(new Set([429]));

  const own = alertOf(onA?.metadata ?? { namespace: '', name: '' });
  expect(await responder.postLogs([own], a)).toBe(429);
  expect(await responder.postLogs([alertOf(onB?.metadata ?? { namespace: '', name: '' })], b)).toBe(200);
  expect([await isCut('on-0'), await isCut('on-1')]).toEqual([false, true]);

  await new Sender().insist(() => responder.postLogs([own], a));
  expect(await isCut('on-0')).toBe(true);
  const putOff = await metric('throttled_total{way="logs",limit="rate"}');
  expect(putOff).toBeGreaterThan(10);
  expect(await metric('requests_total{way="logs",outcome="throttled"}')).toBe(putOff);
});

test('noise that no response fits keeps a node’s own alerts from nothing', async () => {
  const pod = await room.add('on-2', {}, { nodeName: NODES[1] });
  const batches = Array.from({ length: 5 }, () => Array.from({ length: 100 }, noise));
  const noisy = await inPool(4, batches, (each) => responder.postLogs(each, tokens[1]));
  expect(new Set(noisy)).toEqual(new Set([200]));
  expect(await responder.postLogs([alertOf(pod.metadata)], tokens[1])).toBe(200);
  expect(await isCut('on-2')).toBe(true);
});

test('what falcosidekick loses by its limit is counted', async () => {
  const answers = await inPool(16, Array.from({ length: 200 }, noise), (each) => responder.postAlert(each));
  const lost = answers.filter((status) => status === 429).length;
  expect(lost).toBeGreaterThan(50);
  expect(await metric('requests_total{way="alerts",outcome="throttled"}')).toBe(lost);
  expect(await metric('throttled_total{way="alerts",limit="rate"}')).toBe(lost);
});

test('bogus tokens cost few reviews and few lines, and right ones are taken', async () => {
  const before = { reviews: reviews(), refused: lines('request refused'), putOff: lines('request put off') };
  const began = performance.now();
  const bogus = Array.from({ length: 500 }, (_, each) => `bogus.${each}.token`);
  const answers = await inPool(16, bogus, (token) => responder.postLogs([noise()], token));
  const again = await inPool(16, bogus, () => responder.postLogs([noise()], 'bogus.0.token'));
  const most = (atOnce: number): number => atOnce + (performance.now() - began) / 1000 + 1;
  expect(new Set([...answers, ...again])).toEqual(new Set([429, 503]));
  expect(reviews() - before.reviews).toBeLessThanOrEqual(most(REVIEWS_AT_ONCE));
  expect(lines('request refused') - before.refused).toBeLessThanOrEqual(most(20));
  expect(lines('request put off') - before.putOff).toBeLessThanOrEqual(most(20));
  expect(await metric('log_lines_suppressed_total')).toBeGreaterThan(500);
  expect(await metric('token_reviews_total')).toBe(reviews());

  expect(await responder.postLogs([noise()], tokens[1])).toBe(200);
  // One that nobody knows yet has to wait its turn.
  const renewed = await room.token('collector', collectors[1]);
  await new Sender().insist(() => responder.postLogs([noise()], renewed));
});

test('whoever fills the port of health and metrics gets neither probes off it nor the memory of the container', async () => {
  const crowd = responder.besiegers();
  try {
    for (let wave = 0; wave < 3; wave++) {
      const come = crowd.join(1_800);
      expect((await responder.probe('/healthz')).status).toBe(200);
      await come;
      expect((await responder.probe('/healthz')).status).toBe(200);
    }
    // The rest is for its work.
    expect(responder.peak()).toBeLessThan(0.75 * MEMORY_LIMIT);
  } finally {
    crowd.end();
  }
  expect(await responder.postLogs([noise()], tokens[1])).toBe(200);
});

/** Tokens that the API server was asked about. */
function reviews(): number {
  return proxy.recorded.filter(({ path }) => path.includes('/tokenreviews')).length;
}
