import { InventoryHistory } from '../../../lib/history/inventory/inventory';
import { nameOf } from '../../../lib/history/inventory/known';
import type { InventoryRecord } from '../../../lib/inventory/record';
import { at, nanoseconds, pictureAt, podAt, serviceAt } from './records';

function inventoryOf(...records: readonly InventoryRecord[]): InventoryHistory {
  const inventory = new InventoryHistory();
  for (const record of records) inventory.add(record);
  return inventory;
}

/** Who had the address then. */
function whose(inventory: InventoryHistory, minute: number, second = 0, address = '10.0.0.5', cluster = 'c') {
  const time = nanoseconds(minute, second);
  return inventory.holders(cluster, address, time, time).map(nameOf);
}

/** Minutes after ten. */
function minuteOf(time: bigint): number {
  return Number((time - nanoseconds(0)) / 60_000_000_000n);
}

const NEXT = { uid: 'uid-next', owners: ['Deployment/web'], since: at(20) };

describe('an address that changes hands', () => {
  test.each([
    ['whose end was seen', podAt('cart-0', at(11), { ended: at(10) })],
    ['whose end nobody saw', podAt('cart-0', at(5))],
    ['whose end was seen late', podAt('cart-0', at(23), { ended: at(22) })],
  ])('from a Pod %s', (_, end) => {
    const inventory = inventoryOf(podAt('web-x', at(21), NEXT), end, podAt('cart-0', at(1)));
    expect(whose(inventory, 5)).toEqual(['Pod shop/cart-0']);
    expect(whose(inventory, 25)).toEqual(['Pod shop/web-x']);
  });

  test('so near to the change that clocks may tell otherwise, both are meant', () => {
    const inventory = inventoryOf(podAt('cart-0', at(1)), podAt('web-x', at(21), NEXT));
    expect(whose(inventory, 19, 50)).toEqual(['Pod shop/cart-0']);
    expect(whose(inventory, 19, 59)).toEqual(['Pod shop/cart-0', 'Pod shop/web-x']);
    expect(whose(inventory, 20, 1)).toEqual(['Pod shop/cart-0', 'Pod shop/web-x']);
    expect(whose(inventory, 20, 5)).toEqual(['Pod shop/web-x']);
  });

  test('one that ended is not whose it is after that, nor before it began', () => {
    const inventory = inventoryOf(podAt('cart-0', at(10), { since: at(5), ended: at(10) }));
    expect(whose(inventory, 4)).toEqual([]);
    expect(whose(inventory, 7)).toEqual(['Pod shop/cart-0']);
    expect(whose(inventory, 11)).toEqual([]);
  });

  test('a Pod that got another address had the first until then', () => {
    const inventory = inventoryOf(
      podAt('cart-0', at(5)),
      podAt('cart-0', at(10), { ips: ['10.0.0.6'], since: at(9) }),
    );
    expect(whose(inventory, 5)).toEqual(['Pod shop/cart-0']);
    expect(whose(inventory, 12)).toEqual([]);
    expect(whose(inventory, 12, 0, '10.0.0.6')).toEqual(['Pod shop/cart-0']);
    expect(whose(inventory, 8, 0, '10.0.0.6')).toEqual([]);
  });
});

describe('an end that nobody saw', () => {
  test('a later picture without it: it is said to have been there only until it was last seen', () => {
    const inventory = inventoryOf(podAt('cart-0', at(5)), pictureAt(at(30)));
    expect(whose(inventory, 5)).toEqual(['Pod shop/cart-0']);
    expect(whose(inventory, 6)).toEqual([]);
  });

  test('a picture that tells of it, whichever replica drew it and however clocks differ', () => {
    const inventory = inventoryOf(podAt('cart-0', at(29, 50)), pictureAt(at(30)), pictureAt(at(12)));
    expect(whose(inventory, 31)).toEqual(['Pod shop/cart-0']);
  });

  test('without a further picture it may be there for as long as two would take', () => {
    const inventory = inventoryOf(pictureAt(at(4)), podAt('cart-0', at(5)));
    expect(whose(inventory, 120)).toEqual(['Pod shop/cart-0']);
    expect(whose(inventory, 130)).toEqual([]);
  });
});

test('replicas tell the same: it is one Pod, which ended when the first of them saw it', () => {
  const inventory = inventoryOf(
    ...[at(1), at(1, 2), at(3)].map((time) => podAt('cart-0', time)),
    podAt('cart-0', at(10, 5), { ended: at(10, 5) }),
    podAt('cart-0', at(10, 1), { ended: at(10, 1) }),
  );
  expect(inventory.named('pod', 'shop', 'cart-0', 'c')).toHaveLength(1);
  expect(whose(inventory, 10, 4)).toEqual([]);
});

