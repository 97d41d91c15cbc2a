import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { runWho } from '../../lib/cli/who/who';
import { parseTime } from '../../lib/history/time';
import { printInventoryRecord } from '../../lib/inventory/record';
import { alertLine } from '../history/alert';
import { at, nanoseconds, pictureAt, podAt } from '../history/inventory/records';
import { FakeLoki, type FakeEntry } from '../history/loki/fake-loki';

// Pauses between tries would be half a minute.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const DAY = 24 * 60;
const ADDRESS = '203.0.113.7';
const RANGE = ['--from', at(0), '--to', at(60)];

let folder: string;
const lokis: FakeLoki[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-test-'));
});

afterEach(async () => {
  await Promise.all(lokis.splice(0).map((loki) => loki.stop()));
  rmSync(folder, { recursive: true });
});

/** Its last picture is two days old: it has to be looked for. */
async function start(): Promise<FakeLoki> {
  const told = (minute: number, line: string): FakeEntry => ({
    ...{ time: nanoseconds(minute), line },
    labels: { source: 'inventory' },
  });
  const pod = podAt('cart-0', at(-2 * DAY), { owners: [], containers: [], ips: [ADDRESS] });
  const loki = await FakeLoki.start([
    told(-2 * DAY, printInventoryRecord(pod)),
    told(-2 * DAY, printInventoryRecord(pictureAt(at(-2 * DAY), { every: 6 * 3600 }))),
    { time: nanoseconds(30), line: alertLine({}, { time: at(30) }) },
  ]);
  lokis.push(loki);
  return loki;
}

interface Asked {
  readonly name: string;
  readonly query: string;
  readonly from: string;
  readonly to: string;
  readonly step?: number;
  readonly direction?: string;
  readonly requests: number;
  readonly answers: number;
  readonly sha256: string;
}

/** What a Loki saw, in the form of the evidence. */
function seenBy(loki: FakeLoki): object[] {
  const all = new Map<string, { start: bigint; end: bigint; requests: number }>();
  for (const { searchParams } of loki.requests) {
    const of = (name: string): string => searchParams.get(name) ?? '';
    const key = JSON.stringify([of('query'), of('step'), of('direction')]);
    const [start, end] = [BigInt(of('start')), BigInt(of('end'))];
    const before = all.get(key) ?? { start, end, requests: 0 };
    all.set(key, {
      start: start < before.start ? start : before.start,
      end: end > before.end ? end : before.end,
      requests: before.requests + 1,
    });
  }
  return [...all].map(([key, seen]) => ({ key, ...seen }));
}

function told(queries: readonly Asked[], name: string): object[] {
  return queries
    .filter((asked) => asked.name === name)
    .map(({ query, from, to, step, direction, requests }) => ({
      key: JSON.stringify([query, step === undefined ? '' : String(step), direction ?? 'forward']),
      ...{ start: parseTime(from), end: parseTime(to), requests },
    }));
}

async function evidenceOf(...args: string[]): Promise<readonly Asked[]> {
  const path = join(folder, 'evidence.json');
  let text = '';
  const streams = { out: (more: string) => (text += more), error: (more: string) => (text += more) };
  const urls = lokis.flatMap(({ url }) => ['--loki', url.href]);
  const code = await runWho([...args, ...urls, ...RANGE, '--evidence', path], streams);
  if (code === 2) throw new Error(text);
  const { inputs } = JSON.parse(readFileSync(path, 'utf8')) as { inputs: { queries: readonly Asked[] } };
  return inputs.queries;
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const LARGE = `2001:db8::/33`;

test.each([[ADDRESS], ['203.0.113.0/24'], ['pod:shop/cart-0'], [LARGE]])(
  'every query that a Loki saw for %s is in the evidence, for all of its time',
  async (address) => {
    const [one, other] = [await start(), await start()];
    // It is asked again.
    one.troubles.push((_, response) => void response.writeHead(503).end());
    const queries = await evidenceOf(address);
    for (const loki of [one, other]) {
      const name = loki.url.href.replace(/\/$/, '');
      expect(loki.requests.length).toBeGreaterThan(4);
      expect(told(queries, name)).toEqual(seenBy(loki));
    }
    expect(queries.map(({ name }) => name)).toContain(other.url.href.replace(/\/$/, ''));
    expect(queries.some(({ direction }) => direction === 'backward')).toBe(true);
  },
);

test('it tells what came: how many answers, with a digest of them', async () => {
  const loki = await start();
  loki.troubles.push((_, response) => void response.writeHead(503).end());
  const queries = await evidenceOf(ADDRESS);
  for (const [
    index,
    { query, step, direction = 'forward', requests, answers, sha256 },
  ] of queries.entries()) {
    const own = loki.answers.filter(
      ({ url: { searchParams } }) =>
        searchParams.get('query') === query &&
        searchParams.get('step') === (step === undefined ? null : String(step)) &&
        searchParams.get('direction') === direction,
    );
    expect([answers, requests]).toEqual([own.length, own.length + (index === 0 ? 1 : 0)]);
    expect(sha256).toBe(sha256Of(own.map(({ body }) => body).join('')));
  }
});
