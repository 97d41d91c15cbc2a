import * as fc from 'fast-check';
import type { Connection, Labels, LabelSelector, NetworkPolicy, PodEnd } from '../../lib/containment';

const KEYS = ['app', 'tier', 'team'] as const;
const VALUES = ['a', 'b', ''] as const;
/** Mostly the same, so that policies meet Pods. */
const NAMESPACES = ['shop', 'shop', 'shop', 'data'] as const;
const ADDRESSES = [
  '10.0.0.1',
  '10.0.0.2',
  '10.0.1.1',
  '192.0.2.7',
  'fd00::1',
  'fd00:0:0:1::2',
  '2001:db8::7',
];
const PORTS = [53, 80, 81, 443] as const;
const PORT_NAMES = ['dns', 'http'] as const;

const protocols = fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const);

/** Few keys and values, so that selectors meet labels. */
const labels: fc.Arbitrary<Labels> = fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), {
  maxKeys: 3,
  noNullPrototype: true,
});

const requirement = fc.oneof(
  fc.record({
    key: fc.constantFrom(...KEYS),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key: fc.constantFrom(...KEYS), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);

const selector: fc.Arbitrary<LabelSelector> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        matchLabels: fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), {
          maxKeys: 2,
          noNullPrototype: true,
        }),
        matchExpressions: fc.array(requirement, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  },
);

const BLOCKS: readonly { cidr: string; except?: string[] }[] = [
  { cidr: '0.0.0.0/0' },
  { cidr: '::/0' },
  { cidr: '10.0.0.0/8', except: ['10.0.1.0/24'] },
  { cidr: '10.0.0.0/31' },
  { cidr: '10.0.0.2/32' },
  { cidr: 'fd00::/8', except: ['fd00:0:0:1::/64', 'fd00::/127'] },
  { cidr: '2001:db8::7/128' },
  { cidr: '192.0.0.0/16', except: ['192.0.2.0/29'] },
];

const peer = fc.oneof(
  selector.map((podSelector) => ({ podSelector })),
  selector.map((namespaceSelector) => ({ namespaceSelector })),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.constantFrom(...BLOCKS).map((ipBlock) => ({ ipBlock })),
);

const port = fc.oneof(
  fc.record({ protocol: protocols }),
  fc.record(
    { protocol: protocols, port: fc.constantFrom<number | string>(...PORTS, ...PORT_NAMES) },
    { requiredKeys: ['port'] },
  ),
  fc.record({ port: fc.constantFrom(53, 80), endPort: fc.constantFrom(80, 81, 500), protocol: protocols }),
);

const rule = (key: 'to' | 'from') =>
  fc.record(
    { [key]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) },
    { requiredKeys: [] },
  );

export const networkPolicy: fc.Arbitrary<NetworkPolicy> = fc.record({
  metadata: fc.record({
    name: fc.constantFrom('p', 'q', 'r'),
    namespace: fc.constantFrom(...NAMESPACES),
  }),
  spec: fc.record(
    {
      podSelector: selector,
      policyTypes: fc.constantFrom(['Egress'], ['Egress'], ['Ingress'], ['Ingress', 'Egress'], []),
      egress: fc.array(rule('to'), { maxLength: 2 }),
      ingress: fc.array(rule('from'), { maxLength: 2 }),
    },
    { requiredKeys: ['podSelector'] },
  ),
});

const addressOf = (six: boolean) =>
  fc.constantFrom(...ADDRESSES.filter((address) => address.includes(':') === six));

export const podEnd = (six: boolean): fc.Arbitrary<PodEnd> =>
  fc.record({
    kind: fc.constant('pod' as const),
    namespace: fc.constantFrom(...NAMESPACES),
    namespaceLabels: labels,
    labels,
    address: addressOf(six),
    ports: fc.constantFrom(
      [],
      [{ name: 'http', port: 80 }],
      [
        { name: 'http', port: 81, protocol: 'TCP' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    ),
  });

const end = (six: boolean) =>
  fc.oneof(
    { weight: 3, arbitrary: podEnd(six) },
    { weight: 1, arbitrary: addressOf(six).map((address) => ({ kind: 'outside' as const, address })) },
  );

export const connection: fc.Arbitrary<Connection> = fc.boolean().chain((six) =>
  fc.record({
    source: end(six),
    destination: end(six),
    protocol: protocols,
    port: fc.constantFrom(...PORTS),
  }),
);
