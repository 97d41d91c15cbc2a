import { readAlertLine } from '../../../lib/history/alert-line';
import type { Connection } from '../../../lib/history/connection';
import { atTheTime } from '../../../lib/history/inventory/connection-then';
import { connectionOf, type ProxyRequest } from '../../../lib/history/proxies/request';
import { InventoryHistory } from '../../../lib/history/inventory/inventory';
import { alertLine } from '../alert';
import { at, nanoseconds, podAt, serviceAt } from './records';

const inventory = new InventoryHistory();
for (const record of [
  podAt('cart-0', at(1), { owners: ['StatefulSet/cart'], containers: ['aaaaaaaaaaaa'] }),
  podAt('cart-0', at(20), { owners: ['StatefulSet/cart'], ended: at(20) }),
  podAt('web-x', at(21), { owners: ['Deployment/web'], since: at(21) }),
  podAt('api-a', at(1), { owners: ['Deployment/api'], ips: ['10.0.0.8'] }),
  podAt('api-b', at(21), { owners: ['Deployment/api'], ips: ['10.0.0.8'], since: at(20) }),
  podAt('reused', at(1), { owners: ['Deployment/one'], uid: 'one', ips: ['10.0.1.1'], ended: at(5) }),
  podAt('reused', at(9), { owners: ['Deployment/two'], uid: 'two', ips: ['10.0.1.2'], since: at(8) }),
  podAt('p', at(1), { ips: ['10.0.2.1'], ended: at(30) }),
  podAt('q', at(31), { ips: ['10.0.2.1'], since: at(30) }),
  serviceAt('cart', at(1)),
  podAt('kube-proxy-x', at(1), { hostNetwork: true, ips: ['192.168.0.1'] }),
])
  inventory.add(record);

function connection(fields: object, minute: number, second = 0): Connection {
  const content = readAlertLine(alertLine({ 'evt.arg.addr': null, ...fields }, { time: at(minute, second) }));
  if (content.kind !== 'connection') throw new Error(content.kind);
  return content.connection;
}

const then = (fields: object, minute: number, second = 0): Connection =>
  atTheTime(connection(fields, minute, second), inventory);
const UNKNOWN = { 'k8s.ns.name': null, 'k8s.pod.name': null, 'container.id': 'aaaaaaaaaaaa' };

test('whose a container was', () => {
  expect(then(UNKNOWN, 5)).toMatchObject({
    ...{ namespace: 'shop', pod: 'cart-0' },
    workload: { kind: 'StatefulSet', name: 'cart', derived: false },
  });
  const other = { ...UNKNOWN, 'container.id': 'cccccccccccc' };
  expect(then(other, 5)).toEqual(connection(other, 5));
});

describe('whose the address was that it connected from', () => {
  const from = (client: string, fields: object, minute: number, second = 0) => {
    const { namespace, pod, workload } = then(
      { ...UNKNOWN, 'container.id': null, 'fd.cip': client, ...fields },
      minute,
      second,
    );
    return [namespace, pod, workload.kind, workload.name];
  };
  const UNTOLD = [undefined, undefined, 'Unknown', 'node-1'];
  const OF_CART = ['shop', 'cart-0', 'StatefulSet', 'cart'];

  test('where neither Pod nor container is known', () => {
    expect(from('10.0.0.5', {}, 5)).toEqual(OF_CART);
    expect(from('::ffff:10.0.0.5', { 'container.id': 'cccccccccccc' }, 5)).toEqual(OF_CART);
    expect(from('10.0.0.5', {}, 25)).toEqual(['shop', 'web-x', 'Deployment', 'web']);
    // The container is surer.
    expect(from('10.0.0.8', { 'container.id': 'aaaaaaaaaaaa' }, 5)).toEqual(OF_CART);
  });

  test('nobody near to a change of hands, even within one workload, and before or after it', () => {
    expect(from('10.0.2.1', {}, 29, 59)).toEqual(UNTOLD);
    expect(from('10.0.0.8', {}, 20, 1)).toEqual(UNTOLD);
    expect(from('10.0.2.1', {}, 30, 5)[1]).toBe('q');
    expect(from('10.0.1.1', {}, 6)).toEqual(UNTOLD);
  });

  test("no Service's, and no Pod of the node's own address", () => {
    expect(from('10.96.0.7', {}, 5)).toEqual(UNTOLD);
    expect(from('192.168.0.1', {}, 5)).toEqual(UNTOLD);
  });

  test('not of a process of the node, nor where the ends may be swapped, nor against what the alert tells', () => {
    expect(from('10.0.0.5', { 'container.id': 'host' }, 5)[2]).toBe('Node');
    expect(from('10.0.0.5', { 'evt.type': 'sendto' }, 5)).toEqual(UNTOLD);
    expect(from('10.0.0.5', { 'k8s.ns.name': 'a', 'k8s.pod.name': 'mine' }, 5)[1]).toBe('mine');
    expect(from('10.0.0.5', { 'k8smeta.deployment.name': 'mine' }, 5)[3]).toBe('mine');
  });

  test('of several attempts in one, only if it was the same all the time', () => {
    const line = alertLine(
      { ...UNKNOWN, 'container.id': null, 'fd.cip': '10.0.1.2' },
      { time: at(9), first_observed_timestamp: at(7), last_observed_timestamp: at(9), log_count: 2 },
    );
    const content = readAlertLine(line);
    if (content.kind !== 'connection') throw new Error(content.kind);
    expect(content.connection.first).toBe(nanoseconds(7));
    expect(atTheTime(content.connection, inventory).pod).toBeUndefined();
    expect(from('10.0.1.2', {}, 9)[1]).toBe('reused');
  });
});

