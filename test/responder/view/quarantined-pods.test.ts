import { QUARANTINE_LABEL, QUARANTINE_RECORD_ANNOTATION } from '../../../lib/names';
import { ObjectStore } from '../../../lib/responder/cluster/store';
import type { WatchedPod } from '../../../lib/responder/cluster/cluster';
import { QuarantinedPods } from '../../../lib/responder/view/quarantined-pods';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const MINUTE = 60_000;
const key = { namespace: 'demo', name: 'nginx' };

let now: number;
let version: number;
let store: ObjectStore<WatchedPod>;
let quarantined: QuarantinedPods;

beforeEach(() => {
  now = NOON;
  version = 10;
  store = new ObjectStore();
  quarantined = new QuarantinedPods(store, () => now);
});

/** The watch shows the Pod as another replica has cut it off. */
function see(since: number): void {
  const record = { reason: 'r', by: 'b', since: new Date(since).toISOString(), alerts: [], labels: {} };
  const annotations = { [QUARANTINE_RECORD_ANNOTATION]: JSON.stringify(record) };
  const object = { metadata: { ...key, uid: 'u', labels: { [QUARANTINE_LABEL]: 'true' }, annotations } };
  store.apply({ type: 'set', key, uid: 'u', version: String(++version), object });
}

test.each([
  ['as ours', 0],
  ['ten minutes ahead', 10 * MINUTE],
])(
  'the quarantines of a replica whose clock is %s count for a minute, however often they are seen',
  (_how, ahead) => {
    see(NOON + ahead);
    expect(quarantined.begunLastMinute()).toBe(1);
    now += MINUTE - 1;
    see(NOON + ahead);
    expect(quarantined.begunLastMinute()).toBe(1);
    now += 200;
    expect(quarantined.begunLastMinute()).toBe(0);
    see(NOON + ahead);
    expect(quarantined.begunLastMinute()).toBe(0);
  },
);

test('an old quarantine that comes to be known is none that has begun', () => {
  see(NOON - 2 * MINUTE);
  expect([quarantined.begunLastMinute(), quarantined.counts('demo').inNamespace]).toEqual([0, 1]);
});

test('a clock that is set back makes the minute no longer', () => {
  see(NOON);
  expect(quarantined.begunLastMinute()).toBe(1);
  now -= 10 * MINUTE;
  expect(quarantined.begunLastMinute()).toBe(1);
  now += MINUTE + 200;
  expect(quarantined.begunLastMinute()).toBe(0);
});
