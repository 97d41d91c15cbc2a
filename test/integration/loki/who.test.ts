import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { runWho } from '../../../lib/cli/who/who';
import type { Connection } from '../../../lib/history/connection';
import { queriesFor, ALERT_STREAMS } from '../../../lib/history/loki/logql';
import { LokiClient } from '../../../lib/history/loki/loki-client';
import { LokiHistory } from '../../../lib/history/loki/loki-history';
import { parseTime } from '../../../lib/history/time';
import { waitUntil } from '../control-plane/wait';
import { alertLine } from '../../history/alert';
import { collected, type CollectedLine } from './collected';
import { Loki, lokiBinary } from './loki';
import { TroubledProxy } from './troubled-proxy';

jest.setTimeout(300_000);

const TENANT = 'recorded';
const RANGE = ['--from', '2026-11-22', '--to', '2026-11-22'];
const RECORDED = gunzipSync(readFileSync(resolve(__dirname, '../../fixtures/falcosidekick/loki.jsonl.gz')))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { case: string; request: { path: string; body: string } });
/** A label of it is no UTF-8 that Loki takes: what is stored so is not all. */
const REFUSED = ['unicode-escaped-lone-surrogate'];
/** In the hours of the recordings, with one of the collector's; one more is of the next day. */
const STORED = RECORDED.length - REFUSED.length + 1;

const binary = lokiBinary();
if (binary === undefined)
  console.warn('skipped: there is no Loki; node tools/loki/build.mjs builds it, in about six minutes');
const withLoki = binary === undefined ? test.skip : test;

let loki: Loki;
const proxies: TroubledProxy[] = [];

beforeAll(async () => {
  if (binary === undefined) return;
  loki = await Loki.start(binary);
  const refused: string[] = [];
  for (const { case: name, request } of RECORDED)
    if ((await loki.post(request.path, TENANT, request.body)) !== '') refused.push(name);
  expect(refused).toEqual(REFUSED);
  expect(await loki.post('/otlp/v1/logs', TENANT, JSON.stringify(COLLECTED))).toBe('');
  expect(await loki.post('/otlp/v1/logs', MIXED_TENANT, JSON.stringify(collected(MIXED_COLLECTED)))).toBe('');
  expect(await loki.post('/loki/api/v1/push', MIXED_TENANT, JSON.stringify({ streams: MIXED }))).toBe('');
  await loki.flush();
  await waitUntil(
    async () => (await countOfLoki(TENANT)) === STORED + 1 && (await countOfLoki(MIXED_TENANT)) === mixed,
    60_000,
    () => new Error('Loki does not give all that it was sent'),
  );
});

afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  if (binary !== undefined) await loki.stop();
});

afterEach(() => {
  delete process.env['LOKI_ORG_ID'];
});

/** Lines that stand for several: one stored at once, and one only on the next day, after the collector or Loki had been away. */
const COLLECTED = collected([
  ofCart('2026-11-22T08:01:00Z', {
    count: 17,
    first: '2026-11-22T08:00:00.000000001Z',
    last: '2026-11-22T08:00:59.000000001Z',
  }),
  ofCart('2026-11-23T20:00:07Z', {
    count: 5,
    first: '2026-11-22T23:30:00Z',
    last: '2026-11-22T23:30:59.000000001Z',
  }),
]);

