import { parseCidr } from '../../lib/containment/address';
import { addressOf } from '../../lib/history/address';
import { patternsOf } from '../../lib/history/asked';
import { coverageText } from '../../lib/history/coverage';
import { ALERT_STREAMS, inventoryQueries, queriesFor } from '../../lib/history/loki/logql';

function queriesOf(text: string): readonly string[] {
  const range = addressOf(text)?.range ?? parseCidr(text);
  if (range === undefined) throw new Error(text);
  return queriesFor(ALERT_STREAMS, patternsOf({ ranges: [range], names: [] }, 'falco'));
}

const SIDEKICK = ALERT_STREAMS.replace('}', ', hostname!=""}');

test.each([
  ['203.0.113.7', `${SIDEKICK} |= "203.0.113.7"`],
  ['203.0.113.0/24', `${SIDEKICK} |= "203.0.113."`],
  ['203.0.112.0/22', String.raw`${SIDEKICK} |~ "203\\.0\\.(?:112|113|114|115)\\."`],
  ['2001:db8::7', String.raw`${SIDEKICK} |~ "(?i)2001:0*db8:[0:]*(?:7|0\\.0\\.0\\.7)"`],
  ['::/0', ALERT_STREAMS],
])(
  'Loki is asked for a text where one is enough, and without regard to case only where there are letters: %s',
  (text, lines) => {
    expect(queriesOf(text)[0]).toBe(lines);
  },
);

test('no stream is read twice: those without a node are asked for what stands in a line or beside it at once', () => {
  const [lines, beside, ...more] = queriesFor('{app="falco"}', ['10\\.0\\.0\\.1']);
  expect(lines).toBe('{app="falco", hostname!=""} |= "10.0.0.1"');
  const stages = beside?.split(' | ') ?? [];
  expect([stages[0], stages.at(-1)]).toEqual(['{app="falco", hostname=""}', 'drop falco_egress_line']);
  const fields = ['fd_sip', 'evt_arg_addr', 'fd_name', 'evt_arg_tuple', 'fd_rip'];
  for (const field of fields)
    expect(beside).toContain(`output_fields_${field}=~".*(?:10\\\\.0\\\\.0\\\\.1).*"`);
  expect(beside).not.toContain('fd_sip_name');
  expect(more).toEqual([]);
});

test('of more addresses than a query may hold all alerts are read', () => {
  const addresses = (count: number) =>
    Array.from({ length: count }, (_, at) => `10\\.0\\.${at >> 8}\\.${at & 255}`);
  expect(queriesFor('{app="falco"}', addresses(200))).toHaveLength(2);
  expect(queriesFor('{app="falco"}', addresses(1_000))).toEqual(['{app="falco"}']);
});

test('a name is looked for where names stand as well', () => {
  const [, beside] = queriesFor('{app="falco"}', ['example\\.org']);
  expect(beside).toContain('output_fields_fd_sip_name=~"(?i).*(?:example\\\\.org).*"');
  expect(beside).toContain('output_fields_fd_rip_name=~');
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
