import type { Connection, NetworkPolicy, PodEnd } from '../../lib/containment';
import { egress, ingress, policy } from './policies';

/** Policies and a connection among them, and what the documentation of NetworkPolicy says of it, by hand. */
export interface Situation {
  readonly name: string;
  readonly policies: readonly NetworkPolicy[];
  readonly connection: Connection;
  readonly egress: boolean;
  readonly ingress: boolean;
  /** Where cyclonus is wrong by the documentation, in a word. */
  readonly cyclonusDiffers?: 'NotIn without the key' | 'matchLabels with an empty value';
}

export const WEB: PodEnd = {
  kind: 'pod',
  namespace: 'shop',
  namespaceLabels: { 'kubernetes.io/metadata.name': 'shop', team: 'a' },
  labels: { app: 'web', tier: 'front' },
  address: '10.0.0.1',
};

const DB: PodEnd = {
  kind: 'pod',
  namespace: 'data',
  namespaceLabels: { 'kubernetes.io/metadata.name': 'data', team: 'b' },
  labels: { app: 'db' },
  address: '10.0.1.2',
  ports: [{ name: 'sql', port: 5432 }],
};

const CART: PodEnd = {
  ...WEB,
  labels: { app: 'cart' },
  address: '10.0.0.9',
  ports: [{ name: 'http', port: 80 }],
};
const SIX: PodEnd = { ...DB, address: 'fd00::2' };
const OUTSIDE = { kind: 'outside', address: '213.215.222.58' } as const;
const OUTSIDE_SIX = { kind: 'outside', address: '2001:db8::1' } as const;

const toDb: Connection = { source: WEB, destination: DB, protocol: 'TCP', port: 5432 };
const toCart: Connection = { source: WEB, destination: CART, protocol: 'TCP', port: 80 };
const out: Connection = { source: WEB, destination: OUTSIDE, protocol: 'TCP', port: 443 };
const outSix: Connection = { ...out, destination: OUTSIDE_SIX };
const into: Connection = { source: OUTSIDE, destination: WEB, protocol: 'TCP', port: 8080 };

const web = { matchLabels: { app: 'web' } };
const db = { matchLabels: { app: 'db' } };
const dataNamespace = { matchLabels: { team: 'b' } };
const denyAll = egress([]);

const both = (egressAllowed: boolean, ingressAllowed = true) =>
  ({ egress: egressAllowed, ingress: ingressAllowed }) as const;

function block(cidr: string, ...except: string[]): NetworkPolicy {
  return egress([{ to: [{ ipBlock: { cidr, ...(except.length > 0 && { except }) } }] }]);
}

function expression(operator: string, key: string, ...values: string[]) {
  return { matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }] };
}

/** Which Pods a policy selects, and for which directions. */
const SELECTING: Situation[] = [
  { name: 'no policy', policies: [], connection: toDb, ...both(true) },
  { name: 'deny-all, egress: []', policies: [denyAll], connection: toDb, ...both(false) },
  {
    name: 'deny-all, egress missing',
    policies: [policy({ podSelector: {}, policyTypes: ['Egress'] })],
    connection: out,
    ...both(false),
  },
  {
    name: 'podSelector missing',
    policies: [policy({ policyTypes: ['Egress'] })],
    connection: out,
    ...both(false),
  },
  { name: 'empty types, no egress', policies: [policy({ podSelector: {} })], connection: out, ...both(true) },
  {
    name: 'absent types mean Ingress',
    policies: [policy({ podSelector: {} })],
    connection: into,
    ...both(true, false),
  },
  {
    name: 'absent types with a rule of egress mean both',
    policies: [policy({ podSelector: {}, egress: [{ to: [{ podSelector: db }] }] })],
    connection: out,
    ...both(false),
  },
  {
    name: 'type Ingress with a rule of egress: the rule is nothing',
    policies: [
      policy({ podSelector: {}, policyTypes: ['Ingress'], egress: [{ to: [{ podSelector: db }] }] }),
    ],
    connection: out,
    ...both(true),
  },
  {
    name: 'of another namespace',
    policies: [policy({ policyTypes: ['Egress'] }, 'p', 'data')],
    connection: out,
    ...both(true),
  },
  { name: 'selected by matchLabels', policies: [egress([], web)], connection: out, ...both(false) },
  { name: 'not selected by matchLabels', policies: [egress([], db)], connection: out, ...both(true) },
  {
    name: 'all of matchLabels must match',
    policies: [egress([], { matchLabels: { app: 'web', tier: 'back' } })],
    connection: out,
    ...both(true),
  },
  {
    name: 'In',
    policies: [egress([], expression('In', 'app', 'db', 'web'))],
    connection: out,
    ...both(false),
  },
  {
    name: 'In, another',
    policies: [egress([], expression('In', 'app', 'db'))],
    connection: out,
    ...both(true),
  },
  {
    name: 'In without the key',
    policies: [egress([], expression('In', 'no', 'x'))],
    connection: out,
    ...both(true),
  },
  {
    name: 'NotIn',
    policies: [egress([], expression('NotIn', 'app', 'db'))],
    connection: out,
    ...both(false),
  },
  {
    name: 'NotIn, it is',
    policies: [egress([], expression('NotIn', 'app', 'web'))],
    connection: out,
    ...both(true),
  },
  {
    name: 'NotIn without the key selects',
    policies: [egress([], expression('NotIn', 'no', 'x'))],
    connection: out,
    ...both(false),
    cyclonusDiffers: 'NotIn without the key',
  },
  { name: 'Exists', policies: [egress([], expression('Exists', 'app'))], connection: out, ...both(false) },
  {
    name: 'Exists without the key',
    policies: [egress([], expression('Exists', 'no'))],
    connection: out,
    ...both(true),
  },
  {
    name: 'DoesNotExist',
    policies: [egress([], expression('DoesNotExist', 'app'))],
    connection: out,
    ...both(true),
  },
  {
    name: 'DoesNotExist without the key',
    policies: [egress([], expression('DoesNotExist', 'no'))],
    connection: out,
    ...both(false),
  },
  {
    name: 'matchLabels and matchExpressions both hold',
    policies: [egress([], { ...web, ...expression('Exists', 'no') })],
    connection: out,
    ...both(true),
  },
  {
    name: 'an empty value is no absent key',
    policies: [egress([], { matchLabels: { no: '' } })],
    connection: out,
    ...both(true),
    cyclonusDiffers: 'matchLabels with an empty value',
  },
];

