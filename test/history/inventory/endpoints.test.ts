import fc from 'fast-check';
import { readAlertLine } from '../../../lib/history/alert-line';
import { atTheTime } from '../../../lib/history/inventory/connection-then';
import { InventoryHistory } from '../../../lib/history/inventory/inventory';
import { nameOf } from '../../../lib/history/inventory/known';
import type { InventoryRecord } from '../../../lib/inventory/record';
import { alertLine } from '../alert';
import { at, endpointAt, nanoseconds, nodeAt, pictureAt, podAt, serviceAt } from './records';

function inventoryOf(...records: readonly InventoryRecord[]): InventoryHistory {
  const inventory = new InventoryHistory();
  for (const record of records) inventory.add(record);
  return inventory;
}

interface To {
  readonly address?: string;
  readonly port?: number | undefined;
  readonly protocol?: string | undefined;
  readonly names?: readonly string[];
}

/** What is said of a destination at a minute after ten. */
function named(inventory: InventoryHistory, minute: number, to: To = {}, cluster: string | undefined = 'c') {
  const time = nanoseconds(minute);
  const destination = { address: '203.0.113.7', mapped: false, port: 5432, protocol: 'tcp', names: [] };
  return inventory.destinations(cluster, { ...destination, ...to }, time, time).map(nameOf);
}

/** From when to when Services led where, in minutes after ten. */
function times(inventory: InventoryHistory, name = 'db') {
  const minute = (time: bigint): number => Number((time - nanoseconds(0)) / 60_000_000_000n);
  return inventory
    .holdingsLedTo('shop', name)
    .map(({ address, from, to }) => [address, minute(from), minute(to)]);
}

const DB = ['Service shop/db'];

test('an address is named as the Service that led to it, at its ports, from its beginning to its end', () => {
  const inventory = inventoryOf(
    endpointAt('db', at(6), { since: at(5) }),
    endpointAt('db', at(30), { since: at(5), ended: at(30) }),
  );
  expect([4, 7, 29, 31].map((minute) => named(inventory, minute))).toEqual([[], DB, DB, []]);
  expect(named(inventory, 7, { port: 443 })).toEqual([]);
  expect(named(inventory, 7, { protocol: 'udp' })).toEqual([]);
  // What an alert doesn't tell speaks against nothing.
  expect(named(inventory, 7, { protocol: undefined })).toEqual(DB);
  expect(named(inventory, 7, { port: undefined })).toEqual(DB);
  expect(named(inventory, 7, {}, 'other')).toEqual([]);
  expect(named(inventory, 7, {}, undefined)).toEqual(DB);
  expect(times(inventory)).toEqual([['203.0.113.7', 5, 30]]);
});

test('without ports it is at any, in any spelling, and a host name is where the alert names it', () => {
  const any = { address: '2001:DB8:0::7', ports: [] };
  const host = { address: 'DB.example.org.', ports: [], uid: 'host' };
  const inventory = inventoryOf(endpointAt('db', at(1), any), endpointAt('db', at(1), host));
  expect(named(inventory, 2, { address: '2001:db8::7', port: 1 })).toEqual(DB);
  expect(named(inventory, 2, { address: '198.51.100.9', names: ['db.Example.org'] })).toEqual(DB);
  expect(named(inventory, 2, { address: '198.51.100.9', names: ['example.org'] })).toEqual([]);
});

describe('an end that nobody saw', () => {
  test('a later picture without it, or none for as long as two would take', () => {
    const seen = endpointAt('db', at(5));
    expect(times(inventoryOf(seen, pictureAt(at(30))))).toEqual([['203.0.113.7', 0, 5]]);
    expect(times(inventoryOf(seen, pictureAt(at(4), { every: 600 })))).toEqual([['203.0.113.7', 0, 25]]);
  });

  test('a replica that began later, and knows only when its slice was changed last, was gone before the end', () => {
    const inventory = inventoryOf(
      pictureAt(at(4)),
      ...[endpointAt('db', at(5)), endpointAt('db', at(12), { since: at(10) })],
      endpointAt('db', at(20), { ended: at(20) }),
    );
    expect(times(inventory)).toEqual([['203.0.113.7', 0, 20]]);
  });
});

test('one that comes back was away meanwhile, whatever the order in which that is told', () => {
  const records = [
    ...[endpointAt('db', at(1)), endpointAt('db', at(10), { ended: at(10) })],
    ...[endpointAt('db', at(10, 1), { ended: at(10, 1) }), endpointAt('db', at(21), { since: at(20) })],
    endpointAt('db', at(30), { since: at(20), ended: at(30) }),
  ];
  const expected = [
    ['203.0.113.7', 0, 10],
    ['203.0.113.7', 20, 30],
  ];
  expect(times(inventoryOf(...records))).toEqual(expected);
  expect(times(inventoryOf(...records.reverse()))).toEqual(expected);
});

