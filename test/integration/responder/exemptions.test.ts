import { CORE } from '../../../lib/responder/cluster/resource';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { ResponderUnderTest } from './responder-under-test';
import { Room } from './room';
import { SidekickSink } from './sidekick-sink';

jest.setTimeout(120_000);

const STAMP = Date.now();
const REASON = 'ExemptionChanged';

let plane: ControlPlane;
let sink: SidekickSink;
const responders: ResponderUnderTest[] = [];
const rooms = ['watched', 'exempt-before'].map((name) => `${name}-${STAMP}`);
let watched: Room;
let before: Room;

beforeAll(async () => {
  plane = await startControlPlane();
  sink = await SidekickSink.start();
  const [one = '', other = ''] = rooms;
  [watched, before] = [new Room(plane, one), new Room(plane, other)];
  await Promise.all([watched.open({ team: 'a' }), before.open({ network: 'blue' })]);
  const config = { sidekickUrl: sink.url, exempt: { label: 'network', values: ['green', 'blue'] } };
  // Each replica sees each change.
  for (let replica = 0; replica < 2; replica++)
    responders.push(await ResponderUnderTest.start(plane, config));
}, 900_000);

afterAll(async () => {
  for (const responder of responders) await responder.stop();
  await Promise.all([watched.close(), before.close()]);
  sink.stop();
  await plane.stop();
});

/** Sets labels of the namespace, as a program of that name. */
async function label(room: Room, labels: Readonly<Record<string, string | null>>): Promise<void> {
  await room.ask({
    method: 'PATCH',
    path: `/api/v1/${CORE.namespaces.name}/${room.namespace}?fieldManager=kubectl-label`,
    contentType: 'application/merge-patch+json',
    body: { metadata: { labels } },
  });
}

/** What the Events of a namespace say of its exemption. */
async function told(room: Room): Promise<readonly string[]> {
  const events = await room.events();
  return events.filter(({ reason }) => reason === REASON).map(({ message }) => message);
}

test('who exempts a namespace is told of, by an Event and an alert, once', async () => {
  await label(watched, { team: 'b' });
  await label(watched, { network: 'red' });
  await label(watched, { network: 'green' });
  await watched.until(async () => (await told(watched)).length === 1, 'nothing of the label');
  expect(await told(watched)).toEqual([
    expect.stringMatching(
      /^Namespace watched-\d+ is exempt from our egress rules now: network=green, set by "kubectl-label" at 2\d{3}-.*Z$/,
    ),
  ]);
  await label(watched, { network: null });
  await watched.until(async () => (await told(watched)).length === 2, 'nothing of its end');
  expect(await told(watched)).toContainEqual(
    `Namespace ${watched.namespace} is watched again: network=green is gone`,
  );
  await watched.until(
    () => Promise.resolve(sink.told(watched.namespace, REASON).length === 2),
    'falcosidekick is not told',
  );
  // By the metric both replicas together have told twice, whichever of them it was.
  const counts = await Promise.all(
    responders.map(async (responder) => {
      const { text } = await responder.probe('/metrics');
      return Number(/reports_total\{reason="ExemptionChanged"\} (\d+)/.exec(text)?.[1] ?? 0);
    }),
  );
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
});

test('what was exempt before, and other changes of it, are no news; another value is', async () => {
  await label(before, { team: 'c' });
  await label(before, { network: 'green' });
  await before.until(async () => (await told(before)).length > 0, 'nothing of the other value');
  expect(await told(before)).toEqual([expect.stringContaining('network=green, set by "kubectl-label"')]);
});
