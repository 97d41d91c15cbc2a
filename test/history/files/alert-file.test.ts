import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Connection } from '../../../lib/history/connection';
import { AlertFile, type FileReport } from '../../../lib/history/files/alert-file';
import { holesIn } from '../../../lib/history/holes';
import { alertLine } from '../alert';

const PATTERNS = ['203\\.0\\.113\\.7'];
const OTHER = alertLine({ 'fd.sip': '10.0.0.1', 'evt.arg.addr': '10.0.0.1:443' });

/** Reads what comes in pieces of some size. */
async function read(
  bytes: Buffer | string,
  size = 1 << 20,
  patterns: readonly string[] | undefined = PATTERNS,
): Promise<{ readonly found: Connection[]; readonly report: FileReport }> {
  const all = Buffer.from(bytes);
  const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.subarray(at * size, (at + 1) * size),
  );
  const file = new AlertFile('a.jsonl', Readable.from(pieces), { patterns, texts: [] });
  const found: Connection[] = [];
  for await (const connections of file.connections()) found.push(...connections);
  return { found, report: file.report() };
}

const ALERTS = [alertLine(), OTHER, alertLine({ 'proc.name': 'süß-\u{1f980}' }), OTHER].join('\n');

test.each([1, 7, 64, 1 << 20])(
  'lines are found whole, compressed or not, in pieces of %i bytes',
  async (size) => {
    for (const bytes of [
      Buffer.from(ALERTS),
      gzipSync(ALERTS),
      Buffer.concat([gzipSync(`${ALERTS}\n`), gzipSync('')]),
    ]) {
      const { found, report } = await read(bytes, size);
      expect(found.map(({ program }) => program.name)).toEqual(['java', 'süß-\u{1f980}']);
      expect(report).toMatchObject({ lines: 4, badCount: 0, bytes: bytes.length });
    }
  },
);

test("what Falco's own log and its container runtime add is passed over", async () => {
  const long = alertLine({ 'proc.name': 'x'.repeat(50) });
  const lines = [
    '\uFEFF' + alertLine(),
    'Sun Nov 22 07:41:15 2026: Falco version: 0.44.1 (x86_64)',
    '',
    `2026-11-22T07:41:15.744381641Z stdout F ${alertLine()}\r`,
    `2026-11-22T07:41:15.744381641Z stdout P ${long.slice(0, 30)}`,
    '2026-11-22T07:41:15.744381641Z stderr F a word between',
    `2026-11-22T07:41:15.744381641Z stdout P ${long.slice(30, 90)}`,
    `2026-11-22T07:41:15.744381641Z stdout F ${long.slice(90)}`,
  ];
  const { found, report } = await read(lines.join('\n'));
  expect(found.map(({ program }) => program.name)).toEqual(['java', 'java', 'x'.repeat(50)]);
  expect(report).toMatchObject({ lines: 8, badCount: 0, text: 2 });
});

test('half lines and garbage are counted with their places, and end nothing', async () => {
  const lines = [
    OTHER.slice(60),
    alertLine(),
    OTHER.slice(0, 60),
    `{"rule":"x",${alertLine()}`,
    `2026-11-22T07:41:15.744381641Z stdout P ${alertLine().slice(0, 50)}`,
  ];
  const { found, report } = await read(lines.join('\n'));
  expect(found).toHaveLength(1);
  expect(report.bad).toEqual([
    { line: 1, reason: 'its beginning is missing' },
    { line: 3, reason: 'its end is missing' },
    { line: 4, reason: 'it is no JSON' },
    { line: 5, reason: 'the end of a line of stdout is missing' },
  ]);
});

test('a compressed file that is cut off counts as far as it goes', async () => {
  const many = Array.from({ length: 400 }, (_, at) => alertLine({ 'fd.cport': (at * 7919) % 65536 })).join(
    '\n',
  );
  const packed = gzipSync(many);
  const { found, report } = await read(packed.subarray(0, packed.length - 500), 4096);
  expect(found.length).toBeGreaterThan(0);
  expect(report.bad.at(-1)?.reason).toMatch(/^the rest can't be read: /);
  expect(report.bytes).toBe(packed.length - 500);
});

test('a line without an end does not fill the memory', async () => {
  const endless = Buffer.alloc(9 << 20, 0x20);
  const { found, report } = await read(Buffer.concat([endless, Buffer.from(`\n${alertLine()}`)]), 1 << 20);
  expect(found).toHaveLength(1);
  expect(report).toMatchObject({ lines: 2, badCount: 1 });
});

test('the span is that of all alerts, also of those that were not read', async () => {
  const times = ['2026-11-22T07:00:00.5Z', '2026-11-21T23:30:00.123456789Z', '2026-11-22T12:00:00+02:00'];
  const lines = times.map((time) => OTHER.replace(/"time":"[^"]+"/, `"time":"${time}"`));
  const { report } = await read([...lines, '{"time":"soon"}'].join('\n'));
  expect(report.span).toEqual({ first: '2026-11-21T23:30:00Z', last: '2026-11-22T10:00:00Z' });
});

test('zstd is unpacked, or its need of a newer Node is told', async () => {
  const { report } = await read(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 1, 0, 0]));
  expect(report.bad.map(({ reason }) => reason)).toEqual(
    'zstdCompressSync' in (await import('node:zlib')) ? [] : [expect.stringMatching(/zstd.*22\.15/)],
  );
});