/** Whom rules allow. */
const PEERS: Situation[] = [
  { name: 'an empty rule allows all', policies: [egress([{}])], connection: out, ...both(true) },
  { name: 'to: [] allows all', policies: [egress([{ to: [] }])], connection: out, ...both(true) },
  { name: 'policies add up', policies: [denyAll, egress([{}], {}, 'q')], connection: out, ...both(true) },
  {
    name: 'an allow policy of other Pods does not help',
    policies: [denyAll, egress([{}], db, 'q')],
    connection: out,
    ...both(false),
  },
  {
    name: 'podSelector alone means the own namespace',
    policies: [egress([{ to: [{ podSelector: db }] }])],
    connection: toDb,
    ...both(false),
  },
  {
    name: 'podSelector {} in the own namespace',
    policies: [egress([{ to: [{ podSelector: {} }] }])],
    connection: toCart,
    ...both(true),
  },
  {
    name: 'podSelector {} is not outside',
    policies: [egress([{ to: [{ podSelector: {} }] }])],
    connection: out,
    ...both(false),
  },
  {
    name: 'namespaceSelector {} is every Pod',
    policies: [egress([{ to: [{ namespaceSelector: {} }] }])],
    connection: toDb,
    ...both(true),
  },
  {
    name: 'namespaceSelector {} is not outside',
    policies: [egress([{ to: [{ namespaceSelector: {} }] }])],
    connection: out,
    ...both(false),
  },
  {
    name: 'namespaceSelector',
    policies: [egress([{ to: [{ namespaceSelector: dataNamespace }] }])],
    connection: toDb,
    ...both(true),
  },
  {
    name: 'both selectors in one peer: both must match',
    policies: [egress([{ to: [{ namespaceSelector: dataNamespace, podSelector: web }] }])],
    connection: toDb,
    ...both(false),
  },
  {
    name: 'the selectors in two peers: one is enough',
    policies: [egress([{ to: [{ namespaceSelector: dataNamespace }, { podSelector: web }] }])],
    connection: toDb,
    ...both(true),
  },
  { name: 'ipBlock', policies: [block('213.215.222.0/24')], connection: out, ...both(true) },
  {
    name: 'ipBlock, its first address',
    policies: [block('213.215.222.58/31')],
    connection: out,
    ...both(true),
  },
  {
    name: 'ipBlock, beyond its last address',
    policies: [block('213.215.222.56/31')],
    connection: out,
    ...both(false),
  },
  { name: 'ipBlock of one address', policies: [block('213.215.222.58/32')], connection: out, ...both(true) },
  {
    name: 'ipBlock, bits after the length',
    policies: [block('213.215.222.99/24')],
    connection: out,
    ...both(true),
  },
  {
    name: 'ipBlock, excepted',
    policies: [block('213.0.0.0/8', '213.215.0.0/16')],
    connection: out,
    ...both(false),
  },
  {
    name: 'ipBlock, another is excepted',
    policies: [block('213.0.0.0/8', '213.1.0.0/16')],
    connection: out,
    ...both(true),
  },
  {
    name: 'excepted by one policy, allowed by the next',
    policies: [block('213.0.0.0/8', '213.215.0.0/16'), block('213.215.222.58/32')],
    connection: out,
    ...both(true),
  },
  {
    name: 'ipBlock holds Pods by their address',
    policies: [block('10.0.1.0/24')],
    connection: toDb,
    ...both(true),
  },
  { name: '0.0.0.0/0 is not IPv6', policies: [block('0.0.0.0/0')], connection: outSix, ...both(false) },
  { name: '::/0 is not IPv4', policies: [block('::/0')], connection: out, ...both(false) },
  { name: 'ipBlock of IPv6', policies: [block('2001:db8::/32')], connection: outSix, ...both(true) },
  {
    name: 'ipBlock of IPv6, excepted',
    policies: [block('2001:db8::/32', '2001:db8::/127')],
    connection: outSix,
    ...both(false),
  },
  {
    name: 'IPv6 between Pods',
    policies: [block('fd00::/8')],
    connection: { ...toDb, destination: SIX },
    ...both(true),
  },
];

