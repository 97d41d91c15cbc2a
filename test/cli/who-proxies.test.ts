import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { printInventoryRecord } from '../../lib/inventory/record';
import { alertLine } from '../history/alert';
import { at, pictureAt, podAt } from '../history/inventory/records';
import { Project } from './project';

const project = new Project();
afterAll(() => {
  project.remove();
});

const SQUID = (time: string, client: string, rest: string): string =>
  `${String(Date.parse(time) / 1000)}.250    159 ${client} ${rest}`;
const TO_SHOP = 'TCP_TUNNEL/200 190 CONNECT shop.test:443 - HIER_DIRECT/203.0.113.7 -';
const ACCESS = [
  SQUID(at(5), '10.0.0.5', TO_SHOP),
  // At the same time to the millisecond, and so are the lines: each is one.
  SQUID(at(5), '10.0.0.5', TO_SHOP),
  SQUID(at(6), '10.0.0.99', TO_SHOP),
  SQUID(at(7), '10.0.0.5', 'TCP_DENIED/403 354 GET http://shop.test/ - HIER_NONE/- text/html'),
  SQUID(at(8), '10.0.0.5', 'TCP_MISS/200 212 GET http://other.test/ - HIER_DIRECT/198.51.100.9 -'),
];
const ENVOY =
  '[2026-11-22T07:41:15.744Z] "GET / HTTP/1.1" 200 - 0 154 5 3 "10.0.0.5" "curl" "c4f2" "shop.test" "203.0.113.7:443"';

beforeAll(() => {
  project.write('access.log', `${ACCESS.join('\n')}\n`);
  project.write('cut.log', `${ACCESS[0] ?? ''}\n${(ACCESS[1] ?? '').slice(0, 50)}\n`);
  project.write('envoy.log', `[2026-11-22 07:41:15.744][1][info] ready\n${ENVOY}\n`);
  copyFileSync(resolve(__dirname, '../fixtures/squid/native.log'), join(project.folder, 'squid.log'));
  const records = [podAt('cart-0', at(1), { owners: ['StatefulSet/cart'] }), pictureAt(at(0))];
  project.write('responder.log', `${records.map(printInventoryRecord).join('\n')}\n`);
  const toProxy = { 'fd.sip': '10.9.0.7', 'fd.sport': 3128, 'evt.arg.addr': '10.9.0.7:3128' };
  project.write(
    'alerts.jsonl',
    `${alertLine(toProxy, { time: at(4) })}\n${alertLine({}, { time: at(9) })}\n`,
  );
});

/** Rows of a table, without its notes. */
function table(...args: string[]): { readonly rows: string[]; readonly notes: string } {
  const { code, out, error } = project.run('who', ...args);
  expect([code, error]).toEqual([0, '']);
  const [head = '', ...lines] = out.split('\n');
  expect(head).toMatch(/^NAMESPACE {2}/);
  const count = lines.findIndex((line) => !/ {2}\d+$/.test(line));
  return { rows: lines.slice(0, count).map((line) => line.replaceAll(/ {2,}/g, ' | ')), notes: out };
}

test('clients of a Squid, by their addresses; each line counts', () => {
  const { rows, notes } = table('203.0.113.7', '--proxy-log', 'squid:access.log');
  expect(rows.map((row) => row.replaceAll(/ \| \d{4}-\S+ \S+/g, ''))).toEqual([
    '- | Client/10.0.0.5 | via squid | 203.0.113.7:443/tcp (shop.test) | 2',
    '- | Client/10.0.0.99 | via squid | 203.0.113.7:443/tcp (shop.test) | 1',
  ]);
  expect(notes).toMatch(/^access\.log: requests from \d{4}-.*Z to \d{4}-.*Z$/m);
});

test('by the name that they asked for, and what was refused', () => {
  const { rows } = table('shop.test', '--proxy-log', 'squid:access.log', '--proxy-log', 'envoy:envoy.log');
  expect(rows.map((row) => row.replaceAll(/ \| \d{4}-\S+ \S+/g, ''))).toEqual([
    '- | Client/10.0.0.5 | via envoy | 203.0.113.7:443/tcp (shop.test) | 1',
    '- | Client/10.0.0.5 | via squid | 203.0.113.7:443/tcp (shop.test) | 2',
    '- | Client/10.0.0.5 | via squid | shop.test:80/tcp HTTP 403 | 1',
    '- | Client/10.0.0.99 | via squid | 203.0.113.7:443/tcp (shop.test) | 1',
  ]);
});

