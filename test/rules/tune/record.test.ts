import { readRecord } from '../../../lib/rules/tune/record';

const ALERT = '{"rule":"R","time":"t","hostname":"n","output_fields":{"proc.name":"curl"}}';

test.each([
  ['as Falco prints it', ALERT],
  ['as falcosidekick sends it', ALERT.replace('{', '{"uuid":"u",')],
  ['behind a byte order mark', `\uFEFF${ALERT}`],
  ["in a Pod's log", `2026-11-22T07:41:15.744381641Z stdout F ${ALERT}`],
])('an alert %s', (_, line) => {
  expect(readRecord(line)).toMatchObject({ kind: 'alert', rule: 'R', fields: { 'proc.name': 'curl' } });
});

test('numbers beyond 2^53 keep their digits, whatever else looks like them', () => {
  const line =
    '{"output":"\\"evt.time\\":1","rule":"R","output_fields":{"a":"\\"evt.time\\":2","evt.time":1795333275744381641}}';
  expect(readRecord(line)).toMatchObject({ fields: { 'evt.time': 1795333275744381641n } });
});

test('what has no value is null, and what is no value too; Falco means the text <NA> of fd.l4proto', () => {
  const line = '{"rule":"R","output_fields":{"a":null,"b":"<NA>","c":{"d":1},"e":["x",2,null]}}';
  expect(readRecord(line)).toMatchObject({ fields: { a: null, b: '<NA>', c: null, e: ['x', 2] } });
});

test('names of fields are no more than names', () => {
  const record = readRecord('{"rule":"R","output_fields":{"__proto__":"x","constructor":"y"}}');
  expect(record?.kind === 'alert' && Object.keys(record.fields)).toEqual(['__proto__', 'constructor']);
  expect('toString' in (record?.kind === 'alert' ? record.fields : {})).toBe(false);
});

test('an event', () => {
  expect(readRecord('{"evt.type":"connect","fd.sport":443}')).toMatchObject({
    kind: 'event',
    fields: { 'evt.type': 'connect', 'fd.sport': 443 },
  });
});

test.each<[string, string]>([
  ['not json', 'it is no JSON'],
  [ALERT.slice(0, -1), 'it is no JSON'],
  [`${ALERT} x`, 'it is no JSON'],
  ['[]', 'it is no JSON object'],
  ['null', 'it is no JSON object'],
  ['7', 'it is no JSON object'],
  ['{}', "it has neither 'rule' nor 'evt.type'"],
  ['{"rule":7,"output_fields":{}}', "its 'rule' is no text"],
  ['{"rule":""}', "its 'rule' is no text"],
  ['{"rule":"R"}', "it has no 'output_fields'"],
  ['{"rule":"R","output_fields":null}', "it has no 'output_fields'"],
  ['{"rule":"R","output_fields":[]}', "it has no 'output_fields'"],
])('%j is a bad line', (line, reason) => {
  expect(readRecord(line)).toEqual({ kind: 'bad', reason });
});

test('an empty line is nothing', () => {
  expect(readRecord(' \r')).toBeUndefined();
});
