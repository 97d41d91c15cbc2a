import { QUARANTINE_LABEL } from '../../lib/names';
import { alertOf } from '../../lib/responder/report/report';
import { serviceAt } from '../history/inventory/records';
import { advised, attempt, policyFor } from './advised';
import { namespaceOf, podOf, serviceOf } from './cluster';

const CART = podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7');
const DB = podOf('data', 'StatefulSet/db', 'db-0', '10.244.2.9');
const CLUSTER = [namespaceOf('shop'), namespaceOf('data'), CART, DB];

/** Its rules after that of DNS, as Kubernetes has them. */
function rulesOf(...[objects, lines, options]: Parameters<typeof advised>) {
  const { policy } = policyFor(advised(objects, lines, options).advice, 'StatefulSet/cart');
  return (policy.spec?.egress ?? []).slice(1);
}

const toPods = (app: string, port: number) => ({
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } },
      podSelector: { matchLabels: { app } },
    },
  ],
  ports: [{ protocol: 'TCP', port }],
});

function cutOff(owner: string, name: string, address: string): object {
  return podOf('data', owner, name, address, { labels: { [QUARANTINE_LABEL]: 'true' } });
}

function sliceOf(service: string, address: string, port: number): object {
  return {
    ...{
      kind: 'EndpointSlice',
      ports: [{ name: '', port, protocol: 'TCP' }],
      endpoints: [{ addresses: [address] }],
    },
    metadata: { name: service, namespace: 'data', labels: { 'kubernetes.io/service-name': service } },
  };
}

test('a Pod that is cut off is reached as the others of its workload, by its address and through a Service', () => {
  const objects = [
    ...[...CLUSTER, cutOff('StatefulSet/db', 'db-1', '10.244.2.10')],
    cutOff('StatefulSet/lone', 'lone-0', '10.244.2.21'),
    serviceOf('data', 'lone', '10.96.0.60', { app: 'lone' }, { port: 80, targetPort: 8080 }),
    sliceOf('lone', '10.244.2.21', 8080),
  ];
  expect(rulesOf(objects, [attempt('10.244.2.10', 5432)])).toEqual([toPods('db', 5432)]);
  expect(rulesOf(objects, [attempt('10.244.2.21', 8080)])).toEqual([toPods('lone', 8080)]);
  expect(rulesOf(objects, [attempt('10.96.0.60', 80)])).toEqual([toPods('lone', 8080)]);
  const names = advised(objects, []).advice.map(({ workload }) => workload);
  expect(names).toEqual(['StatefulSet/db', 'StatefulSet/cart']);
});

test('behind a Service of Pods that nobody knows stand Pods, not the addresses that they have today; but nodes do', () => {
  const node = {
    ...{ kind: 'Node', metadata: { name: 'n' } },
    status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
  };
  const service = serviceOf('data', 'far', '10.96.0.61', { app: 'far' }, { port: 80, targetPort: 'web' });
  const lines = [attempt('10.96.0.61', 80)];
  expect(rulesOf([...CLUSTER, service, sliceOf('far', '10.244.2.30', 8081)], lines)).toEqual([
    toPods('far', 8081),
  ]);
  expect(rulesOf([...CLUSTER, node, service, sliceOf('far', '192.0.2.1', 8081)], lines)).toEqual([
    { to: [{ ipBlock: { cidr: '192.0.2.1/32' } }], ports: [{ protocol: 'TCP', port: 8081 }] },
  ]);
});

test('a Service that was made anew is found by its name, and one that is gone opens nothing', () => {
  const service = serviceOf('data', 'db', '10.96.0.20', { app: 'db' }, { port: 80, targetPort: 5432 });
  const told = (name: string, ip: string) => {
    const times = { time: '2026-11-22T08:00:00Z', since: '2026-11-22T07:00:00Z' };
    return serviceAt(name, times.time, { ...times, namespace: 'data', ips: [ip], uid: ip });
  };
  const records = [told('db', '10.96.0.98'), told('gone', '10.96.0.99'), told('db', '10.96.0.20')];
  const lines = [attempt('10.96.0.98', 80), attempt('10.96.0.99', 80), attempt('10.96.0.20', 80)];
  expect(rulesOf([...CLUSTER, service], lines.slice(0, 2), { records })).toEqual([toPods('db', 5432)]);
  expect(rulesOf([...CLUSTER, service], lines, { records })).toEqual([toPods('db', 5432)]);
  const { notes } = policyFor(advised([...CLUSTER, service], lines, { records }).advice, 'StatefulSet/cart');
  expect(notes.join('\n')).toContain(
    'left out, for an address of a Service that is gone: once, such as 10.96.0.99 80',
  );
});

/** What the responder says of a Pod of shop. */
function told(reason: 'Contained' | 'Released' | 'WouldRespond', name: string, uid?: string): string {
  const pod = { namespace: 'shop', name, ...(uid !== undefined && { uid }) };
  const at = new Date(reason === 'Released' ? '2026-11-22T09:00:00Z' : '2026-11-22T08:00:00Z');
  return JSON.stringify(alertOf({ reason, pod, line: 'x', about: name }, at, 'prod'));
}

test('what only Pods reached that were cut off then is left out, though they are gone; a Pod that has the name now counts', () => {
  const by = (name: string, address: string, uid: string | null = null) =>
    attempt(address, 443, { 'k8s.pod.name': name, 'k8s.pod.uid': uid });
  const lines = [by('cart-5', '198.51.100.1'), by('cart-5', '203.0.113.1'), by('cart-0', '203.0.113.1')];
  const rules = (...all: string[]) =>
    rulesOf(CLUSTER, all).flatMap(({ to = [] }) => to.map(({ ipBlock }) => ipBlock?.cidr));
  const both = ['198.51.100.1/32', '203.0.113.1/32'];
  expect(rules(...lines)).toEqual(both);
  expect(rules(...lines, told('Contained', 'cart-5'))).toEqual(['203.0.113.1/32']);
  expect(rules(told('Contained', 'cart-5'), ...lines, told('Released', 'cart-5'))).toEqual(both);
  expect(rules(...lines, told('WouldRespond', 'cart-5'))).toEqual(both);
  // The name is that of a Pod which is there: only the UID tells whether it is meant.
  const again = [by('cart-0', '198.51.100.1', 'old'), by('cart-0', '203.0.113.1', 'new')];
  expect(rules(...again, told('Contained', 'cart-0'))).toEqual(both);
  expect(rules(...again, told('Contained', 'cart-0', 'old'))).toEqual(['203.0.113.1/32']);
  expect(rules(...again, told('Contained', 'cart-0', 'older'))).toEqual(both);
  const { observations } = advised(CLUSTER, [...lines, told('Contained', 'cart-5')]);
  expect(observations.passedOver).toMatchObject({ quarantined: 0, onceQuarantined: 1 });
});
