import type { ServerResponse } from 'node:http';
import type { Connection } from '../../../lib/history/connection';
import { LokiClient } from '../../../lib/history/loki/loki-client';
import { LokiHistory, type LokiReport } from '../../../lib/history/loki/loki-history';
import { troubleOf } from '../../../lib/history/loki/trouble';
import { printTime } from '../../../lib/history/time';
import { alertLine } from '../alert';
import { FakeLoki, type FakeEntry, type Trouble } from './fake-loki';

const BEGIN = 1_795_333_275_000_000_000n;
const END = BEGIN + 3_600_000_000_000n;

/** Entries at some nanoseconds after the beginning; each is of another client port. */
function entriesAt(...offsets: readonly number[]): FakeEntry[] {
  return offsets.map((offset, index) => ({
    time: BEGIN + BigInt(offset),
    line: alertLine({ 'proc.name': `p${index}` }),
  }));
}

let loki: FakeLoki;
const started: FakeLoki[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop()));
});

async function ask(
  entries: readonly FakeEntry[],
  { limit = 3, troubles = [] as readonly Trouble[], mostEntries = 5000, end = END } = {},
): Promise<{ readonly names: string[]; readonly report: LokiReport }> {
  loki = await FakeLoki.start(entries);
  started.push(loki);
  loki.troubles.push(...troubles);
  loki.mostEntries = mostEntries;
  const client = new LokiClient({ url: loki.url, headers: { 'X-Scope-OrgID': 't1' }, pace: 0 });
  const history = new LokiHistory(client, { queries: ['{rule=~".+"}'], from: BEGIN, to: end, limit });
  const found: Connection[] = [];
  for await (const connections of history.connections()) found.push(...connections);
  return { names: found.map(({ program }) => program.name ?? ''), report: history.report() };
}

const status =
  (code: number, headers: Record<string, string> = {}): Trouble =>
  (_, response) =>
    void response.writeHead(code, headers).end('not now');
const cut: Trouble = (_, response: ServerResponse) => {
  response.writeHead(200, { 'Content-Length': '1000' });
  response.write('{"status":"success","data":{"resultType":"str', () => response.destroy());
};
const cutUnnoticed: Trouble = (_, response) =>
  void response.end('{"status":"success","data":{"resultType":"str');

test.each<[what: string, offsets: number[]]>([
  ['none', []],
  ['less than a page', [1, 2]],
  ['exactly a page', [1, 2, 3]],
  ['one nanosecond over the edge of pages', [1, 2, 2, 2, 3, 3, 4]],
  ['a page that ends with the nanosecond with which it began', [5, 5, 6, 6, 7, 7, 8]],
  ['two pages that are exactly full', [1, 2, 3, 4, 5, 6]],
  ['more of one nanosecond than a page holds', [1, 1, 1, 1, 1, 2, 2, 3]],
])('every entry comes once: %s', async (_, offsets) => {
  const { names, report } = await ask(entriesAt(...offsets));
  expect(names.toSorted()).toEqual(offsets.map((__, index) => `p${index}`).toSorted());
  expect(report).toMatchObject({ entries: offsets.length, gaps: [], retries: 0 });
});

test('the range is asked for day by day, and its end is not within', async () => {
  const day = 86_400_000_000_000;
  const { names } = await ask(entriesAt(0, day - 1, day, 2 * day), { end: BEGIN + BigInt(2 * day) });
  expect(names).toEqual(['p0', 'p1', 'p2']);
  expect(loki.requests.map(({ searchParams }) => searchParams.get('start'))).toEqual([
    String(BEGIN),
    String(BEGIN + BigInt(day)),
  ]);
  expect(loki.headers[0]).toMatchObject({ 'x-scope-orgid': 't1' });
});

test('of weeks in which little is stored few questions are asked, and of dense ones a day each', async () => {
  const day = 86_400_000_000_000;
  const far = BEGIN + 29n * BigInt(day);
  const { names, report } = await ask(entriesAt(1, 20 * day), { end: far, limit: 5000 });
  expect([names, report.pages]).toEqual([['p0', 'p1'], 6]);
  const dense = Array.from({ length: 4 * 1200 }, (_, at) => Math.floor((at * day) / 1200) + 1);
  const { names: all, report: asked } = await ask(entriesAt(...dense), {
    end: BEGIN + 4n * BigInt(day),
    limit: 5000,
  });
  expect(all).toHaveLength(dense.length);
  expect(asked.pages).toBeGreaterThan(4);
});

