import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QUARANTINE_LABEL, QUARANTINE_POLICY, QUARANTINE_RECORD_ANNOTATION } from '../../../lib/names';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { BuiltResponder } from './built-responder';
import { apply } from './cluster-under-test';
import { accountToken } from './collector-identity';
import { RecordingProxy, type Asked } from './recording-proxy';
import { accountName, accountObjects, deleteAccountRoles } from './responder-account';
import { alertOf, VISTATECH } from './responder-under-test';
import { recordOf, Room, type StoredPod } from './room';
import { Sender } from './sender';

jest.setTimeout(240_000);

const KILLS = 50;
/** Alerts that come in during each of its lives. */
const PODS_A_LIFE = 8;
const NAME = `kills-${Date.now()}`;

let plane: ControlPlane;
let home: Room;
let proxy: RecordingProxy;
let responder: BuiltResponder;
let room: Room;
let rooms = 0;

beforeAll(async () => {
  plane = await startControlPlane();
  proxy = await RecordingProxy.start(plane);
  home = new Room(plane, `${NAME}-home`);
  await home.open();
  const responses = [{ match: VISTATECH.match, action: 'quarantine' }] as const;
  await apply(plane, ...accountObjects({ name: NAME, namespace: home.namespace, responses }));
  const tokenFile = join(plane.folder, `${NAME}.token`);
  writeFileSync(tokenFile, await accountToken(home, accountName({ name: NAME })));
  const config = { namespace: home.namespace };
  responder = await BuiltResponder.prepare(plane, { tokenFile, config, url: proxy.url });
}, 900_000);

beforeEach(async () => {
  room = new Room(plane, `${NAME}-${++rooms}`);
  await room.open();
});

afterEach(async () => {
  proxy.before = proxy.after = () => undefined;
  await responder.kill();
  await room.close();
});

afterAll(async () => {
  proxy.stop();
  await deleteAccountRoles(plane, NAME);
  await home.close();
  await plane.stop();
});

const isCut = ({ metadata }: StoredPod): boolean => metadata.labels?.[QUARANTINE_LABEL] === 'true';

/** Each of these Pods is cut off and was written to once, with one Event that tells what its record says; no other is. */
async function expectEachOnce(names: readonly string[]): Promise<void> {
  await room.until(
    async () => (await room.events()).filter(({ reason }) => reason === 'Quarantined').length >= names.length,
    'not each is told of',
  );
  const events = (await room.events()).filter(({ reason }) => reason === 'Quarantined');
  expect(events.map(({ involvedObject }) => involvedObject.name).sort()).toEqual([...names].sort());
  const stored = await room.list();
  expect(
    stored
      .filter(isCut)
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual([...names].sort());
  const patches = proxy.recorded.filter(
    ({ method, path, status }) =>
      method === 'PATCH' && path.startsWith(`/api/v1/namespaces/${room.namespace}/pods/`) && status === 200,
  );
  for (const pod of stored.filter(isCut)) {
    const { name } = pod.metadata;
    expect(recordOf(pod)?.verdict?.verdict).toBe('contained');
    // What was written at first is what is there.
    const own = patches.filter(({ path }) => path.includes(`/pods/${name}?`));
    expect(own).toHaveLength(1);
    expect(JSON.parse(own[0]?.body.toString() ?? '')).toContainEqual(
      expect.objectContaining({ op: 'add', path: expect.stringMatching(/^.metadata.annotations/) as string }),
    );
    expect(own[0]?.body.toString()).toContain(
      JSON.stringify(pod.metadata.annotations?.[QUARANTINE_RECORD_ANNOTATION]).slice(1, -1),
    );
    const told = events.find(({ involvedObject }) => involvedObject.name === name)?.message;
    expect(told).toContain(recordOf(pod)?.expires);
  }
}

describe('killed', () => {
  const policy = ({ method, path }: Asked): boolean =>
    method === 'PATCH' && path.includes(`/namespaces/${room.namespace}/networkpolicies/${QUARANTINE_POLICY}`);
  const patch = ({ method, path }: Asked): boolean =>
    method === 'PATCH' && path.includes(`/namespaces/${room.namespace}/pods/`);
  const event = ({ method, path }: Asked): boolean =>
    method === 'POST' && path.includes(`/namespaces/${room.namespace}/events`);

  test.each([
    ['before', 'the standing policy', policy],
    ['after', 'the standing policy', policy],
    ['before', 'the cut', patch],
    ['after', 'the cut', patch],
    ['before', 'the Event', event],
    ['after', 'the Event', event],
  ] as const)('%s %s is written, it goes on from there', async (when, _what, step) => {
    const { metadata } = await room.add('nginx', { labels: { app: 'nginx' } });
    await room.add('sibling', { labels: { app: 'nginx' } });
    await responder.start();
    const sender = new Sender();
    let kills = 0;
    let killed = false;
    const kill = async (asked: Asked): Promise<void> => {
      if (!step(asked) || ++kills > 1) return;
      await responder.kill();
      killed = true;
      // What it had sent and nobody has taken is gone with it.
      if (when === 'before') throw new Error('gone');
    };
    proxy[when] = kill;
    const alert = alertOf(metadata);
    const taken = sender.insist(() => responder.postAlert(alert));
    await room.until(() => Promise.resolve(killed), 'it never comes to that');
    await responder.start();
    await taken;
    expect(isCut(await room.get('nginx'))).toBe(true);
    await expectEachOnce(['nginx']);
  });
});

test(`killed ${KILLS} times at random amid a stream of alerts, it has done what it has acknowledged, and all in the end`, async () => {
  const names = Array.from({ length: KILLS * PODS_A_LIFE }, (_, index) => `pod-${index}`);
  const left = [...names];
  const pods: StoredPod[] = [];
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let name = left.pop(); name !== undefined; name = left.pop()) pods.push(await room.add(name));
    }),
  );
  const sender = new Sender();
  const acknowledged = new Set<string>();
  const lost: string[] = [];
  const stream: Promise<void>[] = [];
  const alertsOfALife = (): void => {
    for (const { metadata } of pods.splice(0, PODS_A_LIFE)) {
      const alert = alertOf(metadata);
      const one = async (): Promise<void> => {
        await sleep(Math.random() * 1_000);
        await sender.insist(() => responder.postAlert(alert));
        acknowledged.add(metadata.name);
        // Acknowledged is stored, at that very moment.
        if (!isCut(await room.get(metadata.name))) lost.push(metadata.name);
      };
      stream.push(one());
    }
  };
  for (let kill = 0; kill < KILLS; kill++) {
    const before = acknowledged.size;
    alertsOfALife();
    responder.begin();
    // At any moment of its life: while it starts, while its watches are filled, and amid alerts.
    if (kill % 2 === 0)
      await room.until(() => Promise.resolve(acknowledged.size > before), 'it takes nothing');
    await sleep(Math.random() * 400);
    await responder.kill();
  }
  const within = acknowledged.size;
  await responder.start();
  await Promise.all(stream);
  // Most lives have done something, and many were cut short in it.
  expect(within).toBeGreaterThan(KILLS);
  expect(sender.broken).toBeGreaterThan(KILLS);
  expect(within).toBeLessThan(names.length);
  expect(lost).toEqual([]);
  expect(sender.late).toBe(0);
  await expectEachOnce(names);
});
