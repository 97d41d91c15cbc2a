import { runWho } from '../../lib/cli/who/who';
import { printInventoryRecord, type InventoryRecord } from '../../lib/inventory/record';
import { alertLine } from '../history/alert';
import { at, nanoseconds, pictureAt, podAt } from '../history/inventory/records';
import { FakeLoki, type FakeEntry } from '../history/loki/fake-loki';

let loki: FakeLoki | undefined;
afterEach(async () => {
  await loki?.stop();
});

const HOUR = 60;
const CART = { owners: ['StatefulSet/cart'], containers: ['aaaaaaaaaaaa'] };
const UNKNOWN = { 'k8s.ns.name': null, 'k8s.pod.name': null, 'container.id': 'aaaaaaaaaaaa' };

function toldAt(minute: number, record: InventoryRecord): FakeEntry {
  return { time: nanoseconds(minute), line: printInventoryRecord(record), labels: { source: 'inventory' } };
}

/** Who connected in the hour before eleven, by an inventory whose last picture but this is so old. */
async function ask(records: readonly FakeEntry[]): Promise<{ workload: string; notes: string; back: URL[] }> {
  const alert = { time: nanoseconds(30), line: alertLine(UNKNOWN, { time: at(30) }) };
  loki = await FakeLoki.start([...records, alert]);
  let out = '';
  const streams = { out: (text: string) => (out += text), error: (text: string) => (out += text) };
  const range = ['--from', at(0), '--to', at(HOUR)];
  const code = await runWho(['203.0.113.7', '--loki', loki.url.href, ...range, '--json'], streams);
  if (code !== 0) throw new Error(out);
  const { rows, notes } = JSON.parse(out) as { rows: { workload: { name: string } }[]; notes: string[] };
  const back = loki.requests.filter(({ searchParams }) => searchParams.get('direction') === 'backward');
  return { workload: rows.map(({ workload }) => workload.name).join(), notes: notes.join('\n'), back };
}

/** A picture in which there is a Pod. */
function picture(minute: number, every: number): readonly FakeEntry[] {
  return [
    toldAt(minute, podAt('cart-0', at(minute), { ...CART, since: at(minute - HOUR) })),
    toldAt(minute, pictureAt(at(minute), { every })),
  ];
}

test('a picture of two days before tells whose a container is, and Loki is asked for it once', async () => {
  const { workload, notes, back } = await ask(picture(-48 * HOUR, 3 * 86_400));
  expect(workload).toBe('cart');
  expect(back).toHaveLength(1);
  expect(back[0]?.searchParams.get('query')).toBe('{source="inventory"} |= "\\"kind\\":\\"picture\\""');
  expect(notes).not.toContain('no picture');
});

test('one that is older than the next should be is told of', async () => {
  const { workload, notes } = await ask(picture(-48 * HOUR, 6 * 3600));
  expect(workload).toBe('cart');
  expect(notes).toContain(
    'the inventory of c has no picture between 2026-11-20 10:00 and 2026-11-22 10:00, though one comes every 6 hours',
  );
});

test('of a cluster with a picture shortly before nothing earlier is asked for', async () => {
  const { workload, notes, back } = await ask(picture(-3 * HOUR, 6 * 3600));
  expect([workload, back]).toEqual(['cart', []]);
  expect(notes).not.toContain('no picture');
});

test('without any picture there is nothing to say', async () => {
  const { workload, notes, back } = await ask([]);
  expect([workload, back.length]).toEqual(['aaaaaaaaaaaa', 1]);
  expect(notes).not.toContain('no picture');
});
