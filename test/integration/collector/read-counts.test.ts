import { collectorMisses } from '../../../lib/observability/alerts/collector';
import { CANARY_RULE } from '../../../lib/names';
import { dashboardQueries } from '../../observability/queries';
import { freePorts } from '../control-plane/free-ports';
import { waitUntil } from '../control-plane/wait';
import { startDeployed } from './deployed';
import { FakeResponder } from './fake-responder';
import { NodeDirectories } from './node';
import { otelcolBinary, type Otelcol } from './otelcol';

/* What the collector counts as read is what Falco counts as raised: FalcoEgressCollectorMisses compares the two. */

jest.setTimeout(60_000);

let binary = '';
let node: NodeDirectories;
let responder: FakeResponder;
let port = 0;
let collector: Otelcol | undefined;

beforeAll(async () => {
  binary = await otelcolBinary();
  node = new NodeDirectories();
  node.writeToken('token-1');
  [port = 0] = await freePorts(1);
  responder = await FakeResponder.start(port);
}, 900_000);

afterAll(async () => {
  await collector?.stop('SIGKILL');
  await responder.stop();
  node.remove();
});

const alert = (rule: string, tag: string, filler = ''): string =>
  `{"hostname":"node-1","output":"10:00:00.000000001: Notice ${rule} (${filler})","output_fields":{"fd.sip":"213.215.222.58"},` +
  `"priority":"Notice","rule":"${rule}","source":"syscall","tags":["${tag}"],"time":"2026-08-01T10:00:00.000000001Z"}`;

/** A counter of the readers for Loki, by reader. */
async function counted(running: Otelcol, name: string): Promise<Record<string, number>> {
  const lines = (await running.metrics()).matchAll(new RegExp(`^${name}\\{([^}]*)\\} (\\S+)$`, 'gm'));
  return Object.fromEntries(
    [...lines].map(([, labels = '', value]) => [/receiver="([^"]*)"/.exec(labels)?.[1] ?? '', Number(value)]),
  );
}

test('each alert counts as one that is read: counted together later, in parts, or the canary', async () => {
  const log = node.log();
  // Alike, so that one line goes to Loki for all of them.
  log.stdout(...Array.from({ length: 40 }, () => alert('Outbound', 'record')));
  log.stderr('Sat Aug  1 10:00:00 2026: Falco says something', 'and something else');
  log.stdout('Opening event source', alert(CANARY_RULE, 'canary'));
  const long = alert('Connection to vistatech.it', 'network', 'x'.repeat(20_000));
  log.part(long.slice(0, 16_384));
  log.stdout(long.slice(16_384), alert('Outbound', 'record'), alert('Connection to vistatech.it', 'network'));

  // There is no Loki: what is read waits, and is read.
  const loki = { url: 'http://loki.example.org' };
  collector = await startDeployed(
    { binary, node, responderPort: port },
    { collector: { enabled: true, loki } },
  );
  const running = collector;
  const { expr } = collectorMisses({ cluster: 'prod', name: 'falco-egress', runbooks: '' });
  const [, name = '', readers = ''] = /(otelcol_\w+)\{[^}]*receiver=~"([^"]*)"/.exec(expr) ?? [];
  let last: Record<string, number> = {};
  await waitUntil(
    async () => {
      last = await counted(running, name);
      return Object.values(last).reduce((sum, value) => sum + value, 0) >= 43 + 44;
    },
    30_000,
    () => new Error(`${JSON.stringify(last)}\n${running.log().slice(-2000)}`),
  );
  expect(last).toEqual({ file_log: 43, 'file_log/alerts': 3, 'file_log/records': 41 });
  expect(Object.keys(last).filter((reader) => new RegExp(`^(?:${readers})$`).test(reader))).toHaveLength(2);

  // By these names the dashboard asks; what is refused for good, none of this is (collector.test.ts has that).
  const asked = dashboardQueries('prometheus').flatMap(({ expr }) => expr.match(/otelcol_\w+/g) ?? []);
  const names = [...new Set(asked)].filter((each) => !each.includes('send_failed'));
  expect(names.length).toBeGreaterThan(4);
  let missing = names;
  await waitUntil(
    async () => {
      const metrics = await running.metrics();
      missing = names.filter((each) => !metrics.includes(`\n${each}{`));
      return missing.length === 0;
    },
    30_000,
    () => new Error(`the collector has no ${missing.join(', ')}`),
  );
});
