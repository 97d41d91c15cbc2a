import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CANARY_RULE } from '../../lib/rules/library/names';
import { DROP_RULE } from '../../lib/history/losses';
import { alertLine } from '../history/alert';
import { Project, type Ending } from './project';

/** Of larger files the lines are looked at in a thread of its own; of a pipe never. */
const MEBIBYTE = 1 << 20;
const DIST = resolve(__dirname, '../../dist');
const project = new Project();
afterAll(() => {
  project.remove();
});

const timeOf = (index: number): string => new Date(Date.UTC(2026, 10, 22) + 2000 * index).toISOString();

/** All that is found in files of alerts, in turn. */
function lineOf(index: number): string {
  const time = timeOf(index);
  const body = { time, hostname: `node-${index % 3}`, filler: 'x'.repeat(400) };
  const fields = {
    'k8s.pod.name': `cart-${(index * index) % 31}`,
    'fd.sip': index % 500 === 0 ? '203.0.113.7' : `198.51.100.${index % 250}`,
    'evt.arg.addr': null,
  };
  const counted = { 'egress.count': 7 };
  switch (index % 29) {
    case 1:
      return alertLine(fields, { ...body, ...counted });
    case 2:
      return alertLine({}, { ...body, rule: CANARY_RULE });
    case 3:
      return alertLine({ n_drops: 3 }, { ...body, rule: DROP_RULE });
    case 4:
      return `${time} stdout P ${alertLine(fields, body).slice(0, 200)}`;
    case 5:
      return `${time} stdout F ${alertLine(fields, { ...body, time: timeOf(index - 1) }).slice(200)}`;
    case 6:
      return 'Sun Nov 22 07:41:15 2026: a message of Falco';
    case 7:
      return alertLine(fields, body).slice(0, 300);
    case 8:
      return `${alertLine(fields, body)}\r`;
    case 9:
      return alertLine({ 'evt.type': 'accept4' }, body);
    default:
      return alertLine(fields, body);
  }
}

function podOf(name: string): object {
  const metadata = { name, namespace: 'shop', labels: { app: 'cart' } };
  return { kind: 'Pod', metadata, spec: {}, status: { phase: 'Running' } };
}

let size = 0;

beforeAll(() => {
  const lines = Array.from({ length: 26_000 }, (_, index) => lineOf(index));
  lines.splice(9000, 0, `{"rule":"${'x'.repeat(5 * MEBIBYTE)}`);
  project.write('large.jsonl', lines.join('\n'));
  project.write(
    'state.json',
    JSON.stringify({ kind: 'List', items: Array.from({ length: 31 }, (_, pod) => podOf(`cart-${pod}`)) }),
  );
  size = statSync(join(project.folder, 'large.jsonl')).size;
});

/** What a command prints of the file, named or as a stream. */
function told(way: 'file' | 'stream', command: string, ...args: readonly string[]): Ending {
  const ending = project.execute('sh', [
    '-c',
    way === 'file' ? '"$@" large.jsonl' : '"$@" - < large.jsonl',
    ...['sh', process.execPath, join(DIST, 'falco-egress.js'), command, ...args],
  ]);
  const alike = (text: string): string =>
    text.replaceAll('large.jsonl', '<stdin>').replace(/"(?:at|sha256)": ?"[^"]+"/g, '');
  return { ...ending, out: alike(ending.out), error: alike(ending.error) };
}

test('the file is one that gets a thread, and the thread has its program', () => {
  expect(size).toBeGreaterThan(16 * MEBIBYTE);
  expect(existsSync(join(DIST, 'scan-thread.js'))).toBe(true);
});

test.each([
  ['who', ['203.0.113.7', '--json']],
  ['who', ['198.51.100.0/24', '--json']],
  ['who', ['0.0.0.0/0', '--json']],
  ['report', ['--json', '--out', 'report.html']],
  ['advise', ['--json', '--cluster-state', 'state.json']],
] as const)('%s %s tells the same of a large file as of a stream of it', (command, args) => {
  const here = told('stream', command, ...args);
  expect(told('file', command, ...args)).toEqual(here);
  expect(`${here.error}${here.out}`).toMatch(/898 lines can't be read|"badCount": ?898/);
});
