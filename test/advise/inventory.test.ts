import type { InventoryRecord } from '../../lib/inventory/record';
import { endpointAt, podAt } from '../history/inventory/records';
import { advised, attempt, policyFor } from './advised';
import { namespaceOf, podOf, serviceOf } from './cluster';

const CART = podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7');
/** Today's Pod, which has been made since. */
const DB = podOf('data', 'StatefulSet/postgres', 'postgres-0', '10.244.2.30', {
  created: '2026-11-22T09:00:00Z',
});
/** Who has the address today that the database had. */
const OTHER = podOf('web', 'StatefulSet/web', 'web-0', '10.244.2.9', { created: '2026-11-22T09:00:00Z' });
const CLUSTER = [namespaceOf('shop'), namespaceOf('data'), namespaceOf('web'), CART, DB, OTHER];

const TIMES = { time: '2026-11-22T07:30:00Z', since: '2026-11-22T07:00:00Z' };
const RECORDS: readonly InventoryRecord[] = [
  podAt('postgres-0', TIMES.time, {
    ...{ ...TIMES, namespace: 'data', owners: ['StatefulSet/postgres'], ips: ['10.244.2.9'] },
    ended: '2026-11-22T08:30:00Z',
  }),
  podAt('cart-0', TIMES.time, {
    ...{ ...TIMES, owners: ['StatefulSet/cart'], ips: ['10.244.1.7'], containers: ['aaaaaaaaaaaa'] },
  }),
];
const UNKNOWN = { 'k8s.ns.name': null, 'k8s.pod.name': null, 'container.id': 'aaaaaaaaaaaa' };

test('a Pod that has gone is a selector of what it belonged to, and no address of another by now', () => {
  const lines = [attempt('10.244.2.9', 5432)];
  const { policy } = policyFor(advised(CLUSTER, lines, { records: RECORDS }).advice, 'StatefulSet/cart');
  expect(policy.spec?.egress?.slice(1)).toEqual([
    {
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } },
          podSelector: { matchLabels: { app: 'postgres' } },
        },
      ],
      ports: [{ protocol: 'TCP', port: 5432 }],
    },
  ]);
  const { policy: without } = policyFor(advised(CLUSTER, lines).advice, 'StatefulSet/cart');
  expect(without.spec?.egress).toHaveLength(1);
});

test('what a container did of which no alert knows the Pod counts for its workload', () => {
  const lines = [attempt('203.0.113.7', 443, UNKNOWN)];
  const { advice, observations } = advised(CLUSTER, lines, { records: RECORDS });
  expect(observations.passedOver.withoutPod).toBe(0);
  expect(policyFor(advice, 'StatefulSet/cart').sure.attempts).toBe(1);
  expect(advised(CLUSTER, lines).observations.passedOver.withoutPod).toBe(1);
});

describe('what a Service without a selector leads to', () => {
  const TOLD = { ...TIMES, namespace: 'data', address: '203.0.113.7', ports: ['5432/tcp'] };
  const service = serviceOf('data', 'ledger', '10.96.0.30', {}, { port: 3306 });
  const slice = (address: string) => ({
    ...{ kind: 'EndpointSlice', ports: [{ name: '', port: 5432, protocol: 'TCP' }] },
    metadata: { name: 'x', namespace: 'data', labels: { 'kubernetes.io/service-name': 'ledger' } },
    endpoints: [{ addresses: [address] }],
  });
  const to = (objects: readonly object[], lines: readonly string[], parts: object = {}) => {
    const records = [endpointAt('ledger', TIMES.time, { ...TOLD, ...parts })];
    const { advice } = advised([...CLUSTER, ...objects], lines, { records });
    const { rules } = policyFor(advice, 'StatefulSet/cart');
    return rules.slice(1).map(({ to, ports }) => [to.map(({ peer }) => peer), ports, to[0]?.why]);
  };
  const DIRECT = attempt('203.0.113.7', 5432);
  const ports = [{ protocol: 'TCP', port: 5432 }];
  const block = [{ ipBlock: { cidr: '203.0.113.7/32' } }];

  test.each([
    ['that is gone', [], 'Service data/ledger, an endpoint then: '],
    [
      'that leads elsewhere today',
      [service, slice('203.0.113.9')],
      'Service data/ledger, an endpoint then: ',
    ],
    ['that leads there today', [service, slice('203.0.113.7')], 'Service data/ledger, an endpoint: '],
  ])('is an address by the name of a Service %s, and no selector', (_, objects, name) => {
    expect(to(objects, [DIRECT])).toEqual([[block, ports, expect.stringContaining(name)]]);
  });

  test('is one and the same by the address of the Service', () => {
    const lines = [DIRECT, attempt('10.96.0.30', 3306)];
    expect(to([service, slice('203.0.113.7')], lines)).toEqual([
      [block, ports, expect.stringContaining('Service data/ledger, an endpoint: ')],
    ]);
  });

  test('is a Pod, where it is the address of one', () => {
    const [found, ...more] = to([service, slice('10.244.2.30')], [attempt('10.96.0.30', 3306)]);
    expect(found?.[0]).toEqual([
      expect.objectContaining({ podSelector: { matchLabels: { app: 'postgres' } } }),
    ]);
    expect(more).toEqual([]);
  });
});