test.each<[what: string, troubles: Trouble[]]>([
  ['429', [status(429, { 'Retry-After': '1' }), status(429)]],
  ['a gateway in trouble', [status(502), status(503), status(504)]],
  ['an answer that is cut', [cut]],
  ['an answer whose end is lost without a word', [cutUnnoticed]],
])('after %s it is asked again', async (_, troubles) => {
  const { names, report } = await ask(entriesAt(1, 2), { troubles });
  expect(names).toEqual(['p0', 'p1']);
  expect(report).toMatchObject({ retries: troubles.length, gaps: [] });
});

const timesAsked = (): readonly (readonly [bigint, bigint])[] =>
  loki.requests.map(({ searchParams }) => [
    BigInt(searchParams.get('start') ?? 0) - BEGIN,
    BigInt(searchParams.get('end') ?? 0) - BEGIN,
  ]);

test.each<[what: string, trouble: Trouble]>([
  ['504', status(504)],
  ['500 after its own time', (_, response) => void response.writeHead(500).end('context deadline exceeded')],
  ['an answer that is cut', cut],
])(
  'of a Loki that comes to no end with a day less time is asked, until all is there: %s',
  async (_, trouble) => {
    const hour = 3_600_000_000_000;
    const { names, report } = await ask(entriesAt(0, hour, 7 * hour, 23 * hour), {
      ...{ troubles: [trouble, trouble, trouble], limit: 400, end: BEGIN + BigInt(24 * hour) },
    });
    expect(names).toEqual(['p0', 'p1', 'p2', 'p3']);
    expect(report).toMatchObject({ entries: 4, retries: 3, gaps: [] });
    const hours = timesAsked().map((times) => times.map((time) => Number(time) / hour));
    expect(hours.slice(0, 4)).toEqual([
      [0, 24],
      [0, 24],
      [0, 6],
      [0, 1.5],
    ]);
    const limits = loki.requests.map(({ searchParams }) => Number(searchParams.get('limit')));
    expect(limits.slice(0, 4)).toEqual([400, 400, 100, 50]);
    // Never as much again as was too much.
    expect(Math.max(...hours.slice(4).map(([from = 0, to = 0]) => to - from))).toBeLessThanOrEqual(12);
    expect(hours.at(-1)?.[1]).toBe(24);
  },
);

test('a page that is full says how much time the next may tell of', async () => {
  const second = 1_000_000_000;
  const { names } = await ask(entriesAt(...Array.from({ length: 20 }, (_, index) => index * second)));
  expect(new Set(names).size).toBe(20);
  const widths = timesAsked().map(([from, to]) => Number(to - from) / second);
  expect(widths[0]).toBe(3600);
  expect(Math.max(...widths.slice(1, 9))).toBeLessThanOrEqual(16);
});

test('of long lines fewer are asked for at once, so that no more than Loki can hand on is in a page', async () => {
  const text = 'x'.repeat(20_000);
  const entries = Array.from({ length: 700 }, (_, index) => ({
    time: BEGIN + BigInt(index),
    line: alertLine({ 'proc.name': `p${index}`, 'proc.cmdline': text }),
  }));
  const { names } = await ask(entries, { limit: 400 });
  expect(new Set(names).size).toBe(700);
  const limits = loki.requests.map(({ searchParams }) => Number(searchParams.get('limit')));
  expect(limits[0]).toBe(400);
  expect(Math.max(...limits.slice(1)) * text.length).toBeLessThan(4 * 1024 * 1024);
});

test('a query that is longer than proxies take in a URL is sent as a form', async () => {
  loki = await FakeLoki.start(entriesAt(1, 2, 3, 4, 5));
  started.push(loki);
  const client = new LokiClient({ url: loki.url, headers: {}, pace: 0 });
  const query = `{a="b"} |~ "${'198|'.repeat(3000)}"`;
  const history = new LokiHistory(client, { queries: [query], from: BEGIN, to: END, limit: 3 });
  await history.readAll();
  expect(history.report()).toMatchObject({ entries: 5, gaps: [] });
  expect(loki.requests[0]?.searchParams.get('query')).toBe(query);
  expect(loki.headers[0]).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
});

test('where a Loki was waited for in vain, the next question does not wait again', async () => {
  loki = await FakeLoki.start([]);
  started.push(loki);
  const client = new LokiClient({ url: loki.url, headers: {}, pace: 0 });
  const waits: string[] = [];
  client.onWait = ({ message }) => waits.push(message);
  loki.troubles.push(...Array.from({ length: 8 }, () => status(503)));
  const read = async (): Promise<void> => {
    await new LokiHistory(client, { queries: ['{a="b"}'], from: BEGIN, to: END }).readAll();
  };
  await expect(read()).rejects.toMatchObject({ code: 'LOKI_UNREACHABLE' });
  expect(waits).toEqual(Array(6).fill(`${client.name} answers 503: not now`));
  await expect(read()).rejects.toMatchObject({ code: 'LOKI_UNREACHABLE' });
  expect(loki.requests).toHaveLength(8);
  await read();
  loki.troubles.push(status(503));
  await read();
});

