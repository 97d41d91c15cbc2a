import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Connection } from '../../../lib/history/connection';
import { AlertFile, type FileReport, type FileTold } from '../../../lib/history/files/alert-file';
import { AlertScan } from '../../../lib/history/files/alert-scan';
import { Finds } from '../../../lib/history/files/finds';
import { ScanBatchReader, ScanBatchWriter } from '../../../lib/history/files/scan-batch';
import { holesIn } from '../../../lib/history/holes';
import { alertLine } from '../alert';

/** What readers of Loki print: facts from logcli 3.7.8 (pkg/logcli/output) and Grafana's logs/utils and inspector/utils. */

const AT = '2026-11-22T07:41:16.5Z';
const NANOSECONDS = '1795333276500000000';
const LABELS = { hostname: 'node-1', priority: 'Warning', rule: 'Outbound' };
/** The collector's shape: the text as the line, the fields beside it. */
const BESIDE = {
  rule: 'Outbound',
  priority: 'Warning',
  cluster: 'prod',
  time: '2026-11-22T07:41:15.744381641Z',
  output_fields_evt_type: 'connect',
  output_fields_evt_res: 'SUCCESS',
  output_fields_fd_sip: '203.0.113.7',
  output_fields_fd_sport: '443',
  output_fields_fd_l4proto: 'tcp',
  output_fields_k8s_ns_name: 'shop',
  output_fields_k8s_pod_name: 'cart-0',
  output_fields_proc_name: 'collected "süß"',
};
const TEXT = '07:41:15.744381641: Warning Outbound connection';

const named = (name: string): string => alertLine({ 'proc.name': name });

/** Go's JSON has its keys in order. */
function jsonl(line: string, labels: object = LABELS, timestamp = AT): string {
  return JSON.stringify({ labels, line, timestamp });
}

/** Labels as Go prints them, behind which `logcli` pads. */
function go(labels: object): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')}}   `;
}

async function read(
  bytes: Buffer | string,
  patterns?: readonly string[],
  size = 1 << 20,
  told: FileTold = {},
): Promise<{
  readonly names: readonly unknown[];
  readonly found: Connection[];
  readonly report: FileReport;
}> {
  const all = Buffer.from(bytes);
  const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.subarray(at * size, (at + 1) * size),
  );
  const file = new AlertFile('a', Readable.from(pieces), { patterns, texts: [] }, told);
  const found: Connection[] = [];
  for await (const connections of file.connections()) found.push(...connections);
  return { names: found.map(({ program }) => program.name), found, report: file.report() };
}

test.each<[string, string]>([
  ['-o jsonl', [jsonl(named('first')), jsonl(TEXT, BESIDE)].join('\n')],
  [
    '-o jsonl --no-labels, and with labels',
    [JSON.stringify({ line: named('first'), timestamp: AT }), jsonl(TEXT, BESIDE)].join('\n'),
  ],
  [
    'its default output',
    [`2026-11-22T08:41:16+01:00 ${go({})}${named('first')}`, `${AT} ${go(BESIDE)}${TEXT}`].join('\n'),
  ],
  ['its default output without labels', [`${AT} ${named('first')}`, `${AT} ${go(BESIDE)}${TEXT}`].join('\n')],
])('what logcli prints: %s', async (_what, text) => {
  for (const patterns of [undefined, ['203\\.0\\.113\\.7']]) {
    const { names, found, report } = await read(text, patterns);
    expect(names).toEqual(['first', 'collected "süß"']);
    expect(found[1]).toMatchObject({ cluster: 'prod', destination: { address: '203.0.113.7', port: 443 } });
    expect(report).toMatchObject({ lines: 2, badCount: 0, holdsAny: true });
    expect(holesIn([report], [])).toEqual([]);
  }
});

