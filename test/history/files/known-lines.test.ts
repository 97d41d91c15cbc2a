import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { alikeOf } from '../../../lib/history/alike';
import { readAlertLine, type LineContent } from '../../../lib/history/alert-line';
import { KnownLines } from '../../../lib/history/files/known-lines';
import { alertLine } from '../alert';

const FIXTURES = resolve(__dirname, '../../fixtures');

function linesOf(name: string): string[] {
  const bytes = readFileSync(resolve(FIXTURES, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trim().split('\n');
}

/** What the real Falco and the real falcosidekick wrote, and our rules. */
const RECORDED = [
  ...linesOf('falcosidekick/alerts.jsonl'),
  ...linesOf('falcosidekick/webhooks.jsonl.gz').flatMap((line) => {
    const { sent, request } = JSON.parse(line) as Record<'sent' | 'request', { body: string }>;
    return [sent.body, request.body];
  }),
  ...linesOf('falco-0.44.1/egress-cases.jsonl.gz').flatMap((line) => {
    const { alerts } = JSON.parse(line) as { alerts: object[] };
    return alerts.map((alert) => JSON.stringify(alert));
  }),
  ...[alertLine(), alertLine({ 'proc.name': 'süß-\u{1f980}\n"x"' }), alertLine({ 'evt.type': 'accept' })],
  alertLine({ 'fd.sip': null, 'evt.arg.addr': null, 'fd.name': '10.0.0.1:51006->10.0.0.2:443' }),
  alertLine({ 'evt.type': 'sendto', 'evt.arg.tuple': '10.0.0.1:51006->10.0.0.2:53' }),
].filter((line) => line.startsWith('{') && line.endsWith('}') && !line.includes('\n'));

/** Falco's, falcosidekick's own, and some that nobody reads. */
const ASKED = ['proc.name', 'fd.name', 'k8s.pod.name', 'evt.type', 'falco_egress.rule', 'evt.time'];

function read(lines: KnownLines, text: string): LineContent {
  const bytes = Buffer.from(`${text}\n   `, 'latin1');
  return lines.read(bytes, 0, bytes.length - 4);
}

/** Of an alert what it answers. */
function told(content: LineContent): unknown {
  if (content.kind !== 'other') return content;
  const { fields, counted, ...rest } = content.alert;
  return { ...content, alert: { ...rest, fields: ASKED.map(fields), counted: counted('log_count') } };
}

/** As the bytes say it, a character each. */
function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function parsed(text: string): unknown {
  return told(readAlertLine(Buffer.from(text, 'latin1').toString()));
}

function isKnown(content: LineContent): boolean {
  return content.kind === 'connection' && alikeOf(content.connection) !== undefined;
}

/** The same numbers each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const PIECES = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\t', '\u0001', '\u00e9', '0', '-', '.', 'e5', '->'],
  ...['\\u003e', '\\ud83e', '\\n', '\\x', '\\u00', 'null', 'true', '1e400', '12345678901234567890', '""'],
  '',
];

const MEMBERS = [
  ...['"a":-1.5,', '"b":"\\u003e \\"",', '"":"",', '"c":[],', '"d":false,', '"fd.lport":0,', '"uuid":"x",'],
  ...['"rule":"x",', '"time":"2026-11-22T07:41:15Z",', '"log_count":7,', '"output_fields":{},'],
  ...['"fd.sip":"10.0.0.9",', '"fd.sport":80,', '"proc.name":null,', '"a":{"b":1},', '"a":[1,"x",null],'],
  ...['"__proto__":{"rule":"y"},', '"fd\\u002esip":"10.0.0.8",', '"k8s.ns.name":"<NA>",', '"cluster":"c",'],
];

/** A few pieces more or less, anywhere or where a name may stand. */
function mutated(line: string, roll: (sides: number) => number): string {
  let text = line;
  // Half of them are still JSON.
  const isMild = roll(2) === 0;
  for (let changes = roll(3); changes >= 0; changes--) {
    const commas = [...text.matchAll(/[,{](?=")/g)].map(({ index }) => index + 1);
    const at = !isMild && roll(2) === 0 ? roll(text.length) : (commas[roll(commas.length)] ?? 0);
    const piece = isMild ? (MEMBERS[roll(MEMBERS.length)] ?? '') : latin1(PIECES[roll(PIECES.length)] ?? '');
    text = text.slice(0, at) + piece + text.slice(at + (isMild || roll(2) === 0 ? 0 : roll(8)));
  }
  return text.replaceAll('\n', ' ');
}

test('whatever a line says, it is read as if it was parsed', () => {
  const lines = new KnownLines();
  const roll = dice(7);
  let known = 0;
  for (let round = 0; round < 4_000; round++) {
    const line = latin1(RECORDED[roll(RECORDED.length)] ?? '');
    const text = round < RECORDED.length ? latin1(RECORDED[round] ?? '') : mutated(line, roll);
    if (!text.startsWith('{') || !text.endsWith('}')) continue;
    const content = read(lines, text);
    if (isKnown(content)) known++;
    // The reader of the lines reports a text without its surroundings.
    if (JSON.stringify(told(content), big) !== JSON.stringify(parsed(text), big))
      expect([text, told(content)]).toEqual([text, parsed(text)]);
  }
  expect(known).toBeGreaterThan(300);
});

function big(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

test.each([
  ['another time', {}, { time: '2026-11-22T07:41:16.7Z' }],
  ['another text', {}, { output: 'a "quoted" one of \\ and \u00fc', uuid: 'x', tags: ['a', 'b'] }],
  ['another port of its own', { 'fd.cport': 40_000, 'proc.pid': 12, 'evt.time': 1.5 }, {}],
  ['a tuple from another port', { 'fd.name': '10.0.0.1:2->203.0.113.7:443' }, {}],
])('with %s alone a line is not parsed again', (_, fields, body) => {
  const lines = new KnownLines();
  const name = { 'fd.name': '10.0.0.1:1->203.0.113.7:443', 'evt.time': 1, 'proc.pid': 1 };
  expect(isKnown(read(lines, latin1(alertLine(name))))).toBe(false);
  const text = latin1(alertLine({ ...name, ...fields }, body));
  const content = read(lines, text);
  expect(isKnown(content)).toBe(true);
  expect(content).toEqual(parsed(text));
});

test.each([
  ...[
    '2026-11-22T07:41:15Z',
    '2026-11-22T07:41:59.999999999Z',
    '2026-11-22T07:42:00.0Z',
    '2026-11-22T23:59:60Z',
  ],
  ...['2026-11-22T24:00:00Z', '2026-11-22T24:00:01Z', '2026-02-30T00:00:00Z', '2026-11-22T07:41:15,5Z'],
  ...[
    '2026-11-22T07:41:15.1234567891Z',
    '2026-11-22T07:41:15+01:00',
    '2026-11-22T07:41:15.Z',
    '1969-01-01T00:00:00Z',
  ],
  ...[
    '2026-11-22t07:41:15Z',
    '9999-12-31T23:59:59Z',
    '2026-11-22T07:41:15.5',
    '',
    '2026-11-22T07:41:1\u00e9Z',
  ],
])('the time %j is read as it is of a parsed line', (time) => {
  const lines = new KnownLines();
  for (const before of ['2026-11-22T07:41:15Z', '2026-11-22T24:00:00Z']) {
    read(lines, latin1(alertLine({}, { time: before })));
    const text = latin1(alertLine({}, { time }));
    expect(told(read(lines, text))).toEqual(parsed(text));
  }
});

test('a copy of a connection that is changed is of no known kind', () => {
  const lines = new KnownLines();
  const contents = [0, 1].map(() => read(lines, alertLine()));
  const [, content] = contents;
  if (content?.kind !== 'connection') throw new Error('no connection');
  expect(alikeOf(content.connection)).toBeDefined();
  expect(alikeOf({ ...content.connection, pod: 'other' })).toBeUndefined();
});

test('kinds that share a place are told apart', () => {
  const lines = new KnownLines();
  const addressAt = (at: number): string => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
  for (let round = 0; round < 2; round++)
    for (let at = 0; at < 6_000; at += 1 + round * 97) {
      const content = read(lines, alertLine({ 'fd.sip': addressAt(at) }));
      expect(content.kind === 'connection' && content.connection.destination.address).toBe(addressAt(at));
    }
});
