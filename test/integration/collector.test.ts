import { load } from 'js-yaml';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { collectorBehind, collectorLoses } from '../../lib/observability/alerts/collector';
import { imagesDefaults } from '../../lib/settings/images';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { certificateAuthority } from '../responder/certificates';
import { deployedContainer, startDeployed } from './collector/deployed';
import { FakeResponder } from './collector/fake-responder';
import { NodeDirectories } from './collector/node';
import { otelcolBinary, type Otelcol } from './collector/otelcol';
import { freePorts } from './control-plane/free-ports';
import { waitUntil } from './control-plane/wait';

jest.setTimeout(90_000);

let binary = '';
let node: NodeDirectories;
let port = 0;
let responder: FakeResponder;
let collector: Otelcol | undefined;

beforeAll(async () => {
  binary = await otelcolBinary();
}, 900_000);

const WATCHED = { cluster: 'prod-eu-1', name: 'falco-egress', runbooks: '' };

beforeEach(async () => {
  node = new NodeDirectories();
  node.writeToken('token-1');
  [port = 0] = await freePorts(1);
  responder = await FakeResponder.start(port);
});

afterEach(async () => {
  await collector?.stop('SIGKILL');
  collector = undefined;
  await responder.stop();
  node.remove();
});

/** Starts the Collector beside the responder. */
async function start(props: Partial<FalcoEgressProps> = {}): Promise<Otelcol> {
  collector = await startDeployed({ binary, node, responderPort: port }, props);
  return collector;
}

/** Alerts as Falco prints them; the integer is more than a double can hold. */
function alerts(from: number, count: number, filler = ''): string[] {
  return Array.from(
    { length: count },
    (_, index) =>
      `{"hostname":"node-1","output":"10:00:00.000000001: Warning Connection to vistatech.it (n=${from + index} ${filler})",` +
      `"output_fields":{"evt.time":1795333275744381641,"fd.sip":"213.215.222.58","k8s.ns.name":"demo","n":${from + index}},` +
      `"priority":"Warning","rule":"Connection to vistatech.it","source":"syscall","tags":["network"],"time":"2026-08-01T10:00:00.000000001Z"}`,
  );
}

async function arrived(expected: readonly string[], timeoutMs = 30_000): Promise<void> {
  const missing = (): string[] => {
    const there = responder.alerts();
    return expected.filter((alert) => !there.has(alert));
  };
  await waitUntil(
    () => Promise.resolve(missing().length === 0),
    timeoutMs,
    () =>
      new Error(
        `${missing().length} of ${expected.length} alerts did not arrive, such as ${missing()[0] ?? ''}\n${collector?.log().slice(-4000) ?? ''}`,
      ),
  );
}

test('the Collector that is tested is the one that is deployed', () => {
  const goMod = readFileSync(join(__dirname, '../../tools/otelcol/go.mod'), 'utf8');
  expect(goMod).toContain(`/receiver/filelogreceiver v${imagesDefaults.collector.tag}\n`);
});

test('it takes the configuration without a warning', async () => {
  const { log } = await start().then((running) => ({ log: running.log() }));
  const lines = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { level: string; msg: string });
  expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
  expect(load(deployedContainer().config)).toMatchObject({ service: { pipelines: { logs: {} } } });
});

test('an alert arrives within a second, byte for byte, with the token, the node and the cluster', async () => {
  await start();
  const [alert = ''] = alerts(0, 1);
  const written = Date.now();
  node.log().stdout(alert);
  await arrived([alert]);
  expect(Date.now() - written).toBeLessThan(1_000);
  expect(responder.arrivals).toEqual([
    {
      alert,
      timeUnixNano: expect.stringMatching(/^17\d+456789$/) as string,
      authorization: 'Bearer token-1',
      resource: { 'service.name': 'falco', 'k8s.node.name': 'node-1', 'k8s.cluster.name': 'prod-eu-1' },
    },
  ]);
  expect(responder.requests[0]).toMatchObject({ path: '/v1/logs', contentType: 'application/json' });
});

