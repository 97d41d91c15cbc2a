import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { PrivacySettings } from '../../../lib/settings/privacy';
import { plantedAlerts, SECRET } from '../../privacy/planted';
import { formsWith, toldOf } from '../../privacy/told';
import { startDeployed } from '../collector/deployed';
import { NodeDirectories } from '../collector/node';
import { otelcolBinary } from '../collector/otelcol';
import { waitUntil } from '../control-plane/wait';
import { Loki, lokiBinary } from './loki';

/*
 * A secret in command lines of every process: whether it comes into a real Loki, by the deployed collector or as falcosidekick pushes,
 * and what who, report and advise tell of a Loki that has it.
 */

jest.setTimeout(120_000);

const SETTINGS = ['never', 'redacted', 'full'] as const satisfies readonly PrivacySettings['commandLine'][];
type Setting = (typeof SETTINGS)[number];
/** Who stores alerts, the address that those are about, and what only their streams have. */
const WAYS = [
  { way: 'the collector', address: '203.0.113.7', label: '"namespace":"shop"' },
  { way: 'falcosidekick', address: '203.0.113.8', label: '"k8s_ns_name":"shop"' },
] as const;
const [COLLECTOR, SIDEKICK] = WAYS;
const CLUSTER = 'prod-eu-1';

const binary = lokiBinary();
if (binary === undefined)
  console.warn('skipped: there is no Loki; node tools/loki/build.mjs builds it, in about six minutes');
const withLoki = binary === undefined ? describe.skip : describe;

let loki: Loki;
const folder = mkdtempSync(join(tmpdir(), 'falco-egress-privacy-'));

/** Each alert that our rules make of the event, as Falco prints it. */
function alertsWith(setting: Setting, address: string): string[] {
  const time = new Date().toISOString();
  const fields = {
    ...{ 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart-0', 'container.id': '3db00b476ee2' },
    ...{ 'evt.type': 'connect', 'evt.res': 'SUCCESS', 'fd.l4proto': 'tcp', 'fd.cip': '10.244.1.7' },
    ...{ 'fd.sip': address, 'fd.sport': 443, 'fd.cport': 40_000, 'evt.arg.addr': `${address}:443` },
  };
  return plantedAlerts(setting, fields).map(({ output, output_fields, ...others }) => {
    const { priority, rule, tags } = others;
    const first = { hostname: 'node-1', output, output_fields };
    return JSON.stringify({ ...first, priority, rule, source: 'syscall', tags, time });
  });
}

async function collect(setting: Setting): Promise<void> {
  const node = new NodeDirectories();
  node.writeToken('token');
  const now = new Date().toISOString();
  const lines = alertsWith(setting, COLLECTOR.address).map((alert) => `${now} stdout F ${alert}\n`);
  node.log().write(lines.join(''));
  const collector = await startDeployed(
    {
      binary: await otelcolBinary(),
      node,
      responderPort: 1,
      lokiPort: Number(loki.url.port),
      interval: '1s',
    },
    {
      ...{ egress: { record: { enabled: true } }, sidekickUi: { enabled: false } },
      responder: { enabled: false },
      cluster: CLUSTER,
      collector: { enabled: true, loki: { url: 'http://loki.example.org', tenant: setting } },
    },
  );
  try {
    await waitUntil(
      async () => rulesOf(await stored(setting, COLLECTOR.label)).size === RULES,
      30_000,
      () => new Error(collector.log().slice(-2000)),
    );
  } finally {
    await collector.stop('SIGKILL');
    node.remove();
  }
}

const RULES = plantedAlerts('never').length;

/** As falcosidekick was recorded to push: the whole alert as the line, few of its fields as labels. */
async function push(setting: Setting): Promise<void> {
  const streams = alertsWith(setting, SIDEKICK.address).map((line) => {
    const { rule, priority, source, tags } = JSON.parse(line) as Record<string, string | string[]>;
    const labels = { rule, priority, source, hostname: 'node-1', tags: String(tags), cluster: CLUSTER };
    return {
      stream: { ...labels, k8s_ns_name: 'shop', k8s_pod_name: 'cart-0' },
      values: [[String(BigInt(Date.now()) * 1_000_000n), line]],
    };
  });
  expect(await loki.post('/loki/api/v1/push', setting, JSON.stringify({ streams }))).toBe('');
}

/** The streams of a tenant that have a label: all that Loki holds of each, what stands beside its lines as well. */
async function stored(tenant: string, label: string): Promise<{ rule: string; text: string }[]> {
  const url = new URL('/loki/api/v1/query_range', loki.url);
  url.search = new URLSearchParams({ query: '{rule=~".+"}', limit: '1000' }).toString();
  const answer = await fetch(url, { headers: { 'X-Scope-OrgID': tenant } });
  const { data } = (await answer.json()) as { data: { result: { stream: Record<string, string> }[] } };
  return data.result
    .map((each) => ({ rule: each.stream['rule'] ?? '', text: JSON.stringify(each) }))
    .filter(({ text }) => text.includes(label));
}

function rulesOf(streams: readonly { readonly rule: string }[]): Set<string> {
  return new Set(streams.map(({ rule }) => rule));
}

beforeAll(async () => {
  if (binary === undefined) return;
  loki = await Loki.start(binary);
  await Promise.all(SETTINGS.flatMap((setting) => [collect(setting), push(setting)]));
}, 900_000);

afterAll(async () => {
  if (binary !== undefined) await loki.stop();
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  delete process.env['LOKI_ORG_ID'];
});

withLoki('command lines with a secret, in Loki', () => {
  test.each(SETTINGS.flatMap((setting) => WAYS.map((way) => ({ ...way, setting }))))(
    'with $setting, by $way',
    async ({ setting, label }) => {
      const streams = await stored(setting, label);
      expect(rulesOf(streams).size).toBe(RULES);
      const telling = streams.filter(({ text }) => text.includes(SECRET));
      expect(telling).toHaveLength(setting === 'full' ? streams.length : 0);
    },
  );

  test('of a Loki that has them, who, report and advise tell the program and not what it was told', async () => {
    process.env['LOKI_ORG_ID'] = 'full';
    const told = await toldOf(join(folder, 'told'), '203.0.113.0/28', [
      '--loki',
      loki.url.href,
      '--since',
      '1h',
    ]);
    expect(formsWith(told, SECRET)).toEqual([]);
    const about = [...told.keys()].filter((form) => !/^runReport|SHA256SUMS/.test(form));
    for (const { address } of WAYS) expect(formsWith(told, address)).toEqual(expect.arrayContaining(about));
    const connections = about.filter((form) => !form.startsWith('runAdvise'));
    expect(formsWith(told, 'curl')).toEqual(expect.arrayContaining(connections));
  });
});
