import { parseCidr } from '../../lib/containment/address';
import { addressOf } from '../../lib/history/address';
import { patternsOf } from '../../lib/history/asked';
import { coverageText } from '../../lib/history/coverage';
import { ALERT_STREAMS, inventoryQueries, queriesFor } from '../../lib/history/loki/logql';

function linesOf(text: string): string | undefined {
  const range = addressOf(text)?.range ?? parseCidr(text);
  if (range === undefined) throw new Error(text);
  const [lines = ''] = queriesFor(ALERT_STREAMS, patternsOf({ ranges: [range], names: [] }, 'falco'));
  return lines.replace(ALERT_STREAMS, 'ALL');
}

test('Loki is asked for a text where one is enough, and without regard to case only where there are letters', () => {
  expect(linesOf('203.0.113.7')).toBe('ALL |= "203.0.113.7"');
  expect(linesOf('203.0.113.0/24')).toBe('ALL |= "203.0.113."');
  expect(linesOf('203.0.112.0/22')).toBe(String.raw`ALL |~ "203\\.0\\.(?:112|113|114|115)\\."`);
  expect(linesOf('2001:db8::7')).toBe('ALL |~ "(?i)2001:0*db8:[0:]*(?:7|0\\\\.0\\\\.0\\\\.7)"');
  expect(linesOf('::/0')).toBe('ALL');
});

test('what stands beside lines is asked for where the collector writes, without what the first query gives', () => {
  const [, beside] = queriesFor('{app="falco"}', ['10\\.0\\.0\\.1']);
  expect(beside).toMatch(/^\{app="falco", hostname=""\} != "10\.0\.0\.1" \| output_fields_fd_sip=~/);
});

test('coverage is never rounded up, and names what is missing', () => {
  expect(coverageText({ kind: 'unknown', why: 'no canary records' })).toBe(
    'coverage unknown: no canary records',
  );
  const gap = {
    ...{ what: 'node-3', why: 'no Falco' },
    ...{ from: new Date('2026-11-09T11:02:00Z'), to: new Date('2026-11-09T11:20:00Z') },
  };
  expect(
    coverageText({
      ...{ kind: 'measured', nodeMinutes: { expected: 100_000, covered: 99_999 } },
      ...{ nodes: 2, gaps: [gap], moreGaps: 0, partly: [], losses: [], unwatched: [] },
      exempt: [
        { what: 'falco', label: 'network=green' },
        { what: 'kube-system', label: 'network=green' },
      ],
    }),
  ).toBe(
    'covered: 99.99 % of node-minutes; not covered: namespaces falco, kube-system (exempt); node-3, 2026-11-09 11:02–11:20 (no Falco)',
  );
});

test('records of the inventory are asked for by what they hold, in queries that Loki takes', () => {
  const many = Array.from({ length: 450 }, (_, index) => `id${index}`);
  expect(inventoryQueries([])).toEqual([]);
  expect(inventoryQueries(['10\\.0\\.0\\.5'])).toEqual([
    '{source="inventory"} |~ "(?i)\\"kind\\":\\"picture\\"|10\\\\.0\\\\.0\\\\.5"',
  ]);
  expect(inventoryQueries(many)).toHaveLength(3);
  expect(inventoryQueries(many).join()).toContain('id449');
  const everything = ['{source="inventory"}'];
  expect(inventoryQueries(undefined)).toEqual(everything);
  expect(inventoryQueries(Array(2_001).fill('x'))).toEqual(everything);
});
