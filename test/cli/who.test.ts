import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertLine } from '../history/alert';
import { Project, type Ending } from './project';

const project = new Project();
afterAll(() => {
  project.remove();
});

const EVIL = '\u001b]0;owned\u0007<script>alert(1)</script>=cmd';
const at = (minute: number): object => ({ time: `2026-11-22T07:${String(minute).padStart(2, '0')}:00.5Z` });
const ALERTS = [
  alertLine({}, at(10)),
  alertLine({}, at(20)),
  alertLine({}, at(20)),
  alertLine({ 'k8s.ns.name': 'demo', 'k8s.pod.name': 'nginx-6799fc88d8-996gz', 'proc.name': EVIL }, at(30)),
  alertLine({ 'evt.res': 'ECONNREFUSED', 'fd.sip': null, 'fd.sport': null }, at(40)),
  alertLine({ 'fd.sip': '203.0.113.70', 'fd.sip.name': 'Vistatech.it', 'evt.arg.addr': null }, at(50)),
  alertLine({ 'fd.sip': 'fd77::2', 'evt.arg.addr': 'fd77::2:443' }, at(55)),
];

beforeAll(() => {
  project.write('a.jsonl', `${ALERTS.join('\n')}\n`);
  project.write('cut.jsonl', `${ALERTS[0] ?? ''}\n${(ALERTS[1] ?? '').slice(0, 200)}`);
  writeFileSync(join(project.folder, 'a.jsonl.gz'), gzipSync(ALERTS.join('\n')));
});

function who(...args: string[]): Ending {
  return project.run('who', ...args);
}

test('alerts that hold the address and tell no destination are told of, within the time that is asked for', () => {
  const nowhere = { 'fd.sip': null, 'evt.arg.addr': null, 'proc.cmdline': 'curl http://203.0.113.7:80/' };
  const other = { ...nowhere, 'proc.cmdline': 'curl 203.0.113.71 \u0007' };
  const lines = [5, 15].map((minute) => alertLine(nowhere, { ...at(minute), rule: 'Shell in a Pod' }));
  project.write('untold.jsonl', `${[...ALERTS, ...lines, alertLine(other, at(15))].join('\n')}\n`);
  const told =
    "alert holds 203.0.113.7 and tells no destination, so that nothing is counted of it: 'Shell in a Pod'";
  const args = ['203.0.113.7', 'untold.jsonl', '--from', '2026-11-22T07:10', '--to', '2026-11-22T07:30'];
  expect(who(...args)).toMatchObject({ code: 0, out: expect.stringContaining(`\n1 ${told}\n`) as string });
  expect(who('203.0.113.7', 'untold.jsonl').out).toContain(
    '\n2 alerts hold 203.0.113.7 and tell no destination',
  );
  for (const asked of ['203.0.113.70', '0.0.0.0/0'])
    expect(who(asked, 'untold.jsonl').out).not.toContain('tell no');
});

test('a table of who, what, when and how often, and what is known of the time', () => {
  const { code, out, error } = who('203.0.113.7', 'a.jsonl', 'a.jsonl.gz');
  expect([code, error]).toEqual([0, '']);
  const lines = out.split('\n').map((line) => line.split(/ {2,}/));
  expect(lines[0]).toEqual([
    'NAMESPACE',
    'WORKLOAD',
    'PROCESS',
    'DESTINATION',
    'FIRST (UTC)',
    'LAST (UTC)',
    'TIMES',
  ]);
  expect(lines[1]?.slice(0, 2)).toEqual(['demo', '~Deployment/nginx']);
  expect(lines.slice(2, 4)).toEqual([
    ['shop', '~StatefulSet/cart', 'java', '203.0.113.7:443/tcp', '2026-11-22 07:10', '2026-11-22 07:20', '2'],
    [
      'shop',
      '~StatefulSet/cart',
      'java',
      '203.0.113.7:443/tcp ECONNREFUSED',
      '2026-11-22 07:40',
      '2026-11-22 07:40',
      '1',
    ],
  ]);
  expect(out).toContain('a.jsonl: alerts from 2026-11-22T07:10:00Z to 2026-11-22T07:55:00Z');
  expect(out).toContain('coverage unknown: no canary records');
  expect(out).not.toContain('\u001b');
});

test('a network, IPv6, a name, a range of time', () => {
  const times = (...args: string[]): number[] => {
    const { rows } = JSON.parse(who(...args, 'a.jsonl', '--json').out) as { rows: { times: number }[] };
    return rows.map((row) => row.times);
  };
  expect(times('203.0.113.0/25')).toEqual([1, 2, 1, 1]);
  expect(times('FD77:0::0002')).toEqual([1]);
  // A name that nothing resolves: alerts that name it count.
  expect(times('vistatech.it.invalid')).toEqual([]);
  expect(times('203.0.113.7', '--from', '2026-11-22T07:20:00.5Z', '--to', '2026-11-22T07:30:00.5Z')).toEqual([
    1,
  ]);
});

