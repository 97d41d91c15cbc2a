import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QUARANTINE_LABEL, QUARANTINE_POLICY } from '../../../lib/names';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { AuditLog } from './audit-log';
import { BuiltResponder, type BuiltResponderProps } from './built-responder';
import { adminClient, apply } from './cluster-under-test';
import { accountToken, CollectorIdentity } from './collector-identity';
import { RecordingProxy } from './recording-proxy';
import { accountName, accountObjects } from './responder-account';
import { alertOf, VISTATECH } from './responder-under-test';
import { recordOf, Room, type StoredPod } from './room';
import { Sender } from './sender';
import { SidekickSink } from './sidekick-sink';

jest.setTimeout(300_000);

const PODS = 500;
/** Pods of the same labels of which no alert is. */
const SIBLINGS = 20;
/** Records of one request of the collector. */
const BATCH = 5;
/** Requests that wait for an answer at once. */
const AT_ONCE = 64;
const NAME = 'burst';
/** Of some a map has to be made whole; of those that have both nothing but what is tested of keys tells that another was first. */
const KINDS = [{}, { labels: { app: 'same' } }, { labels: { app: 'same' }, annotations: { team: 'shop' } }];
const SECRETS = { group: '', version: 'v1', name: 'secrets' } as const;

type Job = () => Promise<void>;

const audit = new AuditLog();
let plane: ControlPlane;
let home: Room;
let collector: CollectorIdentity;
let sidekick: SidekickSink;
let tokenFile: string;

let room: Room;
let rooms = 0;
let pods: readonly StoredPod[];
let sender: Sender;
const running: BuiltResponder[] = [];

beforeAll(async () => {
  plane = await startControlPlane({ own: true, apiServerFlags: audit.flags });
  home = new Room(plane, 'burst-home');
  await home.open();
  await apply(
    plane,
    ...accountObjects({
      name: NAME,
      namespace: home.namespace,
      responses: [{ match: VISTATECH.match, action: 'quarantine' }],
    }),
  );
  collector = await CollectorIdentity.create(home, 'burst-node');
  sidekick = await SidekickSink.start();
  tokenFile = join(plane.folder, 'token');
  writeFileSync(tokenFile, await accountToken(home, accountName({ name: NAME })));
}, 900_000);

beforeEach(async () => {
  room = new Room(plane, `burst-${++rooms}`);
  await room.open();
  const all: StoredPod[] = [];
  let next = 0;
  const create = async (): Promise<void> => {
    for (let index = next++; index < PODS + SIBLINGS; index = next++)
      all[index] = await room.add(`pod-${index}`, KINDS[index % KINDS.length], { nodeName: collector.node });
  };
  await Promise.all(Array.from({ length: 16 }, create));
  pods = all.slice(0, PODS);
  sender = new Sender();
});

afterEach(() => Promise.all(running.splice(0).map((one) => one.kill())));

afterAll(async () => {
  sidekick.stop();
  await plane.stop();
  audit.remove();
});

/** A responder as it runs in its container, ready. */
async function responder(props: Partial<BuiltResponderProps> = {}): Promise<BuiltResponder> {
  const config = {
    authentication: collector.configured,
    sidekickUrl: sidekick.url,
    namespace: home.namespace,
  };
  const built = await BuiltResponder.prepare(plane, { tokenFile, config, ...props });
  running.push(built);
  await built.start();
  return built;
}

/** How many alerts a responder says that it has answered by cutting off their Pod. */
async function cutOff(one: BuiltResponder): Promise<number> {
  const { text } = await one.probe('/metrics');
  return [...text.matchAll(/^falco_egress_responder_alerts_total\{(.*)\} (\d+)$/gm)]
    .filter(([, labels = '']) => labels.includes('outcome="quarantined"'))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}

/** How many Events a responder still has to write. */
async function waiting(one: BuiltResponder): Promise<number> {
  const { text } = await one.probe('/metrics');
  return Number(/^falco_egress_responder_reports_waiting (\d+)$/m.exec(text)?.[1]);
}