test("only alerts arrive: not Falco's own messages, not other Pods and containers", async () => {
  await start();
  const [first = '', forged = '', last = ''] = alerts(0, 3);
  const log = node.log();
  log.stderr('Sat Aug  1 10:00:00 2026: Falco version: 0.44.1 (x86_64)', forged);
  log.stdout('Opening event source', '{"not":"an alert"}', first);
  log.write('not a record at all\n\n');
  node.log('demo_nginx-6799fc88d8-996gz_0a', 'nginx').stdout(forged);
  node.log('falco_falco-egress-collector-abcde_0b', 'collector').stdout(forged);
  node.log('falco_falco-egress-falco-x7k2p_0c', 'rules-guard').stdout(forged);
  log.stdout(last);
  await arrived([first, last]);
  await sleep(500);
  expect(responder.arrivals.map(({ alert }) => alert)).toEqual([first, last]);
});

test('alerts of an older Falco, whose fields come last, arrive each by itself', async () => {
  await start({ falco: { install: false } });
  const older = alerts(0, 300).map((alert) => {
    const { output_fields: _, ...rest } = JSON.parse(alert) as Record<string, unknown>;
    const fields = /"output_fields":\{[^}]*\}/.exec(alert)?.[0] ?? '';
    return `${JSON.stringify(rest).slice(0, -1)},${fields}}`;
  });
  const sorted = alerts(300, 300, 'x'.repeat(20));
  const pod = node.log('falco_falco-abcde_0d');
  pod.stdout(...older, ...sorted);
  pod.stderr('Falco says something');
  await arrived([...older, ...sorted]);
  expect(responder.arrivals).toHaveLength(600);
});

test('what the responder cannot store waits until it can', async () => {
  responder.status = 503;
  await start();
  const waiting = alerts(0, 500);
  node.log().stdout(...waiting);
  await waitUntil(
    () => Promise.resolve(responder.requests.length > 3),
    20_000,
    () => new Error('no request'),
  );
  expect(responder.arrivals).toEqual([]);
  responder.status = 200;
  await arrived(waiting);
});

test('alerts outlive an absent responder, and the end of the Collector', async () => {
  await responder.stop();
  await start();
  const log = node.log();
  const waiting = alerts(0, 300);
  log.stdout(...waiting.slice(0, 100));
  await sleep(1_000);
  await collector?.stop('SIGTERM');
  log.stdout(...waiting.slice(100, 200));
  await start();
  await sleep(1_000);
  await collector?.stop('SIGKILL');
  log.stdout(...waiting.slice(200));
  responder = await FakeResponder.start(port);
  await start();
  await arrived(waiting);
});

test('killed again and again in a stream of alerts, it loses none', async () => {
  const log = node.log();
  const stream = alerts(0, 3_000);
  await start();
  for (let at = 0; at < stream.length; at += 25) {
    log.stdout(...stream.slice(at, at + 25));
    await sleep(15);
    if (at > 0 && at % 500 === 0) {
      await collector?.stop('SIGKILL');
      await start();
    }
  }
  await arrived(stream);
});

test('a long alert in parts is one alert, though messages come between and the Collector is killed', async () => {
  await start();
  const [long = ''] = alerts(0, 1, 'x'.repeat(40_000));
  const log = node.log();
  log.part(long.slice(0, 16_384));
  log.stderr('a message of Falco');
  log.part(long.slice(16_384, 32_768));
  await sleep(1_000);
  await collector?.stop('SIGKILL');
  await start();
  await sleep(1_000);
  log.stdout(long.slice(32_768));
  const [next = ''] = alerts(1, 1);
  log.stdout(next);
  await arrived([long, next]);
  expect(responder.alerts().size).toBe(2);
});

test('a long alert is one alert wherever it is cut, and what comes after it another', async () => {
  const log = node.log();
  const all = alerts(0, 8);
  for (const [index, alert] of all.entries()) {
    // Of the last, the end of the line stands alone.
    const cut = alert.length - (all.length - 1 - index);
    log.part(alert.slice(0, cut));
    log.stdout(alert.slice(cut));
  }
  const [next = ''] = alerts(all.length, 1);
  log.stdout('Closing event source', '{"not":"an alert"}', next);
  await start();
  await arrived([...all, next]);
  expect(responder.arrivals.map(({ alert }) => alert)).toEqual([...all, next]);
});

test('half a line is not read before its end', async () => {
  await start();
  const [alert = ''] = alerts(0, 1);
  const log = node.log();
  log.write(`2026-08-01T10:00:00.123456789Z stdout F ${alert.slice(0, 50)}`);
  await sleep(1_000);
  log.write(`${alert.slice(50)}\n`);
  await arrived([alert]);
  expect(responder.arrivals).toHaveLength(1);
});