test('CSV and HTML show what is in alerts, and obey none of it', () => {
  const csv = who('203.0.113.7', 'a.jsonl', '--csv').out;
  expect(csv.split('\r\n')[1]).toBe(
    [
      ',demo,Deployment,nginx,true,\\u{1b}]0;owned\\u{7}<script>alert(1)</script>=cmd,/usr/bin/java,203.0.113.7,443,tcp,,,',
      '2026-11-22T07:30:00.500000000Z,2026-11-22T07:30:00.500000000Z,1,nginx-6799fc88d8-996gz,node-1,Outbound,,false',
    ].join(''),
  );
  const html = who('203.0.113.7', 'a.jsonl', '--html').out;
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  for (const text of ['<script', '\u001b', 'http:', 'https:']) expect(html).not.toContain(text);
});

test('an answer with holes says so, and is no success', () => {
  const { code, out, error } = who('203.0.113.7', 'cut.jsonl', '--json');
  expect(code).toBe(1);
  expect(error).toBe(
    "this answer is partial:\n  cut.jsonl: 1 line can't be read\n  cut.jsonl:2: its end is missing\n",
  );
  expect(JSON.parse(out)).toMatchObject({ partial: true, rows: [{ times: 1 }] });
});

test('nobody is said with what is known', () => {
  const { code, out } = who('198.51.100.1', 'a.jsonl');
  expect(code).toBe(0);
  expect(out).toMatch(/^no connection to 198\.51\.100\.1 in what was read\n/);
});

test('evidence can be checked by sha256sum, and is never overwritten', () => {
  const { code, error } = who('203.0.113.7', 'a.jsonl', '--evidence', 'case-7');
  expect([code, error]).toEqual([
    0,
    'written: case-7/answer.json, case-7/answer.csv, case-7/answer.html, case-7/SHA256SUMS\n',
  ]);
  const folder = join(project.folder, 'case-7');
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  for (const line of read('SHA256SUMS').trim().split('\n')) {
    const [sum, name = ''] = line.split('  ');
    expect(createHash('sha256').update(read(name)).digest('hex')).toBe(sum);
  }
  const answer = JSON.parse(read('answer.json')) as { inputs: { files: unknown[] } };
  const input = readFileSync(join(project.folder, 'a.jsonl'));
  expect(answer).toMatchObject({
    command: ['falco-egress', 'who', '203.0.113.7', 'a.jsonl', '--evidence', 'case-7'],
    asker: { program: expect.stringMatching(/^falco-egress \d/) as string },
    coverage: { kind: 'unknown' },
    inputs: {
      files: [{ sha256: createHash('sha256').update(input).digest('hex'), bytes: input.length, lines: 7 }],
    },
  });
  expect(statSync(join(folder, 'answer.json')).mode & 0o077).toBe(0);
  expect(who('203.0.113.7', 'a.jsonl', '--evidence', 'case-7')).toMatchObject({
    code: 2,
    error: 'case-7 is there already; evidence is never overwritten\n',
  });
});

test.each<[args: string[], message: RegExp]>([
  [[], /name an address/],
  [['203.0.113.7'], /name files of alerts, or a Loki/],
  [['203.0.113.777', 'a.jsonl'], /is no address, no network/],
  [['203.0.113.0/33', 'a.jsonl'], /is no address, no network/],
  [['shop/cart-0', 'a.jsonl'], /pod:shop\/cart-0/],
  [['203.0.113.7', 'missing.jsonl'], /there is no file missing.jsonl/],
  [['203.0.113.7', 'a.jsonl', '--since', 'a while'], /--since must be such as 30d/],
  [['203.0.113.7', 'a.jsonl', '--from', '2026-02-30'], /--from must be a date/],
  [['203.0.113.7', 'a.jsonl', '--csv', '--html'], /choose one/],
  [['203.0.113.7', '--loki', 'https://me:secret@logs.example.org'], /credentials in the address/],
  [['203.0.113.7', '--loki', 'https://logs.example.org/?key=secret'], /ends before '\?'[^=]*$/],
  [
    ['203.0.113.7', '--loki', 'me:secret@logs.example.org?key=secret'],
    /^(?!.*secret).*'…@logs.example.org' is no/,
  ],
  [['203.0.113.7', '--loki', 'logs.example.org'], /is no address of a Loki/],
  [['203.0.113.7', 'a.jsonl', '--sinze', '1d'], /did you mean '--since'/],
])('wrong use %j is told in a line', (args, message) => {
  const { code, out, error } = who(...args);
  expect([code, out]).toEqual([2, '']);
  expect(error).toMatch(message);
  expect(error.trim().split('\n')).toHaveLength(1);
});