test('what an alert tells by itself stays', () => {
  const fields = { 'k8smeta.deployment.name': 'mine', 'container.id': 'aaaaaaaaaaaa' };
  expect(then(fields, 5).workload).toEqual({ kind: 'Deployment', name: 'mine', derived: false });
});

test('of two Pods of one name the one of that time', () => {
  const named = { 'k8s.pod.name': 'reused', 'container.id': 'dddddddddddd' };
  expect(then(named, 3).workload.name).toBe('one');
  expect(then(named, 9).workload.name).toBe('two');
  expect(then(named, 7).workload).toEqual(connection(named, 7).workload);
});

test('what had the address of the destination', () => {
  const was = (address: string, minute: number, second = 0) =>
    then({ 'fd.sip': address }, minute, second).destination.was;
  expect(was('10.0.0.5', 5)).toMatchObject({ kind: 'pod', namespace: 'shop', name: 'cart-0' });
  expect(was('10.0.0.5', 25)).toMatchObject({ name: 'web-x', workload: { name: 'web' } });
  expect(was('10.96.0.7', 5)).toMatchObject({ kind: 'service', name: 'cart' });
  expect(was('203.0.113.7', 5)).toBeUndefined();
  // So near to a change of hands nobody is named, unless both belong to the same.
  expect(was('10.0.2.1', 29, 59)).toBeUndefined();
  expect(was('10.0.2.1', 30, 1)).toBeUndefined();
  expect(was('10.0.2.1', 30, 5)).toMatchObject({ name: 'q' });
  expect(was('10.0.0.8', 20, 1)).toMatchObject({ workload: { kind: 'Deployment', name: 'api' } });
});

test('whose the address of a client of a proxy was', () => {
  const client = (address: string, minute: number, second = 0) => {
    const request: ProxyRequest = {
      ...{ time: nanoseconds(minute, second), client: address, host: { host: 'shop.test', port: 443 } },
      peer: undefined,
      outcome: 'connected',
      error: undefined,
    };
    const { namespace, pod, workload } = atTheTime(
      connectionOf(request, { proxy: 'squid', log: 'a', line: 1 }),
      inventory,
    );
    return [namespace, pod, workload.kind, workload.name];
  };
  expect(client('10.0.0.5', 5)).toEqual(['shop', 'cart-0', 'StatefulSet', 'cart']);
  expect(client('10.0.0.5', 25)).toEqual(['shop', 'web-x', 'Deployment', 'web']);
  expect(client('10.0.2.1', 29, 59)).toEqual([undefined, undefined, 'Client', '10.0.2.1']);
  expect(client('203.0.113.7', 5)).toEqual([undefined, undefined, 'Client', '203.0.113.7']);
});
