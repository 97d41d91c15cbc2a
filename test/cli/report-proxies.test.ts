import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runReport } from '../../lib/cli/report/report';
import { printInventoryRecord } from '../../lib/inventory/record';
import { alertLine } from '../history/alert';
import { at, nanoseconds, pictureAt, podAt } from '../history/inventory/records';

const folder = mkdtempSync(join(tmpdir(), 'falco-egress-proxies-'));
const file = (name: string): string => join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const squid = (minute: number, client: string, rest: string): string =>
  `${String(nanoseconds(minute) / 1_000_000_000n)}.250    159 ${client} ${rest}`;
const TUNNEL = 'TCP_TUNNEL/200 190 CONNECT shop.test:443 - HIER_DIRECT/203.0.113.7 -';
const to = (address: string, minute: number, fields: object = {}): string =>
  alertLine({ 'fd.sip': address, 'fd.sport': 3128, 'evt.arg.addr': null, ...fields }, { time: at(minute) });

beforeAll(() => {
  const lines = [
    squid(5, '10.0.0.5', TUNNEL),
    squid(6, '10.0.0.5', TUNNEL),
    squid(7, '10.0.0.5', 'TCP_DENIED/403 354 GET http://evil.test/ - HIER_NONE/- text/html'),
    squid(8, '10.0.0.99', TUNNEL),
    squid(9, '10.0.0.99', 'TCP_DENIED/403 354 GET http://other.test/ - HIER_NONE/- text/html'),
  ];
  writeFileSync(file('access.log'), `${lines.join('\n')}\n`);
  const quiet = { 'k8s.pod.name': 'web-0' };
  const alerts = [to('10.9.0.7', 5), to('10.9.0.7', 6, quiet), to('203.0.113.7', 7, { 'fd.sport': 443 })];
  writeFileSync(file('alerts.jsonl'), `${alerts.join('\n')}\n`);
  const records = [podAt('cart-0', at(1), { owners: ['StatefulSet/cart'] }), pictureAt(at(0))];
  writeFileSync(file('responder.log'), `${records.map(printInventoryRecord).join('\n')}\n`);
});

async function report(...args: string[]) {
  const texts = { out: '', error: '' };
  const code = await runReport([...args, '--out', file('r.html')], {
    out: (text) => (texts.out += text),
    error: (text) => (texts.error += text),
  });
  return { code, ...texts, page: readFileSync(file('r.html'), 'utf8') };
}

const PROXY = ['--proxy', '10.9.0.7:3128', '--proxy-log', `squid:${file('access.log')}`];

test('joins connections to a proxy with what its log tells, by the inventory', async () => {
  const { code, out, page } = await report(
    ...[file('responder.log'), file('alerts.jsonl'), ...PROXY, '--json'],
  );
  expect(code).toBe(0);
  const { proxies, totals, notes } = JSON.parse(out) as Record<string, unknown>;
  expect(proxies).toEqual([
    {
      ...{ workload: 'shop/StatefulSet/cart', toProxies: 1, requests: 3, failed: 1 },
      behind: [
        { destination: 'shop.test:443 via squid', times: 2 },
        { destination: 'evil.test:80 via squid', times: 1 },
      ],
    },
    {
      ...{ workload: '-/Client/10.0.0.99', toProxies: 0, requests: 2, failed: 1 },
      behind: [
        { destination: 'shop.test:443 via squid', times: 1 },
        { destination: 'other.test:80 via squid', times: 1 },
      ],
    },
    { workload: 'shop/StatefulSet/web', toProxies: 1, requests: 0, failed: 0, behind: [] },
  ]);
  // What was reached directly is another destination than the same behind the proxy.
  expect(totals).toMatchObject({ connections: 8, workloads: 3, endpoints: 5 });
  expect(notes).toContain('5 connections of these told by logs of proxies, beside the connections to these');
  expect(page).toContain('href="#proxies"');
  expect(page).toContain('proxy 10.9.0.7:3128');
  expect(page).toContain('1 workload went to a proxy of whose requests no log that was read tells');
  expect(page).toContain('1 client of the logs without a connection to a declared proxy');
});

test('without proxies nothing is said of any', async () => {
  const { code, out, page } = await report(file('alerts.jsonl'), '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).not.toHaveProperty('proxies');
  expect(page).not.toContain('id="proxies"');
  expect(page).not.toContain('href="#proxies"');
});

test('a log alone makes a report, and half a line in it a partial one', async () => {
  const { code, out } = await report(...PROXY.slice(2));
  expect(code).toBe(0);
  expect(out).toContain('5 connections of 2 workloads to 3 destinations');
  writeFileSync(file('half.log'), squid(5, '10.0.0.5', TUNNEL).slice(0, 40));
  const { code: partial, error } = await report('--proxy-log', `squid:${file('half.log')}`);
  expect(partial).toBe(1);
  expect(error).toContain("half.log: 1 line can't be read");
});

test.each([
  [['--proxy', 'squid'], /--proxy must be such as/],
  [['--proxy-log', 'access.log'], /--proxy-log must be FORMAT:FILE/],
])('%j is refused', async (args, said) => {
  const { code, error } = await report(file('alerts.jsonl'), ...args);
  expect(code).toBe(2);
  expect(error).toMatch(said);
});
