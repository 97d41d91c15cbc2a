import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runReport } from '../../lib/cli/report/report';
import { printInventoryRecord } from '../../lib/inventory/record';
import { rowsAsJson } from '../../lib/report/rows-json';
import { alertLine } from '../history/alert';
import { manyRows } from '../integration/report/connections';
import { at as minuteAt, endpointAt, podAt } from '../history/inventory/records';

const folder = mkdtempSync(join(tmpdir(), 'falco-egress-report-'));
const at = (name: string): string => join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const EVIL = '\u001b]0;owned\u0007</script><script>alert(1)</script><!--';
const on = (day: number): object => ({ time: `2026-11-${String(day).padStart(2, '0')}T07:00:00.5Z` });
const told = (reason: string, day: number): string =>
  alertLine(
    {
      ...{ 'evt.type': undefined, 'evt.arg.addr': undefined, 'fd.sip': undefined, 'fd.sport': undefined },
      ...{ 'falco_egress.rule': 'Connection to vistatech.it', 'k8s.pod.uid': 'u1' },
    },
    { rule: `falco-egress: ${reason}`, source: 'falco-egress', ...on(day) },
  );
const ALERTS = [
  alertLine({}, on(10)),
  alertLine({}, on(17)),
  alertLine({}, on(17)),
  alertLine({ 'fd.sip': '198.51.100.7', 'fd.sip.name': 'Example.org', 'proc.name': EVIL }, on(18)),
  alertLine({ 'evt.res': 'ECONNREFUSED', 'fd.sip': null, 'fd.sport': null }, on(19)),
  told('Quarantined', 9),
  told('Quarantined', 18),
  told('NotContained', 19),
  alertLine({}, on(24)),
];

beforeAll(() => {
  writeFileSync(at('a.jsonl'), `${ALERTS.join('\n')}\n`);
  writeFileSync(at('cut.jsonl'), `${ALERTS[1] ?? ''}\n${(ALERTS[2] ?? '').slice(0, 200)}`);
  mkdirSync(at('folder'));
});

async function report(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const texts = { out: '', error: '' };
  const code = await runReport(args, {
    out: (text) => (texts.out += text),
    error: (text) => (texts.error += text),
  });
  return { code, ...texts };
}

const WEEK = ['--from', '2026-11-16', '--to', '2026-11-22'];

