import { alikeOf } from '../../../lib/history/alike';
import type { Connection } from '../../../lib/history/connection';
import { AlertScan } from '../../../lib/history/files/alert-scan';
import { Finds } from '../../../lib/history/files/finds';
import type { Found } from '../../../lib/history/files/scan';
import { ScanBatchReader, ScanBatchWriter } from '../../../lib/history/files/scan-batch';
import { CANARY_RULE } from '../../../lib/rules/library/names';
import { alertLine } from '../alert';

const ALL = { patterns: undefined, texts: [] };
const at = (second: number): object => ({
  time: `2026-11-22T07:${String(Math.floor(second / 60) % 60).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.5Z`,
});
const blockOf = (lines: readonly string[]): { readonly bytes: Buffer; readonly afterTooLong: boolean } => ({
  bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')),
  afterTooLong: false,
});

/** What lies in blocks, as it is found, and as another thread is told of it. */
function both(blocks: readonly (readonly string[])[]): { readonly here: Found[]; readonly there: Found[] } {
  const [finds, batch, reader] = [new Finds(), new ScanBatchWriter(), new ScanBatchReader()];
  const [scan, other] = [new AlertScan(ALL, finds), new AlertScan(ALL, batch)];
  const [here, there]: [Found[], Found[]] = [[], []];
  for (const lines of blocks) {
    scan.scan(blockOf(lines));
    other.scan(blockOf(lines));
    here.push(finds.take());
    there.push(reader.read(structuredClone(batch.take())));
  }
  expect(other.end('it is cut')).toEqual(scan.end('it is cut'));
  return { here, there };
}

const connectionsOf = (found: readonly Found[]): Connection[] =>
  found.flatMap(({ connections }) => connections);

test('another thread is told of the same connections, in their order, block by block', () => {
  const lines = Array.from({ length: 300 }, (_, index) =>
    alertLine({ 'k8s.pod.name': `cart-${(index * index) % 7}`, 'fd.sport': 440 + (index % 3) }, at(index)),
  );
  const { here, there } = both([lines.slice(0, 120), [], lines.slice(120)]);
  expect(there.map(({ connections }) => connections.length)).toEqual([120, 0, 180]);
  expect(connectionsOf(there)).toEqual(connectionsOf(here));
});

// The last line of a block is always parsed.
test('what is alike is known to be there too, so that it is worked out once', () => {
  const { there } = both([Array.from({ length: 50 }, (_, index) => alertLine({}, at(index)))]);
  const kinds = connectionsOf(there)
    .slice(1, -1)
    .map((connection) => alikeOf(connection));
  expect(new Set(kinds).size).toBe(1);
  expect(kinds[0]?.first.pod).toBe('cart-0');
});

test('a kind that has had to go for others is told of again when it comes back', () => {
  const many = Array.from({ length: 40_000 }, (_, index) =>
    alertLine({ 'fd.sip': `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` }, at(index)),
  );
  const early = many.slice(0, 2000);
  const { here, there } = both([early, early, many, early, early]);
  const told = (found: readonly Found[]): string[] =>
    connectionsOf(found).map(({ destination, first, last }) => `${destination.address} ${first} ${last}`);
  expect(told(there)).toEqual(told(here));
});

test('other alerts come with all their fields, and records of the inventory as they are', () => {
  const node =
    '{"inventory":1,"kind":"node","cluster":"eu","time":"2026-11-22T07:00:00Z","name":"n","uid":"u","since":"2026-11-01T00:00:00Z","ips":[]}';
  const { here, there } = both([
    [alertLine({ n: 1 }, { rule: CANARY_RULE }), alertLine(), node],
    [alertLine({ n: 2 }, { rule: CANARY_RULE })],
  ]);
  const told = there.flatMap(({ others }) => others);
  expect(told.map(({ rule, hostname, fields }) => [rule, hostname, fields('n'), fields('nothing')])).toEqual([
    [CANARY_RULE, 'node-1', 1, undefined],
    [CANARY_RULE, 'node-1', 2, undefined],
  ]);
  expect(told.map(({ time }) => time)).toEqual(here.flatMap(({ others }) => others).map(({ time }) => time));
  expect(there[0]?.inventory).toEqual([expect.objectContaining({ kind: 'node', name: 'n' })]);
});
