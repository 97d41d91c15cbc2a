/**
 * How fast the collector's durable path takes lines into a real Loki, how much memory it takes beside its limit in the manifests, and
 * how much Loki stores of them: connections as the record
 * tier has them, counted by the minute, beside the same as alerts, each a line.
 *
 *     npm run bench:collector-loki [-- CONNECTIONS]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { alertStreams, COUNT } from '../lib/observability/egress-stream';
import { RECORD_RULE } from '../lib/rules/library';
import { deployedContainer, startDeployed } from '../test/integration/collector/deployed';
import { NodeDirectories } from '../test/integration/collector/node';
import { otelcolBinary } from '../test/integration/collector/otelcol';
import { waitUntil } from '../test/integration/control-plane/wait';
import { Loki, lokiBinary } from '../test/integration/loki/loki';

const TENANT = 'bench';
const PODS = 30;
const DESTINATIONS = 8;
const MINUTES = 30;
const POD = 'falco_falco-egress-falco-x7k2p_6f1d2c4e-0a3b-4c5d-8e9f-001122334455';

/** Half an hour of one node: 30 Pods that reach 8 destinations each. */
function log(count: number, tags: readonly string[], priority: string): string {
  const begin = Date.now() - MINUTES * 60_000;
  const lines: string[] = [];
  for (let at = 0; at < count; at++) {
    // Pods and destinations in no order that a compressor could learn.
    const pod = (at * 7919) % PODS;
    const address = `198.51.${pod}.${((at * 104_729) >> 3) % DESTINATIONS}`;
    const milliseconds = begin + Math.floor((at * MINUTES * 60_000) / count);
    const time = new Date(milliseconds)
      .toISOString()
      .replace('Z', `${String(at % 1_000_000).padStart(6, '0')}Z`);
    const fields = {
      'container.id': `3db0${pod.toString(16).padStart(8, '0')}`,
      'container.image.digest': `sha256:${String(pod).padStart(64, 'a')}`,
      ...{ 'container.image.repository': 'example.org/shop/cart', 'container.image.tag': '1.27' },
      ...{ 'evt.arg.addr': `${address}:443`, 'evt.hostname': 'node-1', 'evt.res': 'EINPROGRESS' },
      ...{ 'evt.type': 'connect', 'fd.cip': `10.244.1.${pod}`, 'fd.cport': 32_768 + ((at * 31) % 28_000) },
      ...{ 'fd.l4proto': 'tcp', 'fd.sip': address, 'fd.sport': 443, 'k8s.ns.name': `team-${pod % 6}` },
      'k8s.pod.name': `cart-${pod}-6799fc88d8-996gz`,
      'k8s.pod.uid': `0c2f6a3e-7c1a-4a55-9d0e-2f1f6f3f7a${pod + 10}`,
      ...{ 'k8smeta.deployment.name': `cart-${pod}`, 'k8smeta.rs.name': `cart-${pod}-6799fc88d8` },
      ...{ 'proc.exepath': '/usr/bin/java', 'proc.name': 'java', 'proc.pid': 1000 + ((at * 13) % 30_000) },
      ...{ 'proc.pname': 'tini', 'user.name': 'app', 'user.uid': 1000 },
    };
    const said = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
    const alert = {
      ...{ hostname: 'node-1', output: `Outbound network traffic of a Pod: (${said.join(' ')})` },
      ...{ output_fields: fields, priority, rule: RECORD_RULE, source: 'syscall', tags, time },
    };
    lines.push(`${time} stdout F ${JSON.stringify(alert)}\n`);
  }
  return lines.join('');
}

async function measure(
  name: string,
  connections: number,
  text: string,
  query: string,
): Promise<{ perSecond: number; bytes: number }> {
  const binary = lokiBinary();
  if (binary === undefined) throw new Error('there is no Loki: run node tools/loki/build.mjs');
  const node = new NodeDirectories();
  const loki = await Loki.start(binary);
  try {
    node.writeToken('token');
    const folder = join(node.logs, POD, 'falco');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '0.log'), text);
    const began = performance.now();
    const collector = await startDeployed(
      { binary: await otelcolBinary(), node, responderPort: 1, lokiPort: Number(loki.url.port) },
      {
        ...{
          egress: { record: { enabled: true } },
          sidekickUi: { enabled: false },
          responder: { enabled: false },
        },
        collector: { enabled: true, loki: { url: 'http://loki.example.org', tenant: TENANT } },
      },
    );
    let own = 0;
    const watch = setInterval(() => (own = Math.max(own, collector.memory().own)), 50);
    try {
      await waitUntil(
        async () => {
          // Each question keeps Loki busy.
          await sleep(3_000);
          return (await loki.number(TENANT, query)) >= connections;
        },
        600_000,
        () => new Error(`not all came into Loki\n${collector.log().slice(-2000)}`),
      );
      const seconds = (performance.now() - began) / 1000;
      const cpu = collector.cpuSeconds();
      const { peak } = collector.memory();
      const lines = await loki.number(TENANT, `sum(count_over_time(${alertStreams()}[3h]))`);
      const bytes = await loki.storedBytes();
      const [perSecond, perCpuSecond] = [Math.round(connections / seconds), Math.round(connections / cpu)];
      const each = (1_000_000 * bytes) / connections / 1_000_000;
      console.log(
        `${name}: ${perSecond.toLocaleString('en')} lines/s, ${perCpuSecond.toLocaleString('en')} a CPU-second of the collector, ${lines.toLocaleString('en')} lines in Loki, ${each.toFixed(1)} MB in chunks per million connections`,
      );
      console.log(
        `${name}: at most ${mebibytes(peak)} of memory, ${mebibytes(own)} without pages of files, of a limit of ${deployedContainer().mebibytes} MiB`,
      );
      return { perSecond: perCpuSecond, bytes };
    } finally {
      clearInterval(watch);
      await collector.stop();
    }
  } finally {
    await loki.stop();
    node.remove();
  }
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

async function main(): Promise<void> {
  const connections = Number(process.argv[2] ?? 100_000);
  const stream = alertStreams();
  const counted = await measure(
    'record, counted by the minute',
    connections,
    log(connections, ['egress', 'network', 'record'], 'Informational'),
    `sum(sum_over_time(${stream} | unwrap ${COUNT} [3h]))`,
  );
  const single = await measure(
    'alerts, one by one',
    connections,
    log(connections, ['alert', 'egress', 'network'], 'Warning'),
    `sum(count_over_time(${stream}[3h]))`,
  );
  console.log(
    `${(counted.bytes / single.bytes).toFixed(3)} × the bytes, ${(counted.perSecond / single.perSecond).toFixed(2)} × the lines a CPU-second`,
  );
}

void main();