test('a log that is rotated is read to its end, also while the Collector is away', async () => {
  await start();
  const log = node.log();
  const lines = alerts(0, 400);
  log.stdout(...lines.slice(0, 100));
  await arrived(lines.slice(0, 100));
  await collector?.stop();
  log.stdout(...lines.slice(100, 200));
  log.rotate();
  log.stdout(...lines.slice(200, 300));
  await start();
  await arrived(lines.slice(0, 300));
  log.stdout(...lines.slice(300));
  await arrived(lines);
  expect(responder.arrivals).toHaveLength(lines.length);
});

test('a renewed token is shown at once, also the second time', async () => {
  await start();
  const log = node.log();
  for (const [index, alert] of alerts(0, 3).entries()) {
    if (index > 0) node.writeToken(`token-${index + 1}`);
    await sleep(500);
    log.stdout(alert);
    await arrived([alert]);
  }
  expect(responder.arrivals.map(({ authorization }) => authorization)).toEqual([
    'Bearer token-1',
    'Bearer token-2',
    'Bearer token-3',
  ]);
});

test('a backlog comes in requests of a bounded size', async () => {
  const lines = alerts(0, 4_000, 'y'.repeat(2_000));
  node.log().stdout(...lines);
  await start();
  await arrived(lines, 60_000);
  const largest = Math.max(...responder.requests.map(({ bytes }) => bytes));
  expect(largest).toBeLessThan(4 * 1024 * 1024);
});

test('what the responder refuses for good is counted, by the metrics that the alerts about the collector read', async () => {
  responder.status = 400;
  await start();
  node.log().stdout(...alerts(0, 3));
  const series = (name: string): RegExp => new RegExp(`^${name}\\{.*exporter="otlp_http".*\\} (\\S+)$`, 'm');
  const refused = series('otelcol_exporter_send_failed_log_records');
  await waitUntil(
    async () => refused.exec((await collector?.metrics()) ?? '')?.[1] === '3',
    30_000,
    () => new Error('nothing was counted'),
  );
  const metrics = (await collector?.metrics()) ?? '';
  expect(series('otelcol_exporter_queue_size').exec(metrics)?.[1]).toBe('0');
  expect(Number(series('otelcol_exporter_queue_capacity').exec(metrics)?.[1])).toBeGreaterThan(1_000_000);
  const alertsAbout = [collectorLoses, collectorBehind].map((rule) => rule(WATCHED).expr).join(' ');
  const read = new Set(alertsAbout.match(/otelcol_\w+/g));
  expect([...read].filter((name) => !series(name).test(metrics))).toEqual([]);
});

test('with certificates it shows its own, and trusts the authority of the stack alone', async () => {
  await responder.stop();
  const authority = certificateAuthority('stack');
  const own = authority.issue('collector');
  const server = authority.issue('responder');
  const tls = { cert: server.certificate, key: server.key, ca: authority.certificate };
  writeFileSync(join(node.tls, 'ca.crt'), authority.certificate);
  writeFileSync(join(node.tls, 'tls.crt'), own.certificate);
  writeFileSync(join(node.tls, 'tls.key'), own.key);
  const [first = '', second = ''] = alerts(0, 2);
  const log = node.log();

  const stranger = certificateAuthority('stranger').issue('responder');
  responder = await FakeResponder.start(port, { cert: stranger.certificate, key: stranger.key });
  await start({ tls: { issuer: 'certManager' } });
  log.stdout(first);
  await sleep(2_000);
  expect(responder.requests).toEqual([]);
  await responder.stop();

  responder = await FakeResponder.start(port, {
    ...tls,
    requestCert: true,
    rejectUnauthorized: true,
  });
  log.stdout(second);
  await arrived([first, second]);
});

test('stopped while its queue is full, it loses the batch in its hands at most (docs/collector.md)', async () => {
  responder.status = 503;
  const small = { collector: { enabled: true, queueBytes: 1024 * 1024 } };
  await start(small);
  const lines = alerts(0, 8_000, 'z'.repeat(500));
  node.log().stdout(...lines);
  await sleep(3_000);
  await collector?.stop('SIGTERM');
  responder.status = 200;
  await start(small);
  await arrived(lines.slice(-1));
  await waitUntil(
    () => Promise.resolve(responder.alerts().size >= lines.length - 100),
    30_000,
    () => new Error(`${lines.length - responder.alerts().size} alerts did not arrive`),
  );
});