test("Grafana's downloads are read, as JSON in one line however it is cut, and as text", async () => {
  const items = [
    { line: named('a},{"line":'), timestamp: NANOSECONDS, fields: LABELS },
    { line: TEXT, timestamp: NANOSECONDS, date: AT, fields: BESIDE },
    { line: named('last'), timestamp: NANOSECONDS, fields: { ...LABELS, note: 'x}]' } },
  ];
  const names = ['a},{"line":', 'collected "süß"', 'last'];
  for (const text of [JSON.stringify(items), `${JSON.stringify(items)}\n`])
    for (const size of [1, 7, 64, 1 << 20]) {
      const { report, ...all } = await read(text, undefined, size);
      expect(all.names).toEqual(names);
      expect(report).toMatchObject({ badCount: 0, lines: 3, bytes: Buffer.byteLength(text) });
    }
  expect((await read(gzipSync(JSON.stringify(items)))).names).toEqual(names);
  const txt = [
    'Common labels: {"hostname":"node-1"}',
    'Line limit: "1000 (2 returned)"',
    '',
    `1795333276500\t${AT}\t${named('new')}`,
    `2026-11-22 07:41:16.500\t${named('old')}`,
  ].join('\n');
  const { report, ...all } = await read(txt);
  expect(all.names).toEqual(['new', 'old']);
  expect(report).toMatchObject({ badCount: 0, text: 2 });
});

test('an array that is longer than a line may be does not fill the memory', async () => {
  const item = { line: named('x'.repeat(1000)), timestamp: NANOSECONDS, fields: LABELS };
  const { names, report } = await read(JSON.stringify(Array<object>(4000).fill(item)), undefined, 1 << 16);
  expect(names).toHaveLength(4000);
  expect(report).toMatchObject({ badCount: 0, lines: 4000 });
});

test('of lines that are not looked for only the time is read, of records of the inventory all', async () => {
  const other = alertLine({ 'fd.sip': '10.0.0.1', 'evt.arg.addr': '10.0.0.1:443' });
  const record = '{"inventory":1,"kind":"picture"}';
  const lines = Array.from({ length: 30 }, () => jsonl(other, LABELS, '2026-11-22T09:00:00Z'));
  const { names, report } = await read(
    [
      ...lines,
      jsonl(named('found')),
      jsonl(record, {}),
      jsonl(other, LABELS, `${Date.parse('2026-11-22T10:00:00Z')}000000`),
    ].join('\n'),
    ['203\\.0\\.113\\.7'],
  );
  expect(names).toEqual(['found']);
  // It is a record, though none that is known.
  expect(report.bad).toEqual([{ line: 32, reason: 'it is no record of an inventory that is known' }]);
  expect(report.span).toEqual({ first: '2026-11-22T07:41:15Z', last: '2026-11-22T10:00:00Z' });
});

test("the collector's canaries tell their fields, also to another thread", () => {
  const canary = { ...BESIDE, rule: 'Canary connection', output_fields_evt_hostname: 'node-7' };
  const asked = { patterns: undefined, texts: [] };
  const [here, batch] = [new Finds(), new ScanBatchWriter()];
  const bytes = Buffer.from(jsonl(TEXT, canary));
  for (const told of [here, batch]) new AlertScan(asked, told).scan({ bytes, afterTooLong: false });
  const found = [here.take(), new ScanBatchReader().read(structuredClone(batch.take()))];
  for (const { others } of found)
    expect(others.map(({ rule, fields }) => [rule, fields('evt.hostname'), fields('none')])).toEqual([
      ['Canary connection', 'node-7', undefined],
    ]);
});

test('what logcli left out of its labels is told with the way out, and other lines are text', async () => {
  const { rule: _rule, ...common } = BESIDE;
  const { report } = await read(
    [
      jsonl(TEXT, common),
      jsonl('Falco version: 0.44.1', {}),
      jsonl('{"time":"2026-11-22T07:41:15.744Z","level":"info","message":"ready"}', {}),
      '2026/11/22 07:41:15 Common labels: {cluster="prod"}',
      '{"labels":{},"line":"x"}',
      '{"line":"x","timestamp":}',
      `${AT} {not="closed} ${TEXT}`,
    ].join('\n'),
  );
  expect(report).toMatchObject({ text: 3, holdsAny: false });
  expect(report.bad.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
    expect.stringMatching(/^1: its rule is missing.*--include-common-labels$/),
    '5: it is no entry of Loki',
    '6: it is no entry of Loki',
    '7: its end is missing',
  ]);
});