function ofCart(time: string, several: CollectedLine['several']): CollectedLine {
  return {
    time,
    labels: { rule: 'Outbound', cluster: 'prod' },
    fields: {
      ...{ 'fd.sip': '213.215.222.58', 'fd.sport': 443, 'fd.l4proto': 'tcp' },
      ...{ 'evt.type': 'connect', 'evt.res': 'SUCCESS', 'container.id': 'b1946ac92492' },
      ...{ 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart-0', 'proc.name': 'java' },
    },
    several,
  };
}

const MIXED_TENANT = 'mixed';
/** How many there are. */
let mixed = 0;

/** Of the collector: what tells of the address stands nowhere but beside the line, each time in another field. */
const MIXED_COLLECTED: CollectedLine[] = [
  ofProcess('reached', { 'evt.type': 'connect', 'fd.sip': '203.0.113.7', 'fd.sport': 443 }),
  ofProcess(
    'like-json',
    { 'evt.type': 'connect', 'fd.sip': '203.0.113.7', 'fd.sport': 443 },
    '{"of": "a rule"}',
  ),
  ofProcess('failed', {
    ...{ 'evt.type': 'connect', 'evt.res': 'ECONNREFUSED', 'evt.arg.addr': '203.0.113.7:443' },
    ...{ 'fd.sip': '198.51.100.1', 'fd.sport': 80 },
  }),
  ofProcess('sent', { 'evt.type': 'sendto', 'evt.arg.tuple': '10.0.0.5:5000->203.0.113.7:443' }),
  ofProcess('by-name-of-socket', { 'evt.type': 'write', 'fd.name': '10.0.0.5:5000->203.0.113.7:443' }),
  ofProcess('named', {
    ...{ 'evt.type': 'connect', 'fd.sip': '198.51.100.9', 'fd.sport': 443, 'fd.sip.name': 'Ftp.Example.ORG' },
  }),
  ofProcess('elsewhere', { 'evt.type': 'connect', 'fd.sip': '198.51.100.9', 'fd.sport': 443 }, '203.0.113.7'),
];

function ofProcess(name: string, fields: CollectedLine['fields'], output = 'an alert'): CollectedLine {
  return {
    ...{ time: timeOfMixed(), labels: { rule: 'Outbound', cluster: 'prod' }, output },
    fields: { 'fd.l4proto': 'tcp', 'k8s.ns.name': 'shop', 'proc.name': name, ...fields },
  };
}

/** Whole alerts as lines: of falcosidekick, and of what labels them by the rule alone, also in the collector's own streams. */
const MIXED = [
  { stream: { rule: 'Outbound', hostname: 'node-1' }, values: [alertOf('sidekick')] },
  { stream: { rule: 'Outbound' }, values: [alertOf('promtail')] },
  {
    stream: { rule: 'Outbound', cluster: 'prod', service_name: 'falco' },
    values: [alertOf('among-them'), alertOf('other', '198.51.100.9')],
  },
];

function alertOf(name: string, address = '203.0.113.7'): [time: string, line: string] {
  const time = timeOfMixed();
  const fields = { 'proc.name': name, 'fd.sip': address, 'evt.arg.addr': `${address}:443` };
  return [`${Date.parse(time)}000000`, alertLine(fields, { time })];
}

/** Alerts of one time are one attempt. */
function timeOfMixed(): string {
  return new Date(Date.parse('2026-11-22T12:00:00Z') + 1000 * mixed++).toISOString();
}

interface Asked {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function who(...args: string[]): Promise<Asked> {
  let [out, error] = ['', ''];
  const code = await runWho(args, { out: (text) => (out += text), error: (text) => (error += text) });
  return { code, out, error };
}

withLoki('who connected, whichever way the alerts came', async () => {
  process.env['LOKI_ORG_ID'] = TENANT;
  const { code, out, error } = await who('213.215.222.58', '--loki', loki.url.href, ...RANGE, '--csv');
  expect(code).toBe(0);
  expect(error).toMatch(/^asked: from 2026-11-22T/);
  expect(error).not.toContain('partial');
  const rows = out
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(','));
  expect(rows.map((row) => [...row.slice(0, 10), ...row.slice(12, 15)].join(','))).toEqual([
    'demo,,Container,3db00b476ee2,false,flkcase,,213.215.222.58,443,tcp,2026-11-22T07:41:26.879664551Z,2026-11-22T07:41:26.879664551Z,1',
    'demo,testkatz,Deployment,nginx,false,curl,,213.215.222.58,443,tcp,2026-11-22T07:41:15.744381641Z,2026-11-22T07:41:15.744381641Z,1',
    'prod,shop,StatefulSet,cart,true,java,,213.215.222.58,443,tcp,2026-11-22T08:00:00.000000001Z,2026-11-22T23:30:59.000000001Z,22',
  ]);
});

const TO_ADDRESS = [
  ...['among-them', 'by-name-of-socket', 'failed', 'like-json', 'promtail', 'reached', 'sent', 'sidekick'],
];

withLoki.each([
  ['203.0.113.7', TO_ADDRESS],
  ['203.0.112.0/22', TO_ADDRESS],
  // Of this the query is sent as a form.
  ['203.0.0.0/9', TO_ADDRESS],
  ['ftp.example.org', ['named']],
])('each alert to %s is found once, whatever shape it has among others', async (asked, names) => {
  process.env['LOKI_ORG_ID'] = MIXED_TENANT;
  const { code, out, error } = await who(asked, '--loki', loki.url.href, ...RANGE, '--json');
  expect([code, error]).toEqual([0, '']);
  const { rows, inputs } = JSON.parse(out) as {
    rows: { process: string; times: number }[];
    inputs: { lokis: { entries: number }[] };
  };
  expect(rows.map(({ process }) => process).sort()).toEqual(names);
  expect(rows.map(({ times }) => times)).toEqual(names.map(() => 1));
  // The one whose text names the address is let through: that it went elsewhere is found by its fields.
  expect(inputs.lokis[0]?.entries).toBeLessThanOrEqual(names.length + 1);
});

withLoki('in pages of any size no entry is lost or comes twice, though many have one time', async () => {
  const inOnePage = await readBy(5000);
  expect(inOnePage).toHaveLength(STORED);
  for (const limit of [1, 2, 7]) expect(await readBy(limit)).toEqual(inOnePage);
});

const HOURS = ['2026-11-22T07:00:00Z', '2026-11-22T09:00:00Z'] as const;

/** What is in each entry, read in pages of some size; sorted, since Loki has no order within one time. */
async function readBy(limit: number): Promise<string[]> {
  const client = new LokiClient({ url: new URL(loki.url), headers: { 'X-Scope-OrgID': TENANT } });
  const [from = 0n, to = 0n] = HOURS.map(parseTime);
  const history = new LokiHistory(client, {
    queries: queriesFor(ALERT_STREAMS, undefined),
    ...{ from, to, limit },
  });
  const found: Connection[] = [];
  for await (const connections of history.connections()) found.push(...connections);
  const { others, badCount, gaps } = history.report();
  expect(gaps).toEqual([]);
  const rest = [...Object.entries(others), ['bad', badCount] as const].flatMap(([why, count]) =>
    Array.from({ length: count }, () => why),
  );
  const texts = found.map((each) =>
    JSON.stringify(each, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
  return [...texts, ...rest].sort();
}

/** How many entries Loki itself says that there are. */
async function countOfLoki(tenant: string): Promise<number> {
  return loki.number(tenant, `sum(count_over_time(${ALERT_STREAMS}[2d]))`, '2026-11-24T00:00:00Z');
}

withLoki('after 429 and a cut answer it is asked again, and the answer is whole', async () => {
  const proxy = await TroubledProxy.start(loki.url, 'too many', 'cut');
  proxies.push(proxy);
  process.env['LOKI_ORG_ID'] = TENANT;
  const { code, out } = await who('203.0.113.7', '--loki', proxy.url, ...RANGE, '--json');
  const direct = await who('203.0.113.7', '--loki', loki.url.href, ...RANGE, '--json');
  const rowsOf = (text: string): unknown => (JSON.parse(text) as { rows: unknown[] }).rows;
  expect([code, direct.code]).toEqual([0, 0]);
  expect(JSON.parse(out)).toMatchObject({ partial: false, inputs: { lokis: [{ retries: 2, gaps: [] }] } });
  expect(rowsOf(out)).toEqual(rowsOf(direct.out));
  expect(rowsOf(out)).not.toEqual([]);
  expect(proxy.count).toBeGreaterThan(1);
});

withLoki('who names no tenant is told what is missing', async () => {
  const { code, out, error } = await who('203.0.113.7', '--loki', loki.url.href, ...RANGE);
  expect([code, out]).toEqual([2, '']);
  expect(error).toMatch(/answers 401: no org id; give LOKI_USERNAME/);
});
