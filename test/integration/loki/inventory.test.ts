import { join } from 'node:path';
import { runReport } from '../../../lib/cli/report/report';
import { runWho } from '../../../lib/cli/who/who';
import { printInventoryRecord, type InventoryRecord } from '../../../lib/inventory/record';
import { alertOf } from '../../../lib/responder/report/report';
import { alertLine } from '../../history/alert';
import { endpointAt, pictureAt, podAt, serviceAt } from '../../history/inventory/records';
import { startDeployed } from '../collector/deployed';
import { NodeDirectories } from '../collector/node';
import { otelcolBinary, type Otelcol } from '../collector/otelcol';
import { waitUntil } from '../control-plane/wait';
import { Loki, lokiBinary } from './loki';

jest.setTimeout(120_000);

const TENANT = 'inventory';
const PROPS = {
  sidekickUi: { enabled: false },
  responder: { inventory: { enabled: true } },
  collector: { enabled: true, loki: { url: 'http://loki.example.org', tenant: TENANT } },
};
const RESPONDER = 'falco-egress_falco-egress-responder-5d9c-x7k2p_0f1d2c4e-0a3b-4c5d-8e9f-001122334455';

const binary = lokiBinary();
if (binary === undefined)
  console.warn('skipped: there is no Loki; node tools/loki/build.mjs builds it, in about six minutes');
const withLoki = binary === undefined ? test.skip : test;

const node = new NodeDirectories();
let loki: Loki;
let collector: Otelcol;

beforeAll(async () => {
  if (binary === undefined) return;
  const [started, otelcol] = await Promise.all([Loki.start(binary), otelcolBinary()]);
  loki = started;
  node.writeToken('token');
  const lokiPort = Number(loki.url.port);
  collector = await startDeployed({ binary: otelcol, node, responderPort: 1, lokiPort }, PROPS);
  process.env['LOKI_ORG_ID'] = TENANT;
}, 900_000);

afterAll(async () => {
  delete process.env['LOKI_ORG_ID'];
  if (binary !== undefined) {
    await collector.stop('SIGKILL');
    await loki.stop();
  }
  node.remove();
});

const now = Date.now();
/** So many minutes ago. */
const ago = (minutes: number): string => new Date(now - 60_000 * minutes).toISOString();

const RECORDS = [
  podAt('web-5d-x', ago(50), {
    ...{ since: ago(50), owners: ['ReplicaSet/web-5d', 'Deployment/web'], ips: ['10.0.0.9'] },
    containers: ['aaaaaaaaaaaa'],
  }),
  podAt('cart-0', ago(40), { since: ago(50), owners: ['StatefulSet/cart'], ended: ago(40) }),
  podAt('other-x', ago(30), { since: ago(35), owners: ['Deployment/other'] }),
  serviceAt('cart', ago(50), { since: ago(90) }),
  endpointAt('db', ago(50), { since: ago(90), address: '10.200.0.7', ports: ['443/tcp'] }),
].map((record): InventoryRecord => ({ ...record, cluster: 'prod-eu-1' }));
/** Two days ago, in the last picture of a responder that has been away since. */
const EARLIER = [
  podAt('old-0', ago(2900), {
    ...{ since: ago(2950), owners: ['StatefulSet/old'], ips: ['10.0.0.77'], containers: ['dddddddddddd'] },
  }),
  pictureAt(ago(2900), { every: 3 * 86_400 }),
].map((record): InventoryRecord => ({ ...record, cluster: 'prod-eu-1' }));

async function storeEarlier(): Promise<void> {
  const nanoseconds = String(BigInt(Date.parse(ago(2900))) * 1_000_000n);
  const values = EARLIER.map((record) => [nanoseconds, printInventoryRecord(record)]);
  const streams = [{ stream: { source: 'inventory', cluster: 'prod-eu-1' }, values }];
  expect(await loki.post('/loki/api/v1/push', TENANT, JSON.stringify({ streams }))).toBe('');
  // What is not flushed it does not give of two days ago.
  await loki.flush();
}

const UNKNOWN = { 'k8s.ns.name': null, 'k8s.pod.name': null, 'container.id': 'aaaaaaaaaaaa' };
const to = (address: string, minutes: number, fields: object = {}): string =>
  alertLine(
    { 'fd.sip': address, 'evt.arg.addr': `${address}:443`, ...UNKNOWN, ...fields },
    { time: ago(minutes) },
  );

const QUARANTINED = alertOf(
  {
    ...{ reason: 'Contained', line: 'shop/web-5d-x is contained', about: 'a test' },
    ...{ rule: 'Connection to vistatech.it', response: 'isolate' },
    pod: { namespace: 'shop', name: 'web-5d-x', uid: 'uid-web-5d-x' },
  },
  new Date(now - 60_000 * 44),
  'prod-eu-1',
);

