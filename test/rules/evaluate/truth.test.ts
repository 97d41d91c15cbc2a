import { compileCondition } from '../../../lib/rules/evaluate/compile';
import { parseCondition } from '../../../lib/rules/language/parse';
import { catalogue } from './catalogue';
import { truthEvents, truthRows } from './recorded';

/** What the events don't tell, so that no evaluation of them can be right. */
const NOT_REPLAYED: Readonly<Record<string, string>> = {
  u041: 'fd.sip.name is not recorded',
  u085: 'thread.tid is not recorded',
  u089: 'evt.buflen is not recorded',
};

const events = truthEvents();
const recorded = new Set(events.map((event) => event['evt.num']));
const rows = truthRows().filter((row) => row.accepted);

describe('what the real Falco found true', () => {
  test.each(rows.filter((row) => !(row.id in NOT_REPLAYED)))('$id: $condition', ({ condition, true_on }) => {
    const passes = compileCondition(parseCondition(condition), catalogue);
    const found = events.filter(passes).map((event) => event['evt.num']);
    // A few events of those times were not recorded.
    expect(found).toEqual(true_on?.filter((number) => recorded.has(number)));
  });

  test('is replayed but for the named rows', () => {
    expect(rows.filter((row) => row.id in NOT_REPLAYED)).toHaveLength(Object.keys(NOT_REPLAYED).length);
    expect(rows.length).toBeGreaterThan(100 + Object.keys(NOT_REPLAYED).length);
  });
});