const tcp = (port: number | string, endPort?: number) => ({
  protocol: 'TCP',
  port,
  ...(endPort !== undefined && { endPort }),
});

/** Which ports. */
const PORTS: Situation[] = [
  { name: 'ports: [] allows all', policies: [egress([{ ports: [] }])], connection: out, ...both(true) },
  { name: 'a port', policies: [egress([{ ports: [tcp(443)] }])], connection: out, ...both(true) },
  { name: 'another port', policies: [egress([{ ports: [tcp(80)] }])], connection: out, ...both(false) },
  {
    name: 'protocol defaults to TCP',
    policies: [egress([{ ports: [{ port: 443 }] }])],
    connection: out,
    ...both(true),
  },
  {
    name: 'TCP is not UDP',
    policies: [egress([{ ports: [{ port: 443 }] }])],
    connection: { ...out, protocol: 'UDP' },
    ...both(false),
  },
  {
    name: 'a protocol without a port',
    policies: [egress([{ ports: [{ protocol: 'UDP' }] }])],
    connection: { ...out, protocol: 'UDP' },
    ...both(true),
  },
  {
    name: 'SCTP',
    policies: [egress([{ ports: [{ protocol: 'SCTP', port: 9 }] }])],
    connection: { ...out, protocol: 'SCTP', port: 9 },
    ...both(true),
  },
  {
    name: 'a range, its end',
    policies: [egress([{ ports: [tcp(400, 443)] }])],
    connection: out,
    ...both(true),
  },
  {
    name: 'a range, beyond',
    policies: [egress([{ ports: [tcp(400, 442)] }])],
    connection: out,
    ...both(false),
  },
  {
    name: 'a name on the destination',
    policies: [egress([{ ports: [tcp('sql')] }])],
    connection: toDb,
    ...both(true),
  },
  {
    name: 'a name, another port',
    policies: [egress([{ ports: [tcp('sql')] }])],
    connection: { ...toDb, port: 5433 },
    ...both(false),
  },
  {
    name: 'a name, another protocol',
    policies: [egress([{ ports: [{ protocol: 'UDP', port: 'sql' }] }])],
    connection: { ...toDb, protocol: 'UDP' },
    ...both(false),
  },
  {
    name: 'a name means nothing outside',
    policies: [egress([{ ports: [tcp('sql')] }])],
    connection: { ...out, port: 5432 },
    ...both(false),
  },
  {
    name: 'peer of one rule, port of the other',
    policies: [
      egress([
        { to: [{ ipBlock: { cidr: '213.215.222.58/32' } }], ports: [tcp(80)] },
        { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [tcp(443)] },
      ]),
    ],
    connection: out,
    ...both(false),
  },
];

/** The other direction. */
const INGRESS: Situation[] = [
  { name: 'ingress denied', policies: [ingress([])], connection: into, ...both(true, false) },
  { name: 'ingress does not restrict egress', policies: [ingress([])], connection: out, ...both(true) },
  { name: 'ingress from everybody', policies: [ingress([{}])], connection: into, ...both(true) },
  {
    name: 'ingress from a block',
    policies: [ingress([{ from: [{ ipBlock: { cidr: '213.0.0.0/8' } }] }])],
    connection: into,
    ...both(true),
  },
  {
    name: 'ingress from Pods of the namespace',
    policies: [ingress([{ from: [{ podSelector: web }] }])],
    connection: toCart,
    ...both(true),
  },
  {
    name: 'ingress from others',
    policies: [ingress([{ from: [{ podSelector: db }] }])],
    connection: toCart,
    ...both(true, false),
  },
  {
    name: 'ingress on a name',
    policies: [ingress([{ ports: [tcp('http')] }])],
    connection: toCart,
    ...both(true),
  },
  {
    name: 'sent, and not received',
    policies: [egress([{}]), policy({ policyTypes: ['Ingress'] }, 'p', 'data')],
    connection: toDb,
    ...both(true, false),
  },
];

/** All of them. */
export const SITUATIONS: readonly Situation[] = [...SELECTING, ...PEERS, ...PORTS, ...INGRESS];
