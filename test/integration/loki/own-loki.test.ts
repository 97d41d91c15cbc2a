import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';

import { runAdvise } from '../../../lib/cli/advise/advise';
import { runReport } from '../../../lib/cli/report/report';
import { runWho } from '../../../lib/cli/who/who';
import { AlertingRules } from '../../../lib/constructs/alerting-rules';
import { synthesize } from '../../constructs';
import { collected } from './collected';
import { Loki, lokiBinary } from './loki';
import { OWN_LOKI, ownLokiConfig } from './own-loki';

/*
 * The real Loki, run by exactly the configuration that the stack's manifests give it: only the directory and the ports are others, and
 * it listens on loopback. What of the command line asks Loki asks this one.
 */

jest.setTimeout(120_000);

const MINUTE = 60_000;
const NOW = Date.now();
const ago = (minutes: number): string => new Date(NOW - minutes * MINUTE).toISOString();
const FROM = ['--from', ago(20 * 60), '--to', ago(-1)];

const CART = { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart-0', 'k8s.pod.uid': 'cart-0-uid' };
const CONNECT = { 'proc.name': 'java', 'evt.type': 'connect', 'evt.res': 'SUCCESS', 'fd.l4proto': 'tcp' };
const LABELS = { source: 'syscall', namespace: 'shop', cluster: 'prod' };
const line = (minutes: number, priority: string, address: string, port: number) => ({
  time: ago(minutes),
  labels: { ...LABELS, priority, rule: `Outbound ${priority}` },
  fields: { ...CART, ...CONNECT, 'container.id': 'b1946ac92492', 'fd.sip': address, 'fd.sport': port },
});
const SENT = collected([
  line(1, 'Notice', '213.215.222.58', 443),
  // Hours older than the newest line of its stream, as after a node was cut off.
  line(11 * 60, 'Notice', '213.215.222.58', 443),
  line(2, 'Informational', '198.51.100.9', 8443),
]);

/** What the cluster has: the namespace, and the Pod that connected. */
const STATE = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...{ namespace: 'shop', name: 'cart-0', uid: 'cart-0-uid', labels: { app: 'cart' } },
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'cart', uid: 'cart-uid', controller: true },
        ],
      },
      spec: { containers: [{ name: 'cart', image: 'cart' }] },
      status: { phase: 'Running', podIP: '10.244.1.7' },
    },
  ],
};

const binary = lokiBinary();
if (binary === undefined)
  console.warn('skipped: there is no Loki; node tools/loki/build.mjs builds it, in about six minutes');
const withLoki = binary === undefined ? test.skip : test;

let loki: Loki;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-own-loki-'));
  if (binary === undefined) return;
  loki = await Loki.start(binary, (...here) => ownLokiConfig(OWN_LOKI, ...here));
  expect(await loki.post('/otlp/v1/logs', '', JSON.stringify(SENT))).toBe('');
});

afterAll(async () => {
  if (binary !== undefined) await loki.stop();
  rmSync(folder, { recursive: true });
});

/** What a command prints; asked of a Loki that has just taken the lines, and keeps them in memory. */
async function run(command: typeof runWho, ...args: string[]): Promise<string> {
  let [out, error] = ['', ''];
  const code = await command([...args, '--loki', loki.url.href, ...FROM], {
    out: (text) => (out += text),
    error: (text) => (error += text),
  });
  expect({ code, error: code === 0 ? '' : error + out }).toEqual({ code: 0, error: '' });
  return out;
}

withLoki('takes lines of a collector, late ones too, and gives them at once', async () => {
  const { rows } = JSON.parse(await run(runWho, '213.215.222.58', '--json')) as { rows: object[] };
  expect(rows).toEqual([expect.objectContaining({ namespace: 'shop', times: 2 })]);
});

withLoki('deletes what is too old: the record sooner than alerts, and would take a request to', async () => {
  const text = await (await fetch(new URL('/config', loki.url))).text();
  const { compactor, limits_config: limits } = load(text) as Record<string, Record<string, unknown>>;
  expect(compactor).toMatchObject({ retention_enabled: true, delete_request_store: 'filesystem' });
  expect(limits).toMatchObject({
    retention_period: '90d',
    retention_stream: [
      { period: '5w', priority: 1, selector: '{priority="Informational",rule!="Canary connection"}' },
    ],
  });
  // Answers only where the compactor deletes.
  expect((await fetch(new URL('/loki/api/v1/delete', loki.url))).status).toBe(200);
});

withLoki(
  'refuses what is later than it takes, and tells so in the series that the alerts ask for',
  async () => {
    const late = collected([line(13 * 60, 'Notice', '213.215.222.58', 443)]);
    expect(await loki.post('/otlp/v1/logs', '', JSON.stringify(late))).toMatch(/^400 .*too far behind/);
    const told = await (await fetch(new URL('/metrics', loki.url))).text();
    const rules = synthesize(
      (scope) =>
        new AlertingRules(scope, 'rules', { ...OWN_LOKI, monitoring: { rules: { form: 'configMap' } } }),
    );
    const asked = new Set(
      JSON.stringify(rules)
        .match(/\bloki_\w+/g)
        ?.filter((name) => !/api_v1/.test(name)),
    );
    expect([...asked].sort()).toEqual([
      'loki_ingester_wal_disk_usage_percent',
      'loki_request_duration_seconds_count',
    ]);
    for (const name of asked) expect(told).toMatch(new RegExp(`^${name}[ {]`, 'm'));
    expect(told).toMatch(
      /^loki_request_duration_seconds_count\{[^}]*route="otlp_v1_logs",status_code="400"[^}]*\} 1$/m,
    );
  },
);

withLoki('a report of it holds what was stored', async () => {
  const page = join(folder, 'report.html');
  const found = JSON.parse(await run(runReport, '--out', page, '--json')) as object;
  expect(found).toMatchObject({ partial: false });
  const html = readFileSync(page, 'utf8');
  for (const text of ['213.215.222.58', '198.51.100.9', 'StatefulSet/cart']) expect(html).toContain(text);
});

withLoki('and advice fits it', async () => {
  const state = join(folder, 'state.json');
  writeFileSync(state, JSON.stringify(STATE));
  const asked = ['--namespace', 'shop', '--cluster-state', state, '--json'];
  const found = JSON.parse(await run(runAdvise, ...asked)) as object;
  expect(found).toMatchObject({ partial: false });
  const text = JSON.stringify(found);
  for (const cidr of ['213.215.222.58/32', '198.51.100.9/32']) expect(text).toContain(cidr);
});
