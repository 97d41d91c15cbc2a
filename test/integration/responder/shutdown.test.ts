import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { BuiltResponder } from './built-responder';
import { inPool } from './in-pool';
import { RecordingProxy } from './recording-proxy';
import { alertOf, VISTATECH } from './responder-under-test';
import { Room } from './room';
import { SidekickSink } from './sidekick-sink';

jest.setTimeout(120_000);

const PODS = 20;

let plane: ControlPlane;
let room: Room;
let proxy: RecordingProxy;
let sidekick: SidekickSink;
let responder: BuiltResponder;

beforeAll(async () => {
  plane = await startControlPlane();
  room = new Room(plane, `shutdown-${Date.now()}`);
  [proxy, sidekick] = await Promise.all([RecordingProxy.start(plane), SidekickSink.start(), room.open()]);
  const tokenFile = join(plane.folder, `${room.namespace}.token`);
  writeFileSync(tokenFile, plane.adminToken);
  const config = { responses: [{ ...VISTATECH, ttl: '1s' }], sidekickUrl: sidekick.url };
  responder = await BuiltResponder.prepare(plane, { tokenFile, config, url: proxy.url });
  await responder.start();
}, 900_000);

afterAll(async () => {
  proxy.stop();
  sidekick.stop();
  await room.close();
  await plane.stop();
});

test('what it still had to tell when it was asked to end is told: as an Event, and back through falcosidekick', async () => {
  const names = Array.from({ length: PODS }, (_, index) => `pod-${index}`);
  // No Event is written until it has been asked to end.
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let waiting = 0;
  proxy.before = async ({ method, path }) => {
    if (method !== 'POST' || !path.includes('/events')) return;
    waiting += 1;
    await held;
  };
  const pods = await inPool(8, names, (name) => room.add(name));
  expect(await inPool(8, pods, ({ metadata }) => responder.postAlert(alertOf(metadata)))).toEqual(
    names.map(() => 200),
  );
  await room.until(
    async () =>
      (await room.list()).every(({ metadata: { labels = {} } }) => Object.keys(labels).length === 0),
    'not all are released',
  );
  await room.until(() => Promise.resolve(waiting > 0), 'nothing is to be told');
  const ended = responder.terminate();
  await room.until(
    () => Promise.resolve(responder.logged.some(({ message }) => message === 'responder stopped')),
    'it did not stop',
  );
  expect(sidekick.alerts).toEqual([]);
  letGo();
  expect(await ended).toBe(0);

  for (const reason of ['Quarantined', 'Released']) {
    const events = (await room.events()).filter((event) => event.reason === reason);
    expect(events.map(({ involvedObject }) => involvedObject.name).sort()).toEqual([...names].sort());
    expect([...sidekick.told(room.namespace, reason)].sort()).toEqual([...names].sort());
  }
});