test('what has an address in every cluster is told apart by the cluster', () => {
  const other = podAt('other-0', at(1), { cluster: 'd', uid: 'uid-other' });
  const inventory = inventoryOf(podAt('cart-0', at(1)), other);
  expect(whose(inventory, 2, 0, '10.0.0.5', 'd')).toEqual(['Pod shop/other-0']);
  expect(inventory.holders(undefined, '10.0.0.5', nanoseconds(2), nanoseconds(2))).toEqual([]);
});

test('addresses of Services and nodes, in any spelling', () => {
  const inventory = inventoryOf(
    serviceAt('cart', at(1), { ips: ['10.96.0.7', 'FD00::0:7'] }),
    podAt('kube-proxy-x', at(1), { hostNetwork: true, ips: ['192.0.2.1'] }),
    podAt('canal-x', at(2), { hostNetwork: true, ips: ['192.0.2.1'], ended: at(3) }),
  );
  expect(whose(inventory, 2, 0, '10.96.0.7')).toEqual(['Service shop/cart']);
  expect(whose(inventory, 2, 0, 'fd00::7')).toEqual(['Service shop/cart']);
  expect(whose(inventory, 5, 0, '192.0.2.1')).toEqual(['Node node-1']);
});

describe('Pods behind a Service', () => {
  const headless = (time: string, parts: object = {}): InventoryRecord =>
    serviceAt('carts', time, { ips: [], ...parts });
  const behind = (...records: readonly InventoryRecord[]) => {
    const inventory = inventoryOf(...records, pictureAt(at(0), { every: 1800 }));
    return inventory
      .named('service', 'shop', 'carts', 'c')
      .flatMap((service) => inventory.holdingsBehind(service))
      .map(({ known, from, to }) => [known.name, minuteOf(from), minuteOf(to)]);
  };
  const pod = (minute: number, services: readonly string[], parts: object = {}): InventoryRecord =>
    podAt('cart-0', at(minute), { services, ...parts });

  test('since they began, by what is told of them first, until they end', () => {
    const records = [headless(at(1)), pod(10, ['carts']), pod(40, ['carts'], { ended: at(40) })];
    expect(behind(...records)).toEqual([['cart-0', 0, 40]]);
  });

  test.each<[string, (records: readonly InventoryRecord[]) => readonly InventoryRecord[]]>([
    ['in order', (records) => records],
    ['backwards', (records) => [...records].reverse()],
  ])('only while the selector, which changes, selects them: told %s', (_, inOrder) => {
    const told = [
      ...[pod(1, []), pod(5, []), pod(10, ['carts', 'a']), pod(15, ['a', 'carts']), pod(20, ['a'])],
      ...[pod(25, ['a']), pod(30, ['carts']), pod(40, ['carts'], { ended: at(40) })],
    ];
    expect(behind(headless(at(1)), ...inOrder(told))).toEqual([
      ['cart-0', 10, 20],
      ['cart-0', 30, 40],
    ]);
  });

  test('only while the Service is there, and again once it is made anew', () => {
    const records = [
      ...[headless(at(6), { since: at(5) }), headless(at(12), { since: at(5), ended: at(12) })],
      headless(at(22), { since: at(20), uid: 'uid-anew' }),
      ...[pod(6, ['carts']), pod(13, []), pod(22, ['carts']), pod(40, ['carts'], { ended: at(40) })],
    ];
    expect(behind(...records)).toEqual([
      ['cart-0', 5, 12],
      ['cart-0', 22, 40],
    ]);
  });

  test('nobody by what a Service of another namespace is called', () => {
    expect(behind(headless(at(1), { namespace: 'other' }), pod(2, ['carts']))).toEqual([]);
  });
});

test('owners that were known are not forgotten when they go first', () => {
  const owners = ['ReplicaSet/web-5d', 'Deployment/web'];
  const inventory = inventoryOf(
    podAt('web-5d-x', at(1), { owners: owners.slice(0, 1), containers: ['3db00b476ee2'] }),
    podAt('web-5d-x', at(2), { owners }),
    podAt('web-5d-x', at(9), { owners: owners.slice(0, 1), ended: at(9) }),
  );
  const workload = { kind: 'Deployment', name: 'web', derived: false };
  expect(inventory.ofContainer('c', '3db00b476ee2')).toMatchObject({ name: 'web-5d-x', workload });
  expect(inventory.ofContainer('other', '3db00b476ee2')).toBeUndefined();
});

test('what there is no room for has no name, and that is told', () => {
  const history = new InventoryHistory(2);
  for (const name of ['a', 'b', 'c', 'd'])
    history.add(podAt(name, at(1), { ips: [`10.0.0.${name.charCodeAt(0)}`] }));
  expect(history.named('pod', 'shop', 'b', 'c')).toHaveLength(1);
  expect(history.named('pod', 'shop', 'c', 'c')).toEqual([]);
  expect(history.remarks()).toEqual([
    'the inventory tells of 2 Pods or Services more than are kept: they have no names here',
  ]);
  expect(new InventoryHistory().remarks()).toEqual([]);
});
