import { falcoFields } from '../../../lib/rules/fields/catalogue';
import { FALCO_VERSIONS } from '../../../lib/falco/versions';
import { readRecordedEvents } from '../../../lib/rules/testing/recorded-events';
import { truthEvents } from '../evaluate/recorded';

const catalogue = falcoFields(FALCO_VERSIONS.at(-1) ?? '', ['container']);

function read(...events: readonly object[]) {
  const text = events.map((event) => JSON.stringify(event)).join('\n');
  return readRecordedEvents({ name: 'events.jsonl', text }, catalogue);
}

test('what a recorder of the real Falco wrote is read as it is, its notes and empty fields too', () => {
  const { events, findings } = read(...truthEvents());
  expect(findings).toEqual([]);
  expect(events.map((event) => event['evt.num'])).toEqual(truthEvents().map((event) => event['evt.num']));
});

test('an address that follows from those that are told may be told too', () => {
  const ends = { 'evt.type': 'connect', 'fd.cip': '10.0.0.1', 'fd.sip': '10.0.0.2' };
  const { events, findings } = read({ ...ends, 'fd.ip': '10.0.0.2', 'fd.snet': '10.0.0.2' });
  expect(findings).toEqual([]);
  expect({ ...events[0] }).toEqual(ends);
});

test.each([
  [{ 'evt.type': 'connect', 'fd.ip': '10.0.0.2', 'fd.sip': '10.0.0.2' }, 'fd.ip follows from other fields'],
  [{ 'k8s.ns.label[network]': 'green' }, 'Falco never gives k8s.ns.label a value'],
  [{ 'evt.typ': null }, 'there is no field evt.typ'],
])('%j would be lost without a word, and is refused', (event, message) => {
  expect(read(event).findings).toMatchObject([{ line: 1, message }]);
});
