import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { runWho } from '../../../lib/cli/who/who';
import { alertStreams } from '../../../lib/observability/egress-stream';
import { startDeployed } from '../collector/deployed';
import { Gate } from '../collector/gate';
import { NodeDirectories } from '../collector/node';
import { otelcolBinary, type Otelcol } from '../collector/otelcol';
import { freePorts } from '../control-plane/free-ports';
import { waitUntil } from '../control-plane/wait';
import { Connections } from './connections';
import { Loki, lokiBinary } from './loki';

jest.setTimeout(300_000);

const TENANT = 'collected';
const PROPS = {
  egress: { record: { enabled: true } },
  sidekickUi: { enabled: false },
  responder: { enabled: false },
  collector: { enabled: true, loki: { url: 'http://loki.example.org', tenant: TENANT } },
};

const binary = lokiBinary();
if (binary === undefined)
  console.warn('skipped: there is no Loki; node tools/loki/build.mjs builds it, in about six minutes');
const withLoki = binary === undefined ? test.skip : test;

let otelcol = '';
let loki: Loki;
let node: NodeDirectories;
let gate: Gate;
let collector: Otelcol | undefined;

beforeAll(async () => {
  if (binary === undefined) return;
  [loki, otelcol] = await Promise.all([Loki.start(binary), otelcolBinary()]);
}, 900_000);

beforeEach(async () => {
  node = new NodeDirectories();
  node.writeToken('token');
  const [port = 0] = await freePorts(1);
  gate = new Gate(port, binary === undefined ? 0 : Number(loki.url.port));
});

afterEach(async () => {
  await collector?.stop('SIGKILL');
  await gate.shut();
  node.remove();
  delete process.env['LOKI_ORG_ID'];
});

afterAll(async () => {
  if (binary !== undefined) await loki.stop();
});

async function start(): Promise<void> {
  collector = await startDeployed({ binary: otelcol, node, responderPort: 1, lokiPort: gate.port }, PROPS);
}

interface Row {
  readonly process: string;
  readonly destination: { readonly address: string; readonly port: number };
  readonly times: number;
  readonly first: string;
  readonly last: string;
  readonly rules: readonly string[];
}

/** Who connected to any of the addresses, by `falco-egress who`. */
async function rowsOf(network: string): Promise<readonly Row[]> {
  process.env['LOKI_ORG_ID'] = TENANT;
  let [out, error] = ['', ''];
  const streams = { out: (text: string) => (out += text), error: (text: string) => (error += text) };
  const code = await runWho([network, '--loki', loki.url.href, '--since', '2h', '--json'], streams);
  if (code !== 0) throw new Error(error);
  return (JSON.parse(out) as { rows: Row[] }).rows;
}

/** What Loki gives for a query of numbers, by one label. */
async function numbers(query: string, by: string): Promise<Record<string, number>> {
  const url = new URL('/loki/api/v1/query', loki.url);
  url.search = new URLSearchParams({ query }).toString();
  const answer = await fetch(url, { headers: { 'X-Scope-OrgID': TENANT } });
  const { data } = (await answer.json()) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  return Object.fromEntries(data.result.map(({ metric, value }) => [metric[by] ?? '', Number(value[1])]));
}

