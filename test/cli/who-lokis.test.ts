import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runWho } from '../../lib/cli/who/who';
import { alertLine } from '../history/alert';
import { FakeLoki } from '../history/loki/fake-loki';

// Pauses between tries would be half a minute.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const TIME = '2026-11-22T07:41:15.744381641Z';
const RANGE = ['--from', '2026-11-22T07:00:00Z', '--to', '2026-11-22T08:00:00Z', '--json'];

const lokis: FakeLoki[] = [];
afterEach(async () => {
  await Promise.all(lokis.splice(0).map((loki) => loki.stop()));
});

async function start(lines: readonly string[] = [alertLine()]): Promise<FakeLoki> {
  const time = BigInt(Date.parse(TIME)) * 1_000_000n;
  const loki = await FakeLoki.start(lines.map((line) => ({ time, line })));
  lokis.push(loki);
  return loki;
}

interface Answered {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

function who(...urls: string[]): Promise<Answered> {
  return ask(['203.0.113.7', ...urls.flatMap((url) => ['--loki', url]), ...RANGE]);
}

async function ask(args: readonly string[]): Promise<Answered> {
  let [out, error] = ['', ''];
  const streams = { out: (text: string) => (out += text), error: (text: string) => (error += text) };
  const code = await runWho(args, streams);
  return { code, out, error };
}

test('what one Loki of two tells is an answer, called partial, with the time that the other is missing', async () => {
  const [up, away] = [await start(), await start()];
  const url = away.url.href;
  await lokis.pop()?.stop();
  const { code, out, error } = await who(url, up.url.href);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ partial: true, rows: [{ process: 'java', times: 1 }] });
  expect(error).toContain('this answer is partial:');
  expect(error).toMatch(/not all from 2026-11-22T07:00:00\.0+Z to .* ECONNREFUSED .*: nothing listens there/);
});

test('where no Loki tells anything, that is a failure', async () => {
  const away = await start();
  const url = away.url.href;
  await lokis.pop()?.stop();
  const { code, out } = await who(url);
  expect([code, JSON.parse(out)]).toMatchObject([2, { error: { code: 'LOKI_UNREACHABLE' } }]);
});

test('who is refused by one Loki is told so, and gets no answer of the other', async () => {
  const [up, refusing] = [await start(), await start()];
  refusing.troubles.push((_, response) => void response.writeHead(401).end('no org id'));
  const { code, out } = await who(up.url.href, refusing.url.href);
  expect([code, JSON.parse(out)]).toMatchObject([2, { error: { code: 'LOKI_UNAUTHORIZED' } }]);
});

test('an answer without rows names the clusters that were asked, each with its coverage', async () => {
  const [whole, half, silent] = [await start([]), await start([]), await start([])];
  const begin = Date.parse('2026-11-22T07:00:00Z') / 1000;
  const minutes = (count: number): number[] => Array.from({ length: count }, (_, i) => begin + 60 * i + 30);
  whole.series.push({ labels: { hostname: 'a' }, seconds: minutes(60) });
  half.series.push({ labels: { hostname: 'a', cluster: 'prod-us' }, seconds: minutes(30) });
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-test-'));
  try {
    const file = join(folder, 'lokis.yaml');
    const named = { 'prod-eu': whole, 'said otherwise': half, staging: silent };
    writeFileSync(
      file,
      Object.entries(named)
        .map(([cluster, { url }]) => `- { url: '${url.href}', cluster: ${cluster} }\n`)
        .join(''),
    );
    const asked = ['198.51.100.1', '--lokis', file, ...RANGE.slice(0, 4)];
    const { code, out } = await ask(asked);
    expect(code).toBe(0);
    expect(out).toMatch(/^no connection to 198\.51\.100\.1 in what was read\n/);
    expect(out).toMatch(
      /^covered: 75\.00 % of node-minutes \(prod-eu 100\.00 %, prod-us 50\.00 %, staging unknown: no canary records\); /m,
    );
    expect(out).toMatch(/:\d+ \(cluster staging\): 0 entries from 2026-11-22T07/);
    expect(JSON.parse((await ask([...asked, '--json'])).out)).toMatchObject({
      rows: [],
      coverage: { clusters: [{ cluster: 'prod-eu' }, { cluster: 'prod-us' }, { cluster: 'staging' }] },
      inputs: { lokis: [{ cluster: 'prod-eu' }, { cluster: 'said otherwise' }, { cluster: 'staging' }] },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