/** An alert of each Pod: one half of them as falcosidekick posts it, the other in batches as the collector does. */
function jobs(to: BuiltResponder): readonly Job[] {
  const half = PODS / 2;
  const single = pods.slice(0, half).map(({ metadata }) => {
    const alert = alertOf(metadata);
    return () => sender.insist(() => to.postAlert(alert));
  });
  const batches = Array.from({ length: half / BATCH }, (_, index) => {
    const lines = pods
      .slice(half + index * BATCH, half + (index + 1) * BATCH)
      .map(({ metadata }) => alertOf(metadata));
    return () => sender.insist(() => to.postLogs(lines, collector.token));
  });
  // Both ways from the beginning on.
  return single.flatMap((job, index) =>
    index % BATCH === 0 ? [job, ...batches.slice(index / BATCH, index / BATCH + 1)] : [job],
  );
}

/** Does them in their order, many at once. */
async function allOf(some: readonly Job[], atOnce = AT_ONCE): Promise<void> {
  const left = [...some].reverse();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let job = left.pop(); job !== undefined; job = left.pop()) await job();
    }),
  );
}

/** Each Pod of the burst is cut off, no other is, and each was acted on and told of exactly once. */
async function expectEachOnce(): Promise<void> {
  const names = pods.map(({ metadata }) => metadata.name).sort();
  const cut = (await room.list()).filter(({ metadata }) => metadata.labels?.[QUARANTINE_LABEL] !== undefined);
  expect(cut.map(({ metadata }) => metadata.name).sort()).toEqual(names);
  expect(cut.filter((pod) => recordOf(pod)?.verdict?.verdict !== 'contained')).toEqual([]);
  const path = `/apis/networking.k8s.io/v1/namespaces/${room.namespace}/networkpolicies/${QUARANTINE_POLICY}`;
  expect(await room.ask({ method: 'GET', path })).toMatchObject({ spec: { policyTypes: ['Egress'] } });
  await room.until(
    () => Promise.resolve(new Set(sidekick.told(room.namespace, 'Quarantined')).size >= PODS),
    `not each is told of: ${sidekick.told(room.namespace, 'Quarantined').length}`,
  );
  const events = (await room.events()).filter(({ reason }) => reason === 'Quarantined');
  expect(events.map(({ involvedObject }) => involvedObject.name).sort()).toEqual(names);
  // No replica says it twice, whatever became of the answer to its Event.
  for (const { logged } of running) {
    const said = logged.filter(
      (line) => line['reason'] === 'Quarantined' && line['namespace'] === room.namespace,
    );
    expect(said.length).toBe(new Set(said.map((line) => line['pod'])).size);
  }
  // Each record is the one that its Event has told of: it has not been moved.
  const since = new Map(events.map(({ involvedObject, message }) => [involvedObject.name, message]));
  for (const pod of cut) expect(since.get(pod.metadata.name)).toContain(recordOf(pod)?.expires);
  const patched = audit
    .writesOf(home.namespace, accountName({ name: NAME }))
    .filter(
      ({ namespace, resource, verb, status }) =>
        namespace === room.namespace && resource === 'pods' && verb === 'patch' && status === 200,
    );
  const counts = new Map<string, number>();
  for (const { name } of patched) counts.set(name, (counts.get(name) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 1)).toEqual([]);
}

