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

test('a version tells two Deployments apart where nothing else does, and stands in no other selector', () => {
  const deployment = (name: string, app: string, version: string): readonly object[] => {
    const labels = { app, version };
    const spec = { selector: { matchLabels: labels }, template: { metadata: { labels } } };
    return [
      { kind: 'Deployment', metadata: { name, namespace: 'shop' }, spec },
      podOf('shop', `Deployment/${name}`, `${name}-x`, '10.244.1.9', {
        labels: { ...labels, 'pod-template-hash': name },
      }),
    ];
  };
  const objects = [
    ...[...deployment('reviews-v1', 'reviews', 'v1'), ...deployment('reviews-v2', 'reviews', 'v2')],
    ...deployment('web', 'web', 'v1'),
  ];
  const lines = ['reviews-v1-x', 'web-x'].map((pod) => attempt('203.0.113.1', 443, { 'k8s.pod.name': pod }));
  const { advice } = advised(objects, lines);
  const selectorOf = (workload: string) => policyFor(advice, workload).policy.spec?.podSelector;
  expect(selectorOf('Deployment/reviews-v1')).toEqual({ matchLabels: { app: 'reviews', version: 'v1' } });
  expect(selectorOf('Deployment/web')).toEqual({ matchLabels: { app: 'web' } });
  expect(policyFor(advice, 'Deployment/reviews-v1').notes.join('\n')).not.toContain('nothing tells');
});

test('what is to be looked at is said: a short time, looks of a C library by UDP, and nodes', () => {
  const node = (name: string, address: string) => ({
    ...{ kind: 'Node', metadata: { name } },
    status: { addresses: [{ type: 'InternalIP', address }] },
  });
  const udp = { 'fd.l4proto': 'udp' };
  const objects = [...CLUSTER, node('n-1', '192.0.2.1'), node('n-2', '192.0.2.2')];
  const notesOf = (lines: readonly string[], hours = 24) =>
    policyFor(advised(objects, lines, { hours }).advice, 'StatefulSet/cart').notes.join('\n');
  // By musl at this port, always; by others at that of the service.
  const looks = [attempt('203.0.113.1', 65_535, udp), attempt('203.0.113.2', 443, udp)];
  const nodes = ['192.0.2.1', '192.0.2.2'].map((address) => attempt(address, 9100));
  const notes = notesOf([...looks, ...nodes, attempt('203.0.113.1', 443)]);
  expect(notes).toContain('left out, for a look of the C library at the way, which sends nothing: once');
  expect(notes).toContain('LOOK: UDP of 1 destination at a port that it reached by TCP');
  expect(notes).toContain('LOOK: opens the addresses of 2 nodes');
  expect(notes).not.toContain('LOOK: watched');
  const dns = [attempt('8.8.8.8', 53, udp), attempt('8.8.8.8', 53), attempt('203.0.113.2', 443, udp)];
  expect(notesOf(dns)).not.toContain('LOOK');
  expect(notesOf(dns, 23.9)).toContain('LOOK: watched for 23 hours only');
  expect(notesOf(dns, 0.01)).toContain('LOOK: watched for less than a minute only');
  expect(notesOf(dns, 0.2)).toContain('LOOK: watched for 12 minutes only');
});