/** A line of a container's log, as the runtime writes it. */
const logged = (minutes: number, line: string): string => `${ago(minutes)} stdout F ${line}\n`;

interface Told {
  readonly rows: readonly {
    readonly namespace?: string;
    readonly workload: { readonly name: string };
    readonly destination: { readonly address: string; readonly was: readonly { readonly name: string }[] };
    readonly times: number;
  }[];
  readonly inputs: { readonly inventories: readonly { readonly inventory: number }[] };
}

const ask = (address: string): Promise<Told> => command(runWho, address);

/** What a command prints about the last two hours. */
async function command<T>(run: typeof runWho, ...args: string[]): Promise<T> {
  let [out, error] = ['', ''];
  const streams = { out: (text: string) => (out += text), error: (text: string) => (error += text) };
  const code = await run([...args, '--loki', loki.url.href, '--since', '2h', '--json'], streams);
  if (code !== 0) throw new Error(error);
  return JSON.parse(out) as T;
}

const rowsOf = ({ rows }: Told) =>
  rows.map(({ namespace, workload, destination, times }) => [
    ...[namespace, workload.name, times, destination.address],
    destination.was.map(({ name }) => name).join(),
  ]);

withLoki(
  'the collector stores the inventory and what the responder did beside the alerts; who and report join them',
  async () => {
    await storeEarlier();
    const own = JSON.stringify({ time: ago(51), level: 'info', message: 'responder started' });
    node.log(RESPONDER, 'responder').write(logged(44, JSON.stringify(QUARANTINED)));
    // Two replicas tell the same.
    for (const [index, pod] of [RESPONDER, RESPONDER.replaceAll('x7k2p', 'b8m4q')].entries())
      node
        .log(pod, 'responder')
        .write([own, ...RECORDS.map(printInventoryRecord)].map((line) => logged(50 - index, line)).join(''));
    const alerts = [
      ...[to('10.0.0.5', 45), to('10.0.0.5', 25, { 'container.id': 'dddddddddddd' })],
      to('10.96.0.7', 20, { 'container.id': null, 'fd.cip': '10.0.0.9' }),
      to('10.200.0.7', 15),
    ];
    node.log().write(alerts.map((line) => logged(45, line)).join(''));
    let last: unknown;
    const isStored = async (): Promise<boolean> => {
      const told = await ask('10.0.0.0/8').catch((error: unknown) => void (last = String(error)));
      if (told === undefined) return false;
      const { rows, inputs } = told;
      last = told;
      const isEarlier = rows.some(({ workload }) => workload.name === 'old');
      return isEarlier && inputs.inventories.some(({ inventory }) => inventory >= 2 * RECORDS.length);
    };
    await waitUntil(isStored, 60_000, () => new Error(`it is not stored: ${JSON.stringify(last)}`));

    const all = await ask('10.0.0.0/8');
    expect(rowsOf(all)).toEqual([
      ['shop', 'old', 1, '10.0.0.5', 'other-x'],
      ['shop', 'web', 1, '10.0.0.5', 'cart-0'],
      ['shop', 'web', 1, '10.96.0.7', 'cart'],
      ['shop', 'web', 1, '10.200.0.7', 'db'],
    ]);
    // One address, one Pod, one Service: of the inventory only what tells of them is asked for.
    expect(rowsOf(await ask('10.96.0.7'))).toEqual([['shop', 'web', 1, '10.96.0.7', 'cart']]);
    expect(rowsOf(await ask('pod:shop/cart-0'))).toEqual([['shop', 'web', 1, '10.0.0.5', 'cart-0']]);
    expect(rowsOf(await ask('pod:shop/other-x'))).toEqual([['shop', 'old', 1, '10.0.0.5', 'other-x']]);
    expect(rowsOf(await ask('10.200.0.7'))).toEqual([['shop', 'web', 1, '10.200.0.7', 'db']]);
    expect(rowsOf(await ask('service:shop/db'))).toEqual([['shop', 'web', 1, '10.200.0.7', 'db']]);
    expect(rowsOf(await ask('service:shop/cart'))).toEqual([['shop', 'web', 1, '10.96.0.7', 'cart']]);
    const page = join(node.root, 'report.html');
    const { quarantines } = await command<{ quarantines: object[] }>(runReport, '--out', page);
    expect(quarantines).toEqual([
      expect.objectContaining({
        ...{ source: 'history', namespace: 'shop', pod: 'web-5d-x', state: 'contained' },
        why: 'Connection to vistatech.it',
      }),
    ]);
    // Streams of Falco's alerts are as they were.
    const url = new URL('/loki/api/v1/query', loki.url);
    url.search = new URLSearchParams({ query: `sum(count_over_time({source="syscall"}[2h]))` }).toString();
    const answer = await fetch(url, { headers: { 'X-Scope-OrgID': TENANT } });
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    expect(data.result[0]?.value[1]).toBe('4');
  },
);