withLoki(
  'every connection is counted though Loki is away, the collector is killed and the log is rotated; alerts are single',
  async () => {
    const made = new Connections('203.0.113');
    const log = node.log();
    await gate.open();
    await start();
    log.write(made.records(2_000));
    log.write(made.alerts(20));
    // A name with what looks like keys, and a number beyond 2^53, which a source port does not keep apart.
    const odd = new Connections('198.51.100')
      .records(1)
      .replace('"proc.name":"curl"', String.raw`"proc.name":"a\":1795333275744381641,\"fd.cport\":"`)
      .replace('"proc.pid":1000', '"proc.pid":1000,"proc.ppid.ts":1795333275744381641');
    log.write(odd + odd.replace('"fd.cport":30000', '"fd.cport":30001'));
    await waitUntil(
      async () =>
        Object.keys(await numbers(`sum by (rule) (count_over_time(${alertStreams()}[1h]))`, 'rule')).length >
        1,
      30_000,
      () => new Error(collector?.log() ?? ''),
    );
    await gate.shut();
    log.write(made.records(2_000));
    log.rotate();
    log.write(made.records(2_000));
    log.write(made.alerts(20));
    await waitUntil(
      () => Promise.resolve(/refused/.test(collector?.log() ?? '')),
      30_000,
      () => new Error('Loki was not missed'),
    );
    log.write(made.records(1_000));
    // In the middle of its counting.
    await collector?.stop('SIGKILL');
    log.write(made.records(1_000));
    await start();
    await gate.open();
    log.write(made.records(500));
    let rows: readonly Row[] = [];
    const timesOf = (): number => rows.reduce((sum, { times }) => sum + times, 0);
    await waitUntil(
      async () => {
        rows = await rowsOf('203.0.113.0/24');
        return timesOf() >= made.count;
      },
      60_000,
      () => new Error(`${timesOf()} of ${made.count}\n${collector?.log().slice(-2000) ?? ''}`),
    );
    expect(
      rows.map(({ process, destination, times }) => `${process} ${destination.address} ${times}`).sort(),
    ).toEqual(made.expected());
    for (const { first, last } of rows)
      expect([first >= made.first, last <= made.last]).toEqual([true, true]);
    expect((await rowsOf('198.51.100.0/24')).map(({ process, times }) => [process, times])).toEqual([
      ['a":1795333275744381641,"fd.cport":', 2],
    ]);
    const stamp = 'output_fields_proc_ppid_ts';
    const stamps = await numbers(`sum by (${stamp}) (count_over_time(${alertStreams()}[1h]))`, stamp);
    expect(Object.keys(stamps).filter((value) => value !== '')).toEqual(['1795333275744381641']);
    const lines = await numbers(`sum by (rule) (count_over_time(${alertStreams()}[1h]))`, 'rule');
    expect(lines['Connection to vistatech.it']).toBe(40);
    expect(lines['kubernetes outbound connection record']).toBeLessThan(made.count / 10);
    const streams = await fetch(
      new URL(
        `/loki/api/v1/series?${new URLSearchParams({ 'match[]': alertStreams() }).toString()}`,
        loki.url,
      ),
      { headers: { 'X-Scope-OrgID': TENANT } },
    ).then((answer) => answer.json() as Promise<{ data: Record<string, string>[] }>);
    expect([...new Set(streams.data.flatMap((labels) => Object.keys(labels)))].sort()).toEqual([
      ...['cluster', 'namespace', 'priority', 'rule', 'service_name', 'source'],
    ]);
  },
);

withLoki(
  'who connects to ever other places is counted whole, within the memory that the collector has',
  async () => {
    const places = 15_000;
    const lines = new Connections('198.51.100').records(places).trim().split('\n');
    const scan = lines.map((line, at) =>
      line
        .replaceAll(/198\.51\.100\.\d+/g, `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`)
        .replace('/usr/bin/', `/opt/${'long/'.repeat(200)}`),
    );
    await gate.open();
    const small = { ...PROPS.collector, resources: { limits: { memory: '128Mi' } } };
    const here = { binary: otelcol, node, responderPort: 1, lokiPort: gate.port, interval: '5s' };
    const running = (collector = await startDeployed(here, { ...PROPS, collector: small }));
    let own = 0;
    const watch = setInterval(() => (own = Math.max(own, running.memory().own)), 20);
    try {
      node.log().write(`${scan.join('\n')}\n`);
      const stored = `${alertStreams()} | output_fields_fd_sip=~"10[.].*" | keep rule, log_count | unwrap log_count`;
      await waitUntil(
        async () => (await loki.number(TENANT, `sum(sum_over_time(${stored} [1h]))`)) >= places,
        60_000,
        () => new Error(running.log().slice(-3000)),
      );
      expect(await loki.number(TENANT, `sum(sum_over_time(${stored} [1h]))`)).toBe(places);
    } finally {
      clearInterval(watch);
    }
    // Whatever was read, all or none of which was for Loki.
    expect(running.log()).not.toContain('Dropping data');
    // It was about to take more.
    expect(running.log()).toMatch(/Forcing a GC|Refusing data/);
    expect(own / 2 ** 20).toBeLessThan(128);
  },
);

test('it tells Loki who it is', async () => {
  const told: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    told.push(request.headers.authorization, request.url, String(request.headers['x-scope-orgid']));
    request.resume();
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const credentials = { secret: 'grafana-cloud' };
    const props = { ...PROPS, collector: { enabled: true, loki: { ...PROPS.collector.loki, credentials } } };
    const lokiPort = (server.address() as AddressInfo).port;
    collector = await startDeployed(
      { binary: await otelcolBinary(), node, responderPort: 1, lokiPort },
      props,
    );
    node.log().write(new Connections('198.51.100').alerts(1));
    await waitUntil(
      () => Promise.resolve(told.length > 0),
      30_000,
      () => new Error(collector?.log() ?? ''),
    );
    const authorization = `Basic ${Buffer.from('123456:glc_key').toString('base64')}`;
    expect(told.slice(0, 3)).toEqual([authorization, '/otlp/v1/logs', TENANT]);
  } finally {
    server.close();
  }
});