test('whatever replicas tell, in whatever order: the same times, one after the other', () => {
  const minutes = fc.integer({ min: 1, max: 59 });
  const telling = fc
    .record({ since: minutes, after: fc.nat(20), isOver: fc.boolean(), uid: fc.constantFrom('one', 'two') })
    .map(({ since, after, isOver, uid }) => {
      const time = at(since + after);
      return endpointAt('db', time, { since: at(since), uid, ...(isOver && { ended: time }) });
    });
  const told = fc.array(telling, { minLength: 1, maxLength: 12 });
  const both = told.chain((records) =>
    fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })),
  );
  fc.assert(
    fc.property(both, ([records, shuffled]) => {
      const picture = pictureAt(at(59), { every: 60 });
      const found = times(inventoryOf(...records, picture));
      expect(times(inventoryOf(picture, ...shuffled))).toEqual(found);
      const all = found.flatMap(([, from, to]) => [from, to]).map(Number);
      expect(all).toEqual([...all].sort((a, b) => a - b));
      // When somebody saw it there, and nobody saw it gone, it was.
      const seen = records.filter(({ ended }) => ended === undefined).map(({ time }) => time);
      const ends = records.map(({ ended }) => ended);
      for (const time of seen.filter((each) => !ends.includes(each))) {
        const minute = (Date.parse(time) - Date.parse(at(0))) / 60_000;
        expect(found.some(([, from, to]) => Number(from) <= minute && minute <= Number(to))).toBe(true);
      }
    }),
  );
});

test('an address that moves from one slice to another of the Service is there all the time', () => {
  const inventory = inventoryOf(
    endpointAt('db', at(10), { ended: at(10), uid: 'one' }),
    endpointAt('db', at(10, 1), { since: at(10, 1), uid: 'two' }),
    endpointAt('db', at(20), { since: at(10, 1), ended: at(20), uid: 'two' }),
  );
  expect(times(inventory)).toEqual([['203.0.113.7', 0, 20]]);
});

test('several Services lead to it at the same time; of each there is one', () => {
  const inventory = inventoryOf(
    ...[endpointAt('db-ro', at(1)), endpointAt('db', at(1)), endpointAt('db', at(1), { uid: 'more' })],
    endpointAt('db', at(1), { namespace: 'else' }),
  );
  expect(named(inventory, 2)).toEqual(['Service else/db', 'Service shop/db', 'Service shop/db-ro']);
});

test('what has an address in the cluster keeps it', () => {
  const addresses = ['10.0.0.5', '10.96.0.7', '192.168.0.1'];
  const inventory = inventoryOf(
    ...[podAt('cart-0', at(1)), serviceAt('cart', at(1)), nodeAt('node-1', at(1))],
    ...addresses.map((address) => endpointAt('db', at(1), { address })),
  );
  const whose = addresses.map((address) => named(inventory, 2, { address }).join());
  expect(whose).toEqual(['Pod shop/cart-0', 'Service shop/cart', 'Node node-1']);
  expect(times(inventory)).toHaveLength(3);
});

test('a connection tells which Service led there, and how many more', () => {
  const to = (inventory: InventoryHistory) => {
    const fields = { 'fd.sip': '203.0.113.7', 'fd.sport': 5432, 'evt.arg.addr': null };
    const content = readAlertLine(alertLine(fields, { time: at(5) }));
    if (content.kind !== 'connection') throw new Error(content.kind);
    return atTheTime({ ...content.connection, cluster: 'c' }, inventory).destination.was;
  };
  const db = {
    ...{ kind: 'service', namespace: 'shop', name: 'db', isEndpoint: true },
    workload: { kind: 'Service', name: 'db', derived: false },
  };
  expect(to(inventoryOf(endpointAt('db', at(1))))).toEqual(db);
  const several = inventoryOf(endpointAt('other', at(1)), endpointAt('db', at(1)));
  expect(to(several)).toEqual({ ...db, others: 1 });
});

test('what there is no room for has no name, and that is told', () => {
  const history = new InventoryHistory(1);
  for (const address of ['203.0.113.7', '203.0.113.8']) history.add(endpointAt('db', at(1), { address }));
  expect(named(history, 2, { address: '203.0.113.8' })).toEqual([]);
  expect(times(history)).toHaveLength(1);
  expect(history.remarks().join()).toContain('more than are kept');
});