test('a file of something else is told, whatever is looked for in it', async () => {
  const strange = JSON.stringify({ msg: 'x', stream: 'stdout', time: '2026-11-22T07:41:15Z' });
  const { report } = await read(`${strange}\n`.repeat(100));
  expect(report).toMatchObject({ holdsAny: false, badCount: 20 });
  expect(report.bad[0]).toEqual({ line: 1, reason: "it has no 'rule'" });
  expect(holesIn([report], []).slice(0, 2)).toEqual([
    'a.jsonl: no line of it is an alert',
    "a.jsonl: 20 lines can't be read",
  ]);
  for (const nothing of ['', '\n', 'some text\n'])
    expect(holesIn([(await read(nothing)).report], [])).toEqual(['a.jsonl: no line of it is an alert']);
  const { found, report: other } = await read(OTHER);
  expect([found, other.holdsAny, holesIn([other], [])]).toEqual([[], true, []]);
});

test('a line in parts that is too long altogether is told', async () => {
  const part = `2026-11-22T07:41:15.744381641Z stdout P ${'x'.repeat(3_000_000)}`;
  const end = '2026-11-22T07:41:15.744381641Z stdout F }';
  const { found, report } = await read([part, part, end, alertLine()].join('\n'));
  expect(found).toHaveLength(1);
  expect(report.bad).toEqual([{ line: 3, reason: 'it is longer than 4194304 bytes' }]);
});

test('the time of lines is known however their JSON is spaced', async () => {
  const times = ['2026-11-22T07:41:15Z', '2026-11-22T09:41:15.5Z'];
  const lines = times.map((time) => alertLine({}, { time }).replace('"time":"', '"time" : "'));
  const { report } = await read(`${lines.join('\n')}\n`);
  expect(report.span).toEqual({ first: '2026-11-22T07:41:15Z', last: '2026-11-22T09:41:15Z' });
});

test('text is told where it may be what is looked for: an alert as Falco prints it without JSON, or a line that holds it', async () => {
  const lines = [
    '07:41:15.744381641: Warning Outbound (connection=10.244.1.7:51006->198.51.100.9:443)',
    '2026-11-22T07:41:15.744381641+0000: Notice Outbound (connection=10.244.1.7:51006->198.51.100.9:443)',
    'nginx 203.0.113.7 - GET /',
    'nginx 198.51.100.9 - GET /',
    alertLine(),
  ].join('\n');
  const asText = 'it is an alert as text; what can be read comes with json_output: true';
  const both = [1, 2].map((line) => ({ line, reason: asText }));
  const { report } = await read(lines);
  expect(report.bad).toEqual([...both, { line: 3, reason: 'it holds what is looked for, and is no alert' }]);
  const all = new AlertFile('all.jsonl', Readable.from([Buffer.from(lines)]), {
    patterns: undefined,
    texts: [],
  });
  const blocks: (readonly Connection[])[] = [];
  for await (const block of all.connections()) blocks.push(block);
  expect(blocks.flat()).toHaveLength(1);
  expect(all.report().bad).toEqual(both);
});

test.each(['2026-13-21T03:02:07Z', '2026-11-32T03:02:07Z', '2026-11-21T24:02:07Z', '2026-11-21T03:60:07Z'])(
  'the time %s, which is none, is not told as the end of a file',
  async (time) => {
    const { report } = await read(`${alertLine()}\n${alertLine({}, { time })}\n`);
    expect(report.span).toEqual({ first: '2026-11-22T07:41:15Z', last: '2026-11-22T07:41:15Z' });
    expect(report.bad).toEqual([{ line: 2, reason: "its 'time' is no time" }]);
  },
);

test('lines as kubectl and Docker show them, and with blanks behind, are read as they are', async () => {
  const [time, pod] = ['2026-11-22T07:41:16.744381641Z', '[pod/falco-x7k2p/falco]'];
  const named = (name: string): string => alertLine({ 'proc.name': name });
  const docker = (log: string, stream = 'stdout'): string =>
    JSON.stringify({ log, stream, time: '2026-12-24T00:00:00.1Z' });
  const long = named('long');
  const { found, report } = await read(
    [
      `${time} ${named('timestamps')}`,
      `${pod} ${named('prefix')}`,
      `${pod} ${time} ${named('both')}`,
      `2026-11-22T08:41:16.744381641+01:00 ${named('zone')}`,
      `${named('blanks')} \t \r`,
      `  ${named('before')}`,
      '   ',
      docker(`${named('docker')}\n`),
      docker(long.slice(0, 70)),
      docker('a word between\n', 'stderr'),
      docker(`${long.slice(70)}\n`),
      docker(`${OTHER}\n`).replace('"log":', '"log": '),
      `${time} Falco version: 0.44.1`,
    ].join('\n'),
  );
  const names = ['timestamps', 'prefix', 'both', 'zone', 'blanks', 'before', 'docker', 'long', 'java'];
  expect(found.map(({ program }) => program.name)).toEqual(names);
  // The time when Docker or kubectl got a line is not the alert's.
  expect(report).toMatchObject({ badCount: 0, text: 2, span: { last: '2026-11-22T07:41:15Z' } });
});

test("half of a line of Docker's, and half a line in one, are told", async () => {
  const line = JSON.stringify({ log: `${alertLine().slice(0, 90)}\n`, stream: 'stdout', time: 'x' });
  const { report } = await read(`${line}\n{"log":"x}\n{"log":1}`);
  expect(report.bad.map(({ reason }) => reason)).toEqual([
    'it is no JSON',
    'it is no JSON',
    "it has no 'rule'",
  ]);
});