/** Nobody waited for an answer, and none was anything but "stored" and "come again". */
function expectAnswers(): void {
  expect(sender.late).toBe(0);
  expect([...sender.answers.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
}

test.each([
  ['apiServer', 30_000],
  ['etcd', 15_000],
] as const)('the %s is away for %d ms in the middle of it', async (name, away) => {
  const server = plane.servers[name];
  if (server === undefined) throw new Error(`${name} is not ours`);
  const one = await responder();
  const all = jobs(one);
  await allOf(all.slice(0, 50));
  const rest = allOf(all.slice(50));
  await server.crash();
  await sleep(away);
  expect((await one.probe('/readyz')).status).toBe(503);
  expect(sender.answers.get(503)).toBeGreaterThan(200);
  await server.begin();
  await rest;
  expectAnswers();
  expect(sender.broken).toBe(0);
  await expectEachOnce();
});

test('two replicas get each alert, one of them by the collector, the other from falcosidekick', async () => {
  const [first, second] = await Promise.all([responder(), responder()]);
  await allOf(
    pods.map(({ metadata }, index) => async () => {
      const alert = alertOf(metadata);
      const [one, other] = index % 2 === 0 ? [first, second] : [second, first];
      await Promise.all([
        sender.insist(() => one.postAlert(alert)),
        sender.insist(() => other.postLogs([alert], collector.token)),
      ]);
    }),
  );
  expectAnswers();
  await expectEachOnce();
  // Neither left it to the other, and no Pod was cut off by both.
  const [one = 0, other = 0] = await Promise.all(running.map(cutOff));
  expect([one > 0, other > 0, one + other <= PODS]).toEqual([true, true, true]);
  // Each has asked to tell of each Pod by now: whoever came second says nothing, but of an Event whose answer came too late.
  const said = (): unknown[] =>
    running.flatMap(({ logged }) =>
      logged
        .filter((line) => line['reason'] === 'Quarantined' && line['namespace'] === room.namespace)
        .map((line) => line['pod']),
    );
  await room.until(
    async () =>
      (await Promise.all(running.map(waiting))).every((count) => count === 0) &&
      new Set(said()).size === PODS,
    'something is left to be told',
  );
  expect(said().length - PODS).toBeLessThan(PODS / 10);
});

test('watches are cut every 200 ms, and of every tenth write the answer is lost', async () => {
  const proxy = await RecordingProxy.start(plane);
  const one = await responder({ url: proxy.url });
  let writes = 0;
  let lost = 0;
  proxy.after = ({ method }) => {
    if (method === 'GET' || ++writes % 10 > 0) return;
    lost += 1;
    throw new Error('lost');
  };
  let cut = 0;
  const cutting = setInterval(() => {
    cut += proxy.cutWatches();
  }, 200);
  const paced = jobs(one).map((job) => async () => {
    await sleep(40);
    await job();
  });
  await allOf(paced, 4);
  await expectEachOnce();
  clearInterval(cutting);
  expect(cut).toBeGreaterThan(50);
  expect(lost).toBeGreaterThan(50);
  expectAnswers();
  proxy.stop();
});

test('its token ends in the middle of it, and is another one half a minute later', async () => {
  const secret = async (name: string): Promise<string> => {
    await home.create(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata: { name } });
    return accountToken(home, accountName({ name: NAME }), { apiVersion: 'v1', kind: 'Secret', name });
  };
  const file = join(plane.folder, 'ending');
  const ending = await secret('ending');
  writeFileSync(file, ending);
  const one = await responder({ tokenFile: file });
  const all = jobs(one);
  await allOf(all.slice(0, 50));
  await home.remove(SECRETS, 'ending');
  // The API server itself remembers for some seconds that it was good.
  const asked = adminClient(plane, ending);
  await home.until(
    async () => (await asked.ask({ method: 'GET', path: '/readyz', doing: 'ask' })).status === 401,
    'the token still works',
  );
  const rest = allOf(all.slice(50));
  await home.until(
    () => Promise.resolve((sender.answers.get(503) ?? 0) > 400),
    'it does not say that it cannot',
  );
  // As the kubelet does it: the file is another one from one moment to the next.
  writeFileSync(`${file}.new`, await secret('next'));
  renameSync(`${file}.new`, file);
  await rest;
  expectAnswers();
  expect(sender.broken).toBe(0);
  await expectEachOnce();
});