test('with an inventory, the Pod that had the address then', () => {
  const { rows } = table('203.0.113.7', 'responder.log', '--proxy-log', 'squid:access.log');
  expect(rows.map((row) => row.split(' | ').slice(0, 3).join(' | '))).toEqual([
    '- | Client/10.0.0.99 | via squid',
    'shop | StatefulSet/cart | via squid',
  ]);
});

test('the log of a real Squid', () => {
  const { out } = project.run('who', '127.0.0.2', '--proxy-log', 'squid:squid.log', '--json');
  const { rows, partial, inputs } = JSON.parse(out) as {
    rows: { workload: object; destination: { port: number; names: string[] }; times: number }[];
    partial: boolean;
    inputs: { files: { lines: number; badCount: number; sha256: string }[] };
  };
  expect(partial).toBe(false);
  expect(rows.map(({ destination: { port, names }, times }) => [port, names.join(), times])).toEqual([
    [18081, 'api.test', 2],
    [18081, '', 1],
  ]);
  expect(inputs.files).toEqual([expect.objectContaining({ lines: 16, badCount: 0 })]);
});

test('what can’t be read makes the answer partial, and is named', () => {
  const { code, error } = project.run('who', '203.0.113.7', '--proxy-log', 'squid:cut.log');
  expect(code).toBe(1);
  expect(error).toBe(
    "this answer is partial:\n  cut.log: 1 line can't be read\n  cut.log:2: it is no line of Squid, neither of its own format nor of combined\n",
  );
});

test('a declared proxy is named, with those who went there', () => {
  const { rows, notes } = table(
    '203.0.113.7',
    'alerts.jsonl',
    '--proxy',
    '10.9.0.7:3128',
    '--proxy',
    '10.9.0.8',
  );
  expect(rows).toHaveLength(1);
  expect(notes).toContain(
    'via proxy 10.9.0.7:3128: 1 connection to it, of shop/StatefulSet/cart; continue in its log, by --proxy-log\n',
  );
  expect(notes).toContain('via proxy 10.9.0.8: 0 connections to it; continue in its log, by --proxy-log\n');
});

test.each(['envoy', 'cilium-envoy', 'linkerd2-proxy', 'ztunnel'])(
  'the proxy of a mesh, %s, is named as one that connects for others',
  (name) => {
    project.write('mesh.jsonl', `${alertLine({ 'proc.name': name })}\n`);
    const { rows, notes } = table('203.0.113.7', 'mesh.jsonl');
    expect(rows).toEqual([expect.stringContaining(` | ${name} (mesh proxy) | `)]);
    expect(notes).toContain('via a mesh proxy: it connects for the other containers of its Pod');
    const { out } = project.run('who', '203.0.113.7', 'mesh.jsonl', '--json');
    expect(JSON.parse(out)).toMatchObject({ rows: [{ process: name, meshProxy: true }] });
    expect(table('203.0.113.7', 'alerts.jsonl').notes).not.toContain('mesh proxy');
  },
);

test.each([
  [
    ['--proxy-log', 'access.log'],
    /--proxy-log must be FORMAT:FILE, such as squid:access\.log; FORMAT is one of squid, envoy/,
  ],
  [['--proxy-log', 'nginx:access.log'], /FORMAT is one of squid, envoy/],
  [['--proxy-log', 'squid:absent.log'], /there is no file absent\.log/],
  [['alerts.jsonl', '--proxy', 'proxy:3128'], /--proxy must be such as 10\.0\.0\.7:3128/],
])('%j', (args, said) => {
  const { code, error } = project.run('who', '203.0.113.7', ...args);
  expect(code).toBe(2);
  expect(error).toMatch(said);
});

test('a port that is none is told, and nobody is sent to the log that was read', () => {
  const { code, error } = project.run('who', '203.0.113.7', 'alerts.jsonl', '--proxy', '10.9.0.7:99999');
  expect([code, error]).toEqual([
    2,
    expect.stringContaining('--proxy 10.9.0.7:99999: there is no port 99999'),
  ]);
  const proxied = ['who', '203.0.113.7', 'alerts.jsonl', '--proxy', '10.9.0.7:3128'];
  expect(project.run(...proxied).out).toContain('; continue in its log, by --proxy-log\n');
  expect(project.run(...proxied, '--proxy-log', 'squid:access.log').out).toContain(
    '; continue in its log, unless it is among those read\n',
  );
});
