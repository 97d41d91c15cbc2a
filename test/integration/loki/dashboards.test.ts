import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';

import { CANARY_RULE } from '../../../lib/names';
import { dashboardQueries, dashboards } from '../../observability/queries';
import { waitUntil } from '../control-plane/wait';
import { collected } from './collected';
import { Loki, lokiBinary } from './loki';

/*
 * Every query of the dashboards to Loki, on a real one that holds what falcosidekick was recorded to push, and lines of a
 * collector.
 */

jest.setTimeout(120_000);

const TENANT = 'dashboards';
/** An hour of what was recorded ends here. */
const START = '2026-11-22T07:20:00Z';
const NOW = '2026-11-22T08:20:00Z';

const CASES = ['outbound-k8s', 'vistatech', 'real-tcp4-ok-0', 'real-tcp6-ok-0', 'real-curl-http-0'];
const RECORDED = gunzipSync(readFileSync(resolve(__dirname, '../../fixtures/falcosidekick/loki.jsonl.gz')))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { case: string; request: { path: string; body: string } })
  .filter((line) => CASES.includes(line.case));

/** What a query could take for its own. */
const ODD = '%"\\ ` + \'(x)';

const SHOP = { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart-0', 'proc.name': 'java' };
const LABELS = { source: 'syscall', priority: 'Notice', namespace: 'shop', cluster: 'prod' };
const COLLECTED = collected([
  {
    // Of the day before: its destination is not new. First, since Loki takes nothing into a stream that is hours older than its last line.
    time: '2026-11-21T12:00:00Z',
    labels: { ...LABELS, rule: 'Outbound' },
    fields: { ...SHOP, 'fd.sip': '203.0.113.7', 'fd.sport': 443, 'evt.res': 'SUCCESS' },
  },
  {
    time: '2026-11-22T08:01:00Z',
    labels: { ...LABELS, rule: 'Outbound' },
    fields: { ...SHOP, 'fd.sip': '213.215.222.58', 'fd.sport': 443, 'evt.res': 'SUCCESS' },
    several: { count: 17, first: '2026-11-22T08:00:00Z', last: '2026-11-22T08:00:59Z' },
  },
  {
    time: '2026-11-22T08:02:00Z',
    labels: { ...LABELS, rule: 'Outbound' },
    fields: { ...SHOP, 'evt.arg.addr': 'fd77::9:8443', 'evt.res': 'ECONNREFUSED' },
    output: 'Outbound (pod=cart-0 asked=fd77::9:8443)',
  },
  {
    time: '2026-11-22T08:02:30Z',
    labels: { ...LABELS, namespace: 'odd', rule: 'Outbound' },
    fields: {
      'k8s.ns.name': 'odd',
      'k8s.pod.name': 'odd-0',
      'proc.name': ODD,
      'fd.sip': '192.0.2.9',
      'fd.sport': 22,
    },
    output: `Outbound (pod=odd-0 proc=${ODD})`,
  },
  {
    // That a node is watched is none either.
    time: '2026-11-22T08:02:40Z',
    labels: { source: 'syscall', priority: 'Informational', cluster: 'prod', rule: CANARY_RULE },
    fields: { 'fd.sip': '127.0.0.1' },
  },
  {
    // The responder's own are no connections.
    time: '2026-11-22T08:03:00Z',
    labels: { ...LABELS, rule: 'Pod is quarantined', source: 'falco-egress' },
    fields: SHOP,
  },
]);

const binary = lokiBinary();
if (binary === undefined)
  console.warn('skipped: there is no Loki; node tools/loki/build.mjs builds it, in about six minutes');
const withLoki = binary === undefined ? test.skip : test;
let loki: Loki;

const ALL = { cluster: '.*', namespace: '.*', rule: '.+', contains: '' };

/** What Grafana's format `percentencode` makes of a text. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A query with the variables of a dashboard as Grafana fills them in. */
function filledIn(expr: string, values: Readonly<Record<string, string>> = {}): string {
  return Object.entries({ ...ALL, ...values }).reduce(
    (text, [name, value]) =>
      text.replaceAll(`\${${name}:percentencode}`, encoded(value)).replaceAll(`$${name}`, value),
    expr,
  );
}

interface Result {
  readonly result: readonly {
    readonly metric?: Readonly<Record<string, string>>;
    readonly stream?: Readonly<Record<string, string>>;
    readonly value?: readonly [number, string];
    readonly values?: readonly (readonly [number | string, string])[];
  }[];
}

async function ask<Data>(path: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
  const url = new URL(`/loki/api/v1/${path}`, loki.url);
  url.search = new URLSearchParams(parameters).toString();
  const answer = await fetch(url, { headers: { 'X-Scope-OrgID': TENANT } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
  return (JSON.parse(text) as { data: Data }).data;
}

interface RowsOptions {
  readonly range?: boolean;
  /** When an instant query is asked. */
  readonly time?: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** `values of labels: number` of each row, or of each point of a series; sorted. */
async function rowsOf(
  expr: string,
  { range = false, time = NOW, values }: RowsOptions = {},
): Promise<string[]> {
  const query = filledIn(expr, values);
  const { result } = range
    ? await ask<Result>('query_range', { query, start: START, end: NOW, step: '300' })
    : await ask<Result>('query', { query, time });
  return result
    .flatMap(({ metric, stream, value, values: points = [] }) => {
      const labels = Object.entries(metric ?? {})
        .sort()
        .map(([, label]) => label);
      const numbers = value === undefined ? points : [value];
      return stream === undefined
        ? numbers.map(([, count]) => `${labels.join(' ')}: ${count}`)
        : points.map(([, line]) => line);
    })
    .sort();
}

/** Waits until a query finds so many lines. */
async function stored(count: number): Promise<void> {
  const found = (): Promise<string[]> => rowsOf('sum(count_over_time({rule=~".+"}[48h]))');
  await loki.flush();
  await waitUntil(
    async () => (await found()).join() === `: ${count}`,
    30_000,
    async () => new Error(`Loki was sent ${count} lines and gives ${(await found()).join()}`),
  );
}

beforeAll(async () => {
  if (binary === undefined) return;
  loki = await Loki.start(binary);
  expect(RECORDED).toHaveLength(CASES.length);
  for (const { request } of RECORDED) expect(await loki.post(request.path, TENANT, request.body)).toBe('');
  expect(await loki.post('/otlp/v1/logs', TENANT, JSON.stringify(COLLECTED))).toBe('');
  await stored(11);
});

afterAll(async () => {
  if (binary !== undefined) await loki.stop();
});

const QUERIES = dashboardQueries('loki').map((query) => ({
  ...query,
  title: query.place.replace(/^.*: /, ''),
}));

/** The rows of each panel. */
async function panels(values: Readonly<Record<string, string>> = {}): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { title, expr, range } of QUERIES) found[title] = await rowsOf(expr, { range, values });
  return found;
}

withLoki('each query gives the rows of what is stored', async () => {
  expect(await panels()).toEqual({
    'Canaries that Loki has': ['prod node-2: 0.2'],
    Connections: [': 24'],
    Namespaces: [': 3'],
    Addresses: [': 6'],
    'By namespace': [': 3', 'odd: 1', 'shop: 18', 'testkatz: 2'],
    'By rule': [
      'Connection to vistatech.it: 1',
      'OUTBOUND_CORP: 3',
      'Outbound: 19',
      'kubernetes outbound connection: 1',
    ],
    Workloads: [' : 3', 'odd odd-0: 1', 'shop cart-0: 18', 'testkatz nginx: 2'],
    Destinations: [
      '10.77.0.2 8080: 2',
      '192.0.2.9 22: 1',
      '203.0.113.7 443: 1',
      '213.215.222.58 443: 18',
      'fd77::2 8080: 1',
      'fd77::9 8443: 1',
    ],
    'New destinations': ['10.77.0.2: 2', '192.0.2.9: 1', '213.215.222.58: 18', 'fd77::2: 1', 'fd77::9: 1'],
    Processes: [
      ' curl : 1',
      ' flkcase : 2',
      `odd ${ODD} odd-0: 1`,
      'shop java cart-0: 18',
      'testkatz curl nginx: 2',
    ],
    Ports: ['22: 1', '443: 19', '8080: 3', '8443: 1'],
    'Last alerts': [
      expect.stringMatching(/^07:41:15\.744381641: Warning Outbound connection from pod \(proc=curl /),
      expect.stringMatching(/^07:41:26\.879664551: Critical Connection to vistatech\.it \(ns=testkatz /),
      expect.stringContaining('corp case=tcp4-ok '),
      expect.stringContaining('corp case=tcp6-ok '),
      expect.stringContaining('corp case=curl-http '),
      'Outbound (pod=cart-0 asked=fd77::9:8443)',
      `Outbound (pod=odd-0 proc=${ODD})`,
      'Outbound: java in shop/cart-0 to 213.215.222.58:443, 17 times',
    ],
  });
});

withLoki.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['one namespace of the collector', { namespace: 'shop' }, ['213.215.222.58 443: 17', 'fd77::9 8443: 1']],
  [
    'one namespace of falcosidekick',
    { namespace: 'testkatz' },
    ['203.0.113.7 443: 1', '213.215.222.58 443: 1'],
  ],
  [
    'two namespaces',
    { namespace: '(shop|testkatz)' },
    ['203.0.113.7 443: 1', '213.215.222.58 443: 18', 'fd77::9 8443: 1'],
  ],
  ['one cluster', { cluster: 'prod' }, ['192.0.2.9 22: 1', '213.215.222.58 443: 17', 'fd77::9 8443: 1']],
  ['one rule', { rule: 'Connection to vistatech\\\\.it' }, ['213.215.222.58 443: 1']],
  ['an address, in the line or beside it', { contains: '213.215.222.58' }, ['213.215.222.58 443: 18']],
  ['no text that is not there', { contains: 'a`b' }, []],
  ['what a query could take for its own', { contains: ODD }, ['192.0.2.9 22: 1']],
  ['a Pod that is only told of beside the line', { contains: 'shop/cart-0 to' }, ['213.215.222.58 443: 17']],
])('the variables choose %s', async (_, values, expected) => {
  const { Destinations: destinations } = await panels(values);
  expect(destinations).toEqual(expected);
});

/** The values of the variables to which a cell of a row leads. */
function led(title: string, column: string, row: Readonly<Record<string, string>>): Record<string, string> {
  const panel = dashboards.flatMap((each) => each.panels).find((each) => each.title === title);
  const of = panel?.fieldConfig?.overrides?.find(({ matcher }) => matcher.options === column);
  const template = of?.properties.find(({ id }) => id === 'links')?.value[0]?.url ?? '';
  const kept: Readonly<Record<string, string>> = { ...ALL, cluster: 'prod' };
  const url = template
    .replaceAll(/\$\{__data\.fields\.(\w+):percentencode\}/g, (_, name: string) => encoded(row[name] ?? '?'))
    .replaceAll(/\$\{(\w+):queryparam\}/g, (_, name: string) => `var-${name}=${encoded(kept[name] ?? '')}`)
    .replace('${__url_time_range}', 'from=1&to=2');
  const { pathname, searchParams } = new URL(url, 'http://grafana');
  expect([pathname, searchParams.get('from')]).toEqual(['/d/falco-egress-connections', '1']);
  return Object.fromEntries(Object.keys(ALL).map((name) => [name, searchParams.get(`var-${name}`) ?? '']));
}

withLoki('cells lead to the connections of what they name, in the cluster that was chosen', async () => {
  const workload = { namespace: 'shop', workload: 'cart-0' };
  const process = { namespace: 'odd', workload: 'odd-0', process: ODD };
  const destination = { destination: '213.215.222.58', port: '443' };
  const destinations = async (values: Record<string, string>) => (await panels(values))['Destinations'];
  expect(await destinations(led('Workloads', 'workload', workload))).toEqual([
    '213.215.222.58 443: 17',
    'fd77::9 8443: 1',
  ]);
  expect(await destinations(led('Processes', 'process', process))).toEqual(['192.0.2.9 22: 1']);
  expect(await destinations(led('Processes', 'workload', process))).toEqual(['192.0.2.9 22: 1']);
  for (const title of ['Destinations', 'New destinations'])
    expect((await panels(led(title, 'destination', destination)))['Workloads']).toEqual(['shop cart-0: 17']);
});

withLoki('the rule of docs/coverage.md for a ruler tells of a node that Loki hears of no more', async () => {
  const page = readFileSync(resolve(__dirname, '../../../docs/coverage.md'), 'utf8');
  const [, text = ''] = /```yml\n(groups:[^]*?)```/.exec(page) ?? [];
  const { groups } = parse(text) as { groups: { rules: { expr: string }[] }[] };
  const expr = groups[0]?.rules[0]?.expr ?? '';
  expect(await rowsOf(expr, { time: '2026-11-22T08:10:00Z' })).toEqual([]);
  expect(await rowsOf(expr)).toEqual(['prod node-2: 1']);
});

withLoki('the variables offer what is there', async () => {
  const { templating } = dashboards.find(({ uid }) => uid === 'falco-egress-connections') ?? {};
  const offered: Record<string, unknown> = {};
  for (const { name, query } of templating?.list ?? [])
    if (typeof query === 'object')
      for (const stored of ['namespace', 'k8s_ns_name']) {
        const label = query.label.replace('${stored}', stored);
        offered[`${name} of ${label}`] = await ask<string[]>(`label/${label}/values`, {
          start: START,
          end: NOW,
        });
      }
  expect(offered).toEqual({
    'cluster of cluster': ['demo', 'prod'],
    'namespace of namespace': ['odd', 'shop'],
    'namespace of k8s_ns_name': ['testkatz'],
    'rule of rule': [
      CANARY_RULE,
      'Connection to vistatech.it',
      'OUTBOUND_CORP',
      'Outbound',
      'Pod is quarantined',
      'kubernetes outbound connection',
    ],
  });
});

withLoki(
  'more destinations than the series that Loki gives by default, once its limit is raised',
  async () => {
    const lines = Array.from({ length: 700 }, (_, index) => ({
      time: '2026-11-22T08:04:00Z',
      labels: { ...LABELS, namespace: 'crawler', rule: 'Outbound' },
      fields: { 'k8s.ns.name': 'crawler', 'fd.sip': `198.51.${index >> 8}.${index & 255}`, 'fd.sport': 443 },
    }));
    expect(await loki.post('/otlp/v1/logs', TENANT, JSON.stringify(collected(lines)))).toBe('');
    await stored(711);
    const found = await panels({ namespace: 'crawler' });
    expect(found).toMatchObject({ Addresses: [': 700'], Connections: [': 700'], Ports: ['443: 700'] });
    expect([found['Destinations']?.length, found['New destinations']?.length]).toEqual([25, 700]);
  },
);
