import { NodeLives, type NodeLife } from '../../../lib/history/inventory/node-lives';
import type { InventoryRecord } from '../../../lib/inventory/record';
import { at, nanoseconds, nodeAt, pictureAt, podAt } from './records';

function lives(records: readonly InventoryRecord[]): readonly NodeLife[] {
  const all = new NodeLives();
  for (const record of records) all.add(record);
  return [...all.get()].sort((a, b) => Number(a.from - b.from));
}

function life(from: bigint, to: bigint, isEndKnown: boolean): NodeLife {
  return { cluster: 'c', node: 'node-1', from, to, isEndKnown };
}

test.each<[string, readonly InventoryRecord[], readonly NodeLife[]]>([
  ['nothing', [podAt('cart-0', at(1)), pictureAt(at(2))], []],
  [
    'a node whose end was seen, by two replicas',
    [
      nodeAt('node-1', at(1)),
      nodeAt('node-1', at(9, 1), { ended: at(9, 1) }),
      nodeAt('node-1', at(9), { ended: at(9) }),
    ],
    [life(nanoseconds(0), nanoseconds(9), true)],
  ],
  [
    'a node that is in the latest picture: for as long as the next may take',
    [nodeAt('node-1', at(1)), pictureAt(at(0)), nodeAt('node-1', at(60, 5)), pictureAt(at(60))],
    [life(nanoseconds(0), nanoseconds(180, 5), false)],
  ],
  [
    'a node that a picture passes over: no longer than it was seen',
    [nodeAt('node-1', at(1)), pictureAt(at(0)), pictureAt(at(60))],
    [life(nanoseconds(0), nanoseconds(1), false)],
  ],
  [
    'a node that came back by the same name',
    [
      nodeAt('node-1', at(1)),
      nodeAt('node-1', at(9), { ended: at(9) }),
      nodeAt('node-1', at(20), { uid: 'other', since: at(19) }),
      nodeAt('node-1', at(30), { uid: 'other', since: at(19), ended: at(30) }),
    ],
    [life(nanoseconds(0), nanoseconds(9), true), life(nanoseconds(19), nanoseconds(30), true)],
  ],
  ['a node without a time', [nodeAt('node-1', at(1), { since: 'yesterday' })], []],
])('records tell of %s, in any order', (_, records, expected) => {
  expect(lives(records)).toEqual(expected);
  expect(lives([...records].reverse())).toEqual(expected);
});
