import { runWho } from '../../lib/cli/who';
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

async function start(): Promise<FakeLoki> {
  const time = BigInt(Date.parse(TIME)) * 1_000_000n;
  const loki = await FakeLoki.start([{ time, line: alertLine() }]);
  lokis.push(loki);
  return loki;
}

async function who(...urls: string[]): Promise<{ code: number; out: string; error: string }> {
  let [out, error] = ['', ''];
  const streams = { out: (text: string) => (out += text), error: (text: string) => (error += text) };
  const code = await runWho(['203.0.113.7', ...urls.flatMap((url) => ['--loki', url]), ...RANGE], streams);
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
