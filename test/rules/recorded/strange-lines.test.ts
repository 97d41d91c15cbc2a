import { falcoFields } from '../../../lib/rules/fields/catalogue';
import { readRecordedEvents } from '../../../lib/rules/testing/recorded-events';
import { readRecord } from '../../../lib/rules/tune/record';
import { FALCO_VERSIONS } from '../../../lib/falco/versions';

const catalogue = falcoFields(FALCO_VERSIONS.at(-1) ?? '', []);
const LINE =
  '2026-11-22T07:41:15.1Z stdout F {"rule":"R","output_fields":{"__proto__":"x","evt.time":1790000000000000001}}';

test('tests and tuning read the same of a line: behind a prefix, with all digits, and names that objects have', () => {
  const { events, findings } = readRecordedEvents({ name: 'a', text: LINE }, catalogue);
  expect(findings).toEqual([]);
  const record = readRecord(LINE);
  for (const fields of [events[0], record?.kind === 'alert' ? record.fields : undefined]) {
    expect(Object.entries(fields ?? {})).toEqual([
      ['__proto__', 'x'],
      ['evt.time', 1790000000000000001n],
    ]);
    expect(Object.getPrototypeOf(fields)).toBeNull();
  }
});