test('the missing time begins where the last answer ended', async () => {
  const full: Trouble = (_, response) => {
    const values = [[String(BEGIN + 5n), alertLine()]];
    const result = [{ stream: { rule: 'Outbound' }, values }];
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'streams', result } }));
  };
  const { report } = await ask([], {
    troubles: [full, ...(Array(7).fill(status(503)) as Trouble[])],
    limit: 1,
  });
  expect(report.gaps.map(({ from, to }) => [from, to])).toEqual([[printTime(BEGIN + 5n), printTime(END)]]);
});

test.each([
  [
    'ECONNREFUSED',
    'LOKI_UNREACHABLE',
    /connect ECONNREFUSED .*: nothing listens there; is Loki up, or the port-forward\?$/,
  ],
  ['ECONNRESET', 'LOKI_SLOW', /cut off; Loki does that after 30 s/],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'LOKI_UNREACHABLE', /name the certificate to trust by LOKI_CA_CERT_PATH$/],
])('%s is told with what it comes from', (code, kind, message) => {
  const error = troubleOf('http://loki', Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code }));
  expect(error).toMatchObject({ code: kind, message: expect.stringMatching(message) as string });
});

test.each<[what: string, trouble: Trouble, code: string, message: RegExp]>([
  ['401', status(401), 'LOKI_UNAUTHORIZED', /401: not now; give LOKI_USERNAME/],
  ['404', status(404), 'LOKI_NOT_FOUND', /without \/loki\/api\/v1/],
  ['400', status(400), 'LOKI_REFUSED', /400/],
  ['a redirect', status(302, { Location: '/login' }), 'LOKI_REFUSED', /302/],
  ['another program', (_, response) => void response.end('<html>'), 'LOKI_NO_LOKI', /is no Loki/],
])('%s is told at once', async (_, trouble, code, message) => {
  const failure = ask(entriesAt(1), { troubles: [trouble] });
  await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  expect(loki.requests).toHaveLength(1);
});

test('of a Loki that goes away what it gave counts, and the rest is a gap', async () => {
  const away = Array.from({ length: 7 }, () => status(503));
  const first: Trouble = (_, response) => {
    const values = [[String(BEGIN + 1n), alertLine()]];
    const result = [{ stream: { rule: 'Outbound' }, values }];
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'streams', result } }));
  };
  const { names, report } = await ask([], { troubles: [first, ...away], limit: 1 });
  expect(names).toEqual(['java']);
  expect(report.gaps).toEqual([
    {
      from: expect.any(String) as string,
      to: expect.any(String) as string,
      why: expect.stringMatching(/503/) as string,
    },
  ]);
  await expect(ask([], { troubles: away })).rejects.toMatchObject({ code: 'LOKI_UNREACHABLE' });
});

test('a Loki that gives less at once is asked for less', async () => {
  const { names, report } = await ask(entriesAt(1, 2, 3, 4, 5), { limit: 8, mostEntries: 2 });
  expect(names).toHaveLength(5);
  expect(report.gaps).toEqual([]);
});

test('more entries of one nanosecond than a page holds are said not to be all', async () => {
  const { names, report } = await ask(entriesAt(1, 1, 1, 1, 2), { mostEntries: 3 });
  expect(names).toContain('p4');
  expect(report.gaps.map(({ why }) => why)).toEqual(['Loki gives not all entries of one nanosecond at once']);
});

test('both shapes of alerts are read; what is none is counted', async () => {
  const beside = {
    ...{
      output_fields_fd_sip: '203.0.113.7',
      output_fields_fd_sport: '443',
      output_fields_fd_l4proto: 'tcp',
    },
    ...{
      output_fields_k8s_ns_name: 'shop',
      output_fields_proc_name: 'collected',
      hostname: 'node-2',
      log_count: '4',
    },
  };
  const { names, report } = await ask(
    [
      {
        time: BEGIN,
        line: alertLine({ 'proc.name': 'sent' }),
        labels: { rule: 'Outbound', hostname: 'node-1' },
      },
      { time: BEGIN + 1n, line: '', labels: { rule: 'Outbound', cluster: 'prod' }, metadata: beside },
      { time: BEGIN + 2n, line: 'a word', labels: { app: 'other' } },
    ],
    { limit: 10 },
  );
  expect(names).toEqual(['sent', 'collected']);
  expect(report).toMatchObject({ badCount: 1, entries: 3 });
});
