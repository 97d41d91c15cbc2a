import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { loadRules } from '../../lib/rules';
import { Project, type Ending } from './project';

const RULES = `
- rule: Outbound
  desc: d
  condition: evt.type = connect and fd.typechar = 4
  output: "%k8s.ns.name %k8s.pod.name %proc.name %fd.sip %fd.sport %fd.l4proto"
  priority: WARNING
`;

function line(fields: object, rule = 'Outbound'): string {
  const all = { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart-0', 'proc.name': 'java', 'fd.l4proto': 'tcp' };
  const own = { ...all, 'fd.sip': '10.0.0.1', 'fd.sport': 443, ...fields };
  return `${JSON.stringify({ rule, time: '2026-11-22T07:41:15Z', output_fields: own })}\n`;
}

let project: Project;

beforeEach(() => {
  project = new Project();
  project.write('rules.yaml', RULES);
});

afterEach(() => {
  project.remove();
});

function tune(...args: string[]): Ending {
  return project.run('rules', 'tune', ...args);
}

const GIVEN = ['--rules', 'rules.yaml', '--no-stock', '--min-alerts', '1'];

interface Printed {
  readonly read: number;
  readonly badLines: { readonly count: number; readonly first: readonly unknown[] };
  readonly before: number;
  readonly after: number;
  readonly unknown: number;
  readonly proposals: readonly { readonly removed: number; readonly share: number; readonly yaml: string }[];
}

function printed(ending: Ending): Printed {
  expect([ending.error, ending.code]).toEqual(['', 0]);
  return JSON.parse(ending.out) as Printed;
}

test('files, compressed ones and standard input are read alike', () => {
  const text = line({}) + line({ 'fd.sip': '10.0.0.2' });
  project.write('a.jsonl', text);
  writeFileSync(join(project.folder, 'a.jsonl.gz'), gzipSync(text));
  const program = resolve(__dirname, '../../dist/falco-egress.js');
  const args = [program, 'rules', 'tune', '-', ...GIVEN, '--json'];
  const { stdout, status } = spawnSync(process.execPath, args, {
    cwd: project.folder,
    input: text,
    encoding: 'utf8',
  });
  const results = [
    printed(tune('a.jsonl', ...GIVEN, '--json')),
    printed(tune('a.jsonl.gz', ...GIVEN, '--json')),
    printed({ out: stdout, error: '', code: status }),
  ];
  expect(results.map(({ read, before, after }) => [read, before, after])).toEqual(Array(3).fill([2, 2, 0]));
  expect(results[0]?.proposals).toEqual(results[1]?.proposals);
  expect(results[0]?.proposals).toEqual(results[2]?.proposals);
  expect(results[0]?.proposals[0]).toMatchObject({ removed: 2, share: 1 });
});

test('lines are read in whichever way they were kept, and a named pipe as well as a file', () => {
  const own = line({}).trim();
  const stored = { labels: {}, line: own, timestamp: '2026-11-22T07:41:15Z' };
  const text = [
    `2026-11-22T07:41:15.7Z stdout P ${own.slice(0, 20)}`,
    `2026-11-22T07:41:15.7Z stdout F ${own.slice(20)}`,
    `[pod/falco-x/falco] 2026-11-22T07:41:15.7Z ${own}`,
    JSON.stringify({ log: `${own}\n`, stream: 'stdout', time: 'x' }),
    JSON.stringify(stored),
    JSON.stringify({ ...stored, line: 'Outbound connection' }),
  ].join('\n');
  project.write('a.log', text);
  const pipe = join(project.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const writer = spawn('cp', [join(project.folder, 'a.log'), pipe]);
  const results = [tune('a.log', ...GIVEN, '--json'), tune('pipe', ...GIVEN, '--json')].map(printed);
  writer.kill();
  for (const { read, badLines } of results) {
    expect(read).toBe(4);
    expect(badLines).toMatchObject({
      count: 1,
      first: [{ line: 6, reason: expect.stringContaining('beside the line') as string }],
    });
  }
});

test('bad lines are counted and named, and the others count', () => {
  project.write('a.jsonl', `Falco version\n${line({})}{"rule":\n\n${line({}).trim()}`);
  const { badLines, before } = printed(tune('a.jsonl', ...GIVEN, '--json'));
  expect(badLines).toEqual({
    count: 2,
    first: [
      { file: 'a.jsonl', line: 1, reason: 'it is no JSON' },
      { file: 'a.jsonl', line: 3, reason: 'it is no JSON' },
    ],
  });
  expect(before).toBe(2);
  project.write('bad.jsonl', 'x\n'.repeat(500));
  const { out } = tune('bad.jsonl', ...GIVEN);
  expect(out).toContain('# 0 alerts read, 500 bad lines\n');
  expect(out).toContain('#   … and 490 more\n');
});

test('a compressed file that is cut off counts as far as it goes', () => {
  const text = Array.from({ length: 50_000 }, (_, i) => line({ 'fd.sport': i })).join('');
  const whole = gzipSync(text);
  writeFileSync(join(project.folder, 'a.gz'), whole.subarray(0, whole.length / 2));
  const { badLines, before } = printed(tune('a.gz', ...GIVEN, '--json'));
  expect(before).toBeGreaterThan(1000);
  expect(badLines).toMatchObject({
    count: 1,
    first: [{ file: 'a.gz', reason: expect.stringMatching('end of file') as string }],
  });
});

test('a line without an end does not fill the memory', () => {
  project.write('a.jsonl', `${'x'.repeat(9_000_000)}\n${line({})}`);
  const { badLines, before } = printed(tune('a.jsonl', ...GIVEN, '--json'));
  expect([badLines.count, before]).toEqual([1, 1]);
});

test('what is printed is a rules file, whatever alerts hold', () => {
  const hostile = 'a\n- rule: Outbound\n  enabled: false\u001b[31m';
  project.write('a.jsonl', line({ 'proc.name': hostile, 'k8s.pod.name': hostile }) + line({}));
  const { code, out } = tune('a.jsonl', ...GIVEN, '--owner', 'a\nb', '--expires', '30d');
  expect(code).toBe(0);
  expect(out).not.toContain('\u001b');
  expect(out).toMatch(/^# owner: a\\u\{a\}b expires: \d{4}-\d\d-\d\d$/m);
  const files = [
    { name: 'rules.yaml', text: RULES },
    { name: 'tuned.yaml', text: out },
  ];
  // A lint knows that no process can have such a name.
  const { findings, ruleset } = loadRules(files, { lints: false });
  expect(findings.filter(({ file, severity }) => file === 'tuned.yaml' || severity === 'error')).toEqual([]);
  expect(ruleset.rules.map(({ enabled }) => enabled)).toEqual([true]);
  project.write('tuned.yaml', out);
  const replayed = tune('a.jsonl', ...GIVEN, '--replay', 'rules.yaml', '--replay', 'tuned.yaml');
  expect(replayed.code).toBe(1);
  expect(replayed.out).toContain('alerts before 2, after 0\n');
});

test('alerts of which the output does not say enough are told, and not counted as gone', () => {
  project.write('a.jsonl', line({}));
  project.write(
    'changed.yaml',
    RULES.replace('fd.typechar = 4', 'fd.typechar = 4 and not proc.pname = cron'),
  );
  const { code, out } = tune('a.jsonl', ...GIVEN, '--replay', 'changed.yaml');
  expect(code).toBe(0);
  expect(out).toContain("alerts before 1, after 0, 1 can't be told\n");
  expect(out).toContain('1 alert of Outbound cannot be replayed: field proc.pname not in the output\n');
});

test('nothing differs under the same rules', () => {
  project.write('a.jsonl', line({}));
  expect(tune('a.jsonl', ...GIVEN, '--replay', 'rules.yaml')).toMatchObject({ code: 0, error: '' });
});

test('alerts of other rules are named', () => {
  project.write('a.jsonl', line({}, 'Terminal shell in container'));
  expect(tune('a.jsonl', ...GIVEN).out).toContain(
    '#   1 of Terminal shell in container: not among the rules given\n',
  );
});

test.each<[string[], string]>([
  [[], 'name a file of alerts, or -; see --help'],
  [['none.jsonl', '--rules', 'rules.yaml'], 'there is no file none.jsonl'],
  [['a.jsonl'], 'give the rules that raised the alerts by --rules; see --help'],
  [['a.jsonl', '--rules', 'none.yaml'], 'there is no file or folder none.yaml'],
  [['a.jsonl', '--rules', '-'], 'standard input may hold alerts, but not rules'],
  [[...GIVEN, 'a.jsonl', '--top', '0'], "--top must be a number above 0, not '0'"],
  [[...GIVEN, 'a.jsonl', '--matching', 'some'], "--matching must be first or all, not 'some'"],
  [[...GIVEN, 'a.jsonl', '--expires', '2020-01-01'], '--expires 2020-01-01 is in the past'],
  [
    [...GIVEN, 'a.jsonl', '--expires', '2027-02-31'],
    "--expires must be days such as 90d, or a date such as 2027-02-23, not '2027-02-31'",
  ],
  [[...GIVEN, 'a.jsonl', '--kep', 'x'], "unknown option '--kep'; did you mean '--keep'?; see --help"],
  [[...GIVEN, 'a.jsonl', '--keep', 'fd.dip'], "Falco has no field 'fd.dip' to keep; did you mean 'fd.ip'?"],
])('%j is one clear line', (args, message) => {
  project.write('a.jsonl', line({}));
  expect(tune(...args)).toEqual({ code: 2, out: '', error: `${message}\n` });
});

test('rules that Falco refuses are findings', () => {
  project.write('rules.yaml', RULES.replace('fd.typechar', 'fd.tpechar'));
  project.write('a.jsonl', line({}));
  const { code, error } = tune('a.jsonl', ...GIVEN);
  expect(code).toBe(1);
  expect(error).toContain('rules.yaml:4:');
});

test('--help', () => {
  expect(tune('--help')).toMatchObject({ code: 0, error: '' });
});