test('only an end is asked for: nothing is said of 1970', () => {
  const { code, out } = who('203.0.113.7', 'a.jsonl', '--to', '2026-11-22');
  expect([code, out]).toEqual([
    0,
    expect.stringContaining('\nasked: until 2026-11-23T00:00:00.000000000Z\n'),
  ]);
  expect(out).not.toContain('1970');
  project.run('report', 'a.jsonl', '--to', '2026-11-22', '--out', 'until.html');
  expect(readFileSync(join(project.folder, 'until.html'), 'utf8')).not.toContain('1970');
});

test('the cluster stands in the table as soon as a row tells it, though of one alone', () => {
  project.write('prod.jsonl', alertLine({ cluster: 'prod' }, at(10)));
  expect(who('203.0.113.7', 'prod.jsonl').out).toMatch(/^CLUSTER {2}NAMESPACE .*\nprod {5}shop /);
  expect(who('203.0.113.7', 'prod.jsonl', '--html').out).toContain('<th scope="col">CLUSTER</th>');
  expect(who('203.0.113.7', 'a.jsonl').out).not.toContain('CLUSTER');
});

test('CSV alone would look whole: what is said of it goes to stderr', () => {
  const { code, out, error } = who('203.0.113.7', 'a.jsonl', '--csv');
  expect(code).toBe(0);
  expect(out).not.toContain('coverage');
  expect(error).toContain('a.jsonl: alerts from 2026-11-22T07:10:00Z');
  expect(error).toContain('coverage unknown: no canary records\n');
});

test.each(['none/case', 'none/case.json', 'a.jsonl/case'])(
  'evidence can go to no %s, which is told before anything is read',
  (path) => {
    const { code, out, error } = who('203.0.113.7', 'cut.jsonl', '--evidence', path);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(`--evidence ${path}: there is no folder ${path.replace(/\/[^/]*$/, '')}`);
  },
);

test('named pipes, what a shell makes of <(…), and /dev/stdin are read as streams; a folder is told', () => {
  project.write('sub/one.jsonl', '');
  const cli = join(__dirname, '../../dist/falco-egress.js');
  const shell = (script: string): Ending =>
    project.execute('bash', ['-c', script], { FE: `${process.execPath} ${cli}` });
  const times = (script: string): number => {
    const { code, out, error } = shell(script);
    expect([code, error]).toEqual([0, '']);
    return (JSON.parse(out) as { rows: { times: number }[] }).rows.reduce((sum, row) => sum + row.times, 0);
  };
  expect(times('$FE who 203.0.113.7 <(gzip -dc a.jsonl.gz) --json')).toBe(4);
  expect(times('$FE who 203.0.113.7 <(cat a.jsonl) --json')).toBe(4);
  expect(times('cat a.jsonl | $FE who 203.0.113.7 /dev/stdin --json')).toBe(4);
  expect(times('mkfifo pipe; cat a.jsonl > pipe & $FE who 203.0.113.7 pipe --json')).toBe(4);
  // Commands that look for an inventory first read what they can only read once no more than once.
  expect(shell('$FE report <(cat a.jsonl) --out pipe.html').out).toMatch(/^pipe.html: 6 connections/);
  const { code, error } = who('203.0.113.7', 'sub');
  expect([code, error]).toEqual([
    2,
    expect.stringContaining('sub is a folder: name the files in it, such as'),
  ]);
  expect(who('203.0.113.7', 'none.jsonl').error).toContain('there is no file none.jsonl');
});

test.each([
  ['https://me@vistatech.it:8443/a?b', 'ask without https:// and what is not the host: vistatech.it'],
  ['213.215.222.58:443', 'ask without the port: 213.215.222.58'],
  ['vistatech.it:443', 'ask without the port: vistatech.it'],
  ['[2001:db8::1]', 'ask without the brackets: 2001:db8::1'],
  ['[2001:db8::1]:443', 'ask without the brackets and the port: 2001:db8::1'],
  ['svc:demo', 'write it as pod:NAMESPACE/NAME or service:NAMESPACE/NAME'],
  ['demo/x', 'for a Pod or a Service write pod:demo/x or service:demo/x'],
  ['203.0.113.0/33', 'is no address, no network such as 203.0.113.0/24, and no host name'],
  ['1.2.3.4.5:80', 'is no address, no network such as 203.0.113.0/24, and no host name'],
])('of %s it is said how to ask', (address, hint) => {
  const { code, error } = who(address, 'a.jsonl');
  expect([code, error]).toEqual([2, expect.stringContaining(hint)]);
});