test('a page of a week, held against the week before', async () => {
  const out = at('a.html');
  const { code, out: said, error } = await report(at('a.jsonl'), ...WEEK, '--out', out, '--json');
  expect([code, error]).toEqual([0, '']);
  expect(JSON.parse(said)).toMatchObject({
    file: out,
    previous: { from: '2026-11-09T00:00:00.000Z', to: '2026-11-16T00:00:00.000Z' },
    totals: { connections: 3, failed: 1, workloads: 1, endpoints: 2 },
    before: { connections: 1 },
    notes: expect.arrayContaining(['1 alert told of a connection that is counted already']) as string[],
    new: [{ workload: 'shop/StatefulSet/cart', destination: 'Example.org:443', scope: 'internet', times: 1 }],
    quarantines: [
      { namespace: 'shop', pod: 'cart-0', state: 'not contained', why: 'Connection to vistatech.it' },
    ],
    rows: expect.arrayContaining([
      {
        ...{
          namespace: 'shop',
          workload: { kind: 'StatefulSet', name: 'cart', derived: true },
          process: 'java',
        },
        destination: {
          ...{ address: '203.0.113.7', port: 443, protocol: 'tcp' },
          ...{ label: '203.0.113.7:443', scope: 'internet' },
        },
        ...{ new: false, first: '2026-11-17T07:00:00.000Z', last: '2026-11-19T07:00:00.000Z' },
        ...{ times: 2, failed: 1 },
      },
    ]) as object[],
    moreRows: 0,
  });
  const page = readFileSync(out, 'utf8');
  for (const text of ['<script>alert', '\u001b', '\u0007', '<!--', ' src=', 'url(', 'style="'])
    expect(page).not.toContain(text);
  expect(page).toContain('\\u{1b}]0;owned\\u{7}&lt;/script&gt;');
  // Only the quarantine of this week.
  expect(page).toContain('2026-11-18 07:00');
  expect(page).not.toContain('2026-11-09 07:00');
  expect(statSync(out).mode & 0o077).toBe(0);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('all that files hold has no period before it, and nothing in it is new', async () => {
  const { code, out } = await report(at('a.jsonl'), '--out', at('all.html'));
  expect(code).toBe(0);
  expect(out).toMatch(/all\.html: 5 connections of 1 workload to 2 destinations, 1 quarantine\n/);
  expect(readFileSync(at('all.html'), 'utf8')).toContain('there is none to compare with');
});

test('where nothing is known of the period before, nothing is new', async () => {
  const { out } = await report(
    at('a.jsonl'),
    '--from',
    '2026-11-24',
    '--to',
    '2026-11-25',
    '--out',
    at('b.html'),
    '--json',
  );
  expect(JSON.parse(out)).not.toHaveProperty('new');
  expect(readFileSync(at('b.html'), 'utf8')).toContain('so nothing can be called new');
});

test('of very many rows JSON has the most frequent, and says how many more there are', () => {
  const data = manyRows(30);
  const { rows, moreRows } = rowsAsJson(data, false, 20);
  expect([rows.length, moreRows]).toEqual([20, 10]);
  expect(rows[0]).not.toHaveProperty('new');
  expect(rowsAsJson(data, true, 30)).toMatchObject({ moreRows: 0, rows: Array(30).fill({ new: false }) });
});

test('a report with holes says so, and is no success', async () => {
  const { code, error } = await report(at('cut.jsonl'), '--out', at('cut.html'));
  expect(code).toBe(1);
  expect(error).toMatch(/^this report is partial:\n.*cut\.jsonl: 1 line can't be read\n/);
  expect(readFileSync(at('cut.html'), 'utf8')).toContain('This report is partial');
});

test.each<[args: string[], message: RegExp]>([
  [[], /say by --out where the page goes/],
  [['--out', 'x.html'], /name files of alerts, or a Loki/],
  [['missing.jsonl', '--out', 'x.html'], /there is no file missing.jsonl/],
  [['--out', '/nowhere/at/all/x.html'], /there is no folder \/nowhere\/at\/all/],
  [['--out', '.'], /is no file/],
  [['--out', 'x.html', '--sinze', '1d'], /did you mean '--since'/],
])('wrong use %j is told in a line', async (args, message) => {
  const { code, out, error } = await report(...args);
  expect([code, out]).toEqual([2, '']);
  expect(error).toMatch(message);
  expect(error.trim().split('\n')).toHaveLength(1);
});

test('the inventory among the files, before or after the alerts, names Pods and destinations as they were then', async () => {
  const unknown = { 'k8s.ns.name': null, 'k8s.pod.name': null, 'container.id': 'aaaaaaaaaaaa' };
  const to = { 'fd.sip': '10.0.0.5', 'evt.arg.addr': null };
  const alerts = [
    ...[5, 25].map((minute) => alertLine({ ...unknown, ...to }, { time: minuteAt(minute) })),
    alertLine({ ...unknown, ...to, 'fd.sip': '203.0.113.7' }, { time: minuteAt(5) }),
  ];
  const records = [
    podAt('web-x', minuteAt(1), {
      ...{ owners: ['Deployment/web'], ips: ['10.0.0.9'], containers: ['aaaaaaaaaaaa'] },
    }),
    podAt('cart-0', minuteAt(20), { owners: ['StatefulSet/cart'], ended: minuteAt(20) }),
    podAt('other-x', minuteAt(22), { owners: ['Deployment/other'], since: minuteAt(21) }),
    ...['db', 'db-ro'].map((name) => endpointAt(name, minuteAt(1), { ports: ['443/tcp'] })),
  ];
  writeFileSync(at('then.jsonl'), alerts.join('\n'));
  writeFileSync(at('responder.log'), records.map(printInventoryRecord).join('\n'));
  const out = at('then.html');
  for (const files of [
    [at('then.jsonl'), at('responder.log')],
    [at('responder.log'), at('then.jsonl')],
  ]) {
    const { code, out: said, error } = await report(...files, '--out', out, '--json');
    expect([code, error]).toEqual([0, '']);
    expect(JSON.parse(said)).toMatchObject({ totals: { connections: 3, workloads: 1, endpoints: 3 } });
    const text = readFileSync(out, 'utf8');
    expect(text).toContain('StatefulSet/cart (shop):443');
    expect(text).toContain('Deployment/other (shop):443');
    expect(text).toContain('Service/db (shop) and 1 more:443');
    expect(text).not.toContain('aaaaaaaaaaaa');
  }
});
