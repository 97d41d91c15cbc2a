import { Exemptions } from '../../../lib/history/inventory/exemptions';
import type { InventoryRecord } from '../../../lib/inventory/record';
import { at, exemptionAt, nanoseconds, pictureAt } from './records';

const HOUR = { from: nanoseconds(0), to: nanoseconds(60) };
const BEFORE = '2026-11-21T10:00:00.000Z';
const date = (minute: number): Date => new Date(at(minute));

function within(records: readonly InventoryRecord[], span = HOUR) {
  const exemptions = new Exemptions();
  for (const record of records) exemptions.add(record);
  return exemptions.within(span);
}

const LABEL = { label: 'network=green' };
const SHOP = { what: 'shop', ...LABEL };

test.each<[what: string, records: readonly InventoryRecord[], found: readonly object[]]>([
  ['all the time', [exemptionAt('shop', at(1), { since: BEFORE })], [SHOP]],
  [
    'in it, by somebody',
    [exemptionAt('shop', at(11), { since: at(10), by: 'kubectl-label' })],
    [{ ...SHOP, by: 'kubectl-label', from: date(10) }],
  ],
  [
    'until somebody took the label away, as two replicas tell',
    [30, 31].map((minute) => exemptionAt('shop', at(minute), { since: BEFORE, ended: at(minute) })),
    [{ ...SHOP, to: date(30) }],
  ],
  [
    'until a picture did not tell of it any more',
    [exemptionAt('shop', at(20), { since: BEFORE }), pictureAt(at(40))],
    [{ ...SHOP, to: date(20) }],
  ],
  [
    'twice',
    [
      exemptionAt('shop', at(10), { since: BEFORE, ended: at(10) }),
      exemptionAt('shop', at(20), { since: at(20) }),
    ],
    [
      { ...SHOP, to: date(10) },
      { ...SHOP, from: date(20) },
    ],
  ],
  [
    'once, though the same program has set another label meanwhile',
    [exemptionAt('shop', at(1), { since: BEFORE }), exemptionAt('shop', at(30), { since: at(30) })],
    [SHOP],
  ],
  [
    'and then by another value',
    [
      exemptionAt('shop', at(30), { since: BEFORE, ended: at(30) }),
      exemptionAt('shop', at(30), { since: at(30), label: 'network=blue' }),
    ],
    [
      { ...SHOP, to: date(30) },
      { what: 'shop', label: 'network=blue', from: date(30) },
    ],
  ],
  ['not, but before', [exemptionAt('shop', at(-9), { since: BEFORE, ended: at(-9) })], []],
  ['not, but afterwards', [exemptionAt('shop', at(61), { since: at(61) })], []],
  [
    'in two clusters',
    ['d', 'c'].map((cluster) => exemptionAt('shop', at(1), { since: BEFORE, cluster })),
    [
      { what: 'c/shop', ...LABEL },
      { what: 'd/shop', ...LABEL },
    ],
  ],
])('a namespace was exempt %s, in any order of records', (_, records, found) => {
  expect(within(records)).toEqual(found);
  expect(within([...records].reverse())).toEqual(found);
});
