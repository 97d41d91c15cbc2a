/**
 * Whether every connection is in Loki after all that goes wrong at once: 1,000 connections a second, Loki away for two minutes,
 * meanwhile the log rotated and the collector killed. The deployed configuration, counted by the minute; it takes four minutes.
 *
 *     npm run bench:collector-outage [-- CONNECTIONS_A_SECOND SECONDS_AWAY]
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { runWho } from '../lib/cli/who/who';
import { alertStreams, COUNT } from '../lib/observability/egress-stream';
import { startDeployed } from '../test/integration/collector/deployed';
import { Gate } from '../test/integration/collector/gate';
import { NodeDirectories } from '../test/integration/collector/node';
import { otelcolBinary } from '../test/integration/collector/otelcol';
import { freePorts } from '../test/integration/control-plane/free-ports';
import { waitUntil } from '../test/integration/control-plane/wait';
import { Connections } from '../test/integration/loki/connections';
import { Loki, lokiBinary } from '../test/integration/loki/loki';

const TENANT = 'outage';
const NETWORK = '203.0.113';
const PROPS = {
  egress: { record: { enabled: true } },
  sidekickUi: { enabled: false },
  responder: { enabled: false },
  collector: { enabled: true, loki: { url: 'http://loki.example.org', tenant: TENANT } },
};

interface Row {
  readonly process: string;
  readonly destination: { readonly address: string };
  readonly times: number;
}

/** Process, address and number of all that `falco-egress who` finds. */
async function found(loki: Loki): Promise<string[]> {
  process.env['LOKI_ORG_ID'] = TENANT;
  let [out, error] = ['', ''];
  const streams = { out: (text: string) => (out += text), error: (text: string) => (error += text) };
  const args = [`${NETWORK}.0/24`, '--loki', loki.url.href, '--since', '2h', '--json'];
  if ((await runWho(args, streams)) !== 0) throw new Error(error);
  const { rows } = JSON.parse(out) as { rows: Row[] };
  return rows.map(({ process, destination, times }) => `${process} ${destination.address} ${times}`).sort();
}

async function main(): Promise<void> {
  const [perSecond, away] = [Number(process.argv[2] ?? 1_000), Number(process.argv[3] ?? 120)];
  const binary = lokiBinary();
  if (binary === undefined) throw new Error('there is no Loki: run node tools/loki/build.mjs');
  const [loki, otelcol] = [await Loki.start(binary), await otelcolBinary()];
  const node = new NodeDirectories();
  const [port = 0] = await freePorts(1);
  const gate = new Gate(port, Number(loki.url.port));
  const start = () =>
    startDeployed({ binary: otelcol, node, responderPort: 1, lokiPort: port, interval: '60s' }, PROPS);
  const made = new Connections(NETWORK);
  const log = node.log();
  const write = async (seconds: number): Promise<void> => {
    const began = performance.now();
    for (let tenth = 1; tenth <= seconds * 10; tenth++) {
      log.write(made.records(perSecond / 10));
      if (tenth % 10 === 0) log.write(made.alerts(1));
      await sleep(Math.max(0, began + tenth * 100 - performance.now()));
    }
  };
  await gate.open();
  let collector = await start();
  try {
    await write(15);
    await gate.shut();
    await write(away / 3);
    log.rotate();
    await write(away / 3);
    const cpu = collector.cpuSeconds();
    await collector.stop('SIGKILL');
    collector = await start();
    await write(away / 3);
    await gate.open();
    const opened = performance.now();
    await write(15);
    const expected = made.expected();
    let there: string[] = [];
    await waitUntil(
      async () => {
        await sleep(3_000);
        there = await found(loki);
        return JSON.stringify(there) === JSON.stringify(expected);
      },
      240_000,
      () =>
        new Error(
          `in Loki: ${there.join(', ')}\nmade: ${expected.join(', ')}\n${collector.log().slice(-2000)}`,
        ),
    );
    const seconds = Math.round((performance.now() - opened) / 1000);
    const lines = await loki.number(TENANT, `sum(count_over_time(${alertStreams()}[2h]))`);
    const told = await loki.number(TENANT, `sum(sum_over_time(${alertStreams()} | unwrap ${COUNT} [2h]))`);
    const alerts = await loki.number(
      TENANT,
      `sum(count_over_time(${alertStreams({ rule: 'Connection to vistatech.it' })}[2h]))`,
    );
    console.log(
      `${made.count.toLocaleString('en')} connections made, all of them found by who ${seconds} s after Loki was back; ` +
        `${lines.toLocaleString('en')} lines in Loki, which tell of ${told.toLocaleString('en')} and of ${alerts} alerts one by one; ` +
        `${(cpu + collector.cpuSeconds()).toFixed(1)} CPU-seconds of the collector`,
    );
  } finally {
    await collector.stop('SIGKILL');
    await gate.shut();
    await loki.stop();
    node.remove();
  }
}

void main();
