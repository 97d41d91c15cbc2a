import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUARANTINE_LABEL } from '../../../lib/names';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { BuiltResponder } from './built-responder';
import { alertOf, VISTATECH } from './responder-under-test';
import { Room } from './room';
import { Sender } from './sender';

jest.setTimeout(120_000);

const STAMP = Date.now();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const RESPONSES = [VISTATECH, { ...VISTATECH, name: 'brief', match: 'rule = "brief"', ttl: '3s' }];

/** Loaded before the program: its clock goes wrong, as that of a node without NTP. */
const WRONG_CLOCK = `
const Right = Date;
const off = Number(process.env.CLOCK_OFF);
globalThis.Date = class Date extends Right {
  constructor(...given) { super(...(given.length === 0 ? [Right.now() + off] : given)); }
  static now() { return Right.now() + off; }
};`;

let plane: ControlPlane;
let room: Room;
let rooms = 0;
let behind: BuiltResponder;
let ahead: BuiltResponder;

beforeAll(async () => {
  plane = await startControlPlane();
  [behind, ahead] = await Promise.all([withClock(-10), withClock(10)]);
}, 900_000);

beforeEach(async () => {
  room = new Room(plane, `clocks-${STAMP}-${++rooms}`);
  await room.open();
});

afterEach(() => room.close());

afterAll(async () => {
  await Promise.all([behind.kill(), ahead.kill()]);
  await plane.stop();
});

/** A responder whose clock is so many minutes off. */
async function withClock(minutes: number): Promise<BuiltResponder> {
  const preload = join(plane.folder, 'wrong-clock.cjs');
  const tokenFile = join(plane.folder, 'admin.token');
  writeFileSync(preload, WRONG_CLOCK);
  writeFileSync(tokenFile, plane.adminToken);
  const environment = { NODE_OPTIONS: `--require=${preload}`, CLOCK_OFF: String(minutes * MINUTE) };
  const responder = await BuiltResponder.prepare(plane, {
    tokenFile,
    environment,
    config: { responses: RESPONSES },
  });
  await responder.start();
  return responder;
}

const send = (to: BuiltResponder, alert: object): Promise<void> =>
  new Sender().insist(() => to.postAlert(alert));
const isCut = async (name: string): Promise<boolean> =>
  (await room.get(name)).metadata.labels?.[QUARANTINE_LABEL] === 'true';
const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();

test('two replicas, ten minutes behind and ten ahead, cut off a Pod once, and neither ends what the other began', async () => {
  for (const [name, first, second] of [
    ['by-behind', behind, ahead],
    ['by-ahead', ahead, behind],
  ] as const) {
    const { metadata } = await room.add(name);
    const alert = alertOf(metadata);
    await send(first, alert);
    const record = await room.record(name);
    const off = Date.parse(record?.since ?? '') - Date.now();
    // It says what its own clock says, and holds for as long as it should.
    expect(Math.round(off / (10 * MINUTE))).toBe(first === ahead ? 1 : -1);
    expect(Date.parse(record?.expires ?? '') - Date.parse(record?.since ?? '')).toBe(4 * HOUR);
    await room.told(name, 'Quarantined');
    await send(second, alert);
    await send(second, alertOf(metadata));
    expect(await room.record(name)).toEqual(record);
    expect(await isCut(name)).toBe(true);
    expect(await room.reasons(name)).toEqual(['Quarantined']);
  }
});

test('an alert counts as old by the clock of the responder: the limit is off by as much', async () => {
  for (const [name, to, age, cut] of [
    ['55-behind', behind, 55, true],
    ['65-behind', behind, 65, true],
    ['75-behind', behind, 75, false],
    ['45-ahead', ahead, 45, true],
    ['55-ahead', ahead, 55, false],
  ] as const) {
    const { metadata } = await room.add(name);
    await send(to, alertOf(metadata, { time: ago(age * MINUTE) }));
    expect([name, await isCut(name)]).toEqual([name, cut]);
    if (!cut) expect(await room.told(name, 'NotQuarantined')).toContain('older than');
  }
});

test('alerts of a node whose clock is off: a UID tells the Pod whatever the time, a name alone only if the Pod is older', async () => {
  for (const [name, knowsUid, minutesAgo, cut] of [
    ['past-uid', true, 10, true],
    ['future-uid', true, -10, true],
    ['past-name', false, 10, false],
    ['future-name', false, -10, true],
  ] as const) {
    const { metadata } = await room.add(name);
    const of = knowsUid ? metadata : { namespace: room.namespace, name };
    for (const to of [behind, ahead]) await send(to, alertOf(of, { time: ago(minutesAgo * MINUTE) }));
    expect([name, await isCut(name)]).toEqual([name, cut]);
  }
});

test('alone, a responder ends a quarantine in its time, whatever its clock says', async () => {
  for (const [name, alone, other] of [
    ['ahead', ahead, behind],
    ['behind', behind, ahead],
  ] as const) {
    await other.kill();
    if (name === 'behind') await alone.start();
    const { metadata } = await room.add(name, { labels: { app: 'nginx' } });
    await send(alone, alertOf(metadata, { rule: 'brief' }));
    expect(await isCut(name)).toBe(true);
    await room.told(name, 'Released');
    expect((await room.get(name)).metadata.labels).toEqual({ app: 'nginx' });
  }
});
