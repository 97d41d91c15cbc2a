import { load } from 'js-yaml';
import { adviceAsYaml } from '../../lib/advise/as-yaml';
import { QUARANTINE_LABEL } from '../../lib/names';
import { advised, attempt, policyFor } from './advised';
import { egressPolicy, namespaceOf, podOf, serviceOf } from './cluster';

const CART = podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7', { labels: { version: '7' } });
const DB = podOf('data', 'StatefulSet/postgres', 'postgres-0', '10.244.2.9', {
  ports: [{ name: 'pg', containerPort: 5432 }],
});
const DB_SERVICE = serviceOf(
  'data',
  'postgres',
  '10.96.0.20',
  { app: 'postgres' },
  { port: 5000, targetPort: 'pg' },
);
const CLUSTER = [namespaceOf('shop'), namespaceOf('data'), CART, DB, DB_SERVICE];
const CART_NAME = 'StatefulSet/cart';

/** Its rules after that of DNS, as Kubernetes has them. */
function rulesOf(lines: readonly string[], objects: readonly object[] = CLUSTER, options = {}) {
  const { policy } = policyFor(advised(objects, lines, options).advice, CART_NAME);
  return (policy.spec?.egress ?? []).slice(1);
}

const block = (cidr: string) => ({ ipBlock: { cidr } });
const tcp = (port: number) => ({ protocol: 'TCP', port });

test('a workload gets one policy of egress, with DNS, selected by what lasts', () => {
  const { policy, sure, notes } = policyFor(
    advised(CLUSTER, [attempt('203.0.113.7', 443)]).advice,
    CART_NAME,
  );
  expect(policy.metadata).toMatchObject({ name: 'cart-egress', namespace: 'shop' });
  expect(policy.spec).toEqual({
    podSelector: { matchLabels: { app: 'cart' } },
    policyTypes: ['Egress'],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
            podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
          },
        ],
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
      { to: [block('203.0.113.7/32')], ports: [tcp(443)] },
    ],
  });
  expect(sure).toMatchObject({ attempts: 1, pods: 1, turnsDenyOn: true, isWider: false, startUp: undefined });
  expect(notes.join('\n')).toMatch(/start-up not seen[^]*coverage unknown: a test[^]*turns default-deny on/);
});

test('DNS behind a named port is opened at the port of its own Pods, not of others that name one alike', () => {
  const dns = { 'k8s-app': 'kube-dns' };
  const podOfSystem = (name: string, labels: Readonly<Record<string, string>>, port: number): object =>
    podOf('kube-system', `Deployment/${name}`, `${name}-1`, `10.244.0.${port % 200}`, {
      ...{ labels, ports: [{ name: 'dns', containerPort: port }] },
    });
  const objects = [
    ...CLUSTER,
    serviceOf('kube-system', 'kube-dns', '10.96.0.10', dns, { port: 53, targetPort: 'dns' }, { port: 9153 }),
    podOfSystem('coredns', dns, 1053),
    podOfSystem('other', {}, 5353),
  ];
  const { policy } = policyFor(advised(objects, [attempt('203.0.113.7', 443)]).advice, CART_NAME);
  const ports = (policy.spec?.egress?.[0]?.ports ?? []).map(({ port }) => port);
  expect(new Set(ports)).toEqual(new Set([53, 1053]));
});

test.each([
  ['Pod', ['-localip', '169.254.20.10,10.96.0.10', '-conf', '/etc/Corefile']],
  ['DaemonSet', ['--localip=169.254.20.10,10.96.0.10']],
])('where each node has a cache of DNS, as its %s tells, its addresses are open too', (kind, args) => {
  const pod = { hostNetwork: true, containers: [{ name: 'node-cache', args }] };
  const cache = {
    ...{ kind, metadata: { name: 'node-local-dns', namespace: 'kube-system' } },
    spec: kind === 'Pod' ? pod : { template: { spec: pod } },
  };
  const asks = [attempt('169.254.20.10', 53, { 'fd.l4proto': 'udp' }), attempt('203.0.113.7', 443)];
  const udp = { protocol: 'UDP', port: 53 };
  expect(rulesOf(asks, [...CLUSTER, cache])).toEqual([
    { to: [block('169.254.20.10/32'), block('10.96.0.10/32')], ports: [udp, tcp(53)] },
    { to: [block('203.0.113.7/32')], ports: [tcp(443)] },
  ]);
});

test('Pods and Services become selectors, at the port of the Pod', () => {
  const expected = [
    {
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } },
          podSelector: { matchLabels: { app: 'postgres' } },
        },
      ],
      ports: [tcp(5432)],
    },
  ];
  expect(rulesOf([attempt('10.96.0.20', 5000)])).toEqual(expected);
  expect(rulesOf([attempt('10.244.2.9', 5432), attempt('10.96.0.20', 5000)])).toEqual(expected);
  // Nobody listens there behind the Service.
  expect(rulesOf([attempt('10.96.0.20', 5001)])).toEqual([]);
});

test('a Pod of the same namespace needs no namespaceSelector, and Services without Pods are their endpoints', () => {
  const other = podOf('shop', 'Deployment/web', 'web-1', '10.244.1.8');
  const slice = {
    ...{ kind: 'EndpointSlice', ports: [{ name: '', port: 6443, protocol: 'TCP' }] },
    metadata: { name: 'x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'outer' } },
    endpoints: [{ addresses: ['192.168.7.7'] }],
  };
  const outer = serviceOf('shop', 'outer', '10.96.0.1', {}, { port: 443 });
  const lines = [attempt('10.244.1.8', 80), attempt('10.96.0.1', 443)];
  expect(rulesOf(lines, [...CLUSTER, other, outer, slice])).toEqual([
    { to: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [tcp(80)] },
    { to: [block('192.168.7.7/32')], ports: [tcp(6443)] },
  ]);
});

test('a port of a node is that of the Pods behind it too: it is turned into them before policies are asked', () => {
  const node = {
    ...{ kind: 'Node', metadata: { name: 'n' } },
    status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
  };
  const port = { port: 5000, targetPort: 'pg', nodePort: 30_050 };
  const service = serviceOf('data', 'outer', '10.96.0.21', { app: 'postgres' }, port);
  const objects = [...CLUSTER, node, service];
  expect(rulesOf([attempt('192.0.2.1', 30_050)], objects)).toEqual([
    {
      to: [expect.objectContaining({ podSelector: { matchLabels: { app: 'postgres' } } })],
      ports: [tcp(5432)],
    },
    { to: [block('192.0.2.1/32')], ports: [tcp(30_050)] },
  ]);
  expect(rulesOf([attempt('192.0.2.1', 30_051)], objects)).toHaveLength(1);
});

test('an address that a Pod has got since, or that no Pod has any more, is nobody', () => {
  const young = podOf('data', 'Deployment/new', 'new-1', '10.244.9.9', { created: '2026-11-22T08:00:00Z' });
  const node = { kind: 'Node', metadata: { name: 'n' }, spec: { podCIDR: '10.244.0.0/16' } };
  const objects = [...CLUSTER, young, node];
  const lines = [attempt('10.244.9.9', 80), attempt('10.244.77.7', 80)];
  expect(rulesOf(lines, objects)).toEqual([]);
  expect(policyFor(advised(objects, lines).advice, CART_NAME).notes.join('\n')).toMatch(
    /an address of a Pod that is gone: 2 times/,
  );
  expect(rulesOf([attempt('10.244.9.9', 80, {}, '09:00:00')], objects)).toHaveLength(1);
});

test('IPv4 in the clothes of IPv6 is IPv4, and IPv6 is printed in its one way', () => {
  const lines = [attempt('::ffff:203.0.113.7', 443), attempt('2001:DB8:0:0::0:7', 443)];
  expect(rulesOf(lines)).toEqual([
    { to: [block('203.0.113.7/32'), block('2001:db8::7/128')], ports: [tcp(443)] },
  ]);
});

test('what a policy can say nothing of is left out and named: itself, no port, port 0, other protocols', () => {
  const lines = [
    attempt('127.0.0.1', 80),
    attempt('::1', 80),
    attempt('203.0.113.7', null),
    attempt('203.0.113.7', 0),
    attempt('203.0.113.7', 8, { 'fd.l4proto': 'icmp' }),
    attempt('224.0.0.251', 5353, { 'fd.l4proto': 'udp' }),
  ];
  expect(rulesOf(lines)).toEqual([]);
  const { notes } = policyFor(advised(CLUSTER, lines).advice, CART_NAME);
  const left = notes.filter((note) => note.startsWith('left out'));
  expect(left).toEqual([
    expect.stringContaining('no port: 2 times'),
    expect.stringContaining('protocol that policies do not know: once'),
    expect.stringContaining('multicast: once'),
  ]);
});

test('what failed each time is left out, unless it is asked for; what went through once stays', () => {
  const failed = { 'evt.res': 'ECONNREFUSED', 'fd.l4proto': null };
  const lines = [
    attempt('203.0.113.7', 443, failed),
    attempt('203.0.113.8', 443, failed),
    attempt('203.0.113.8', 443),
  ];
  expect(rulesOf(lines)).toEqual([{ to: [block('203.0.113.8/32')], ports: [tcp(443)] }]);
  expect(policyFor(advised(CLUSTER, lines).advice, CART_NAME).notes.join('\n')).toContain(
    'left out, for all attempts failed: 203.0.113.7 TCP 443 (once ECONNREFUSED)',
  );
  const all = [{ to: [block('203.0.113.7/32'), block('203.0.113.8/32')], ports: [tcp(443)] }];
  expect(rulesOf(lines, CLUSTER, { allowFailed: true })).toEqual(all);
});

test('what policies allow already is not repeated; what they refuse is opened and marked', () => {
  const web = egressPolicy('shop', 'web', [{ to: [block('203.0.113.0/24')], ports: [tcp(443)] }]);
  const lines = [attempt('203.0.113.7', 443), attempt('198.51.100.7', 443)];
  const { sure, notes, policy } = policyFor(advised([...CLUSTER, web], lines).advice, CART_NAME);
  expect(policy.spec?.egress?.slice(1)).toEqual([{ to: [block('198.51.100.7/32')], ports: [tcp(443)] }]);
  expect(sure).toMatchObject({ turnsDenyOn: false, opensRefused: 1 });
  expect(notes.join('\n')).toMatch(/NetworkPolicy shop\/web allows 1 destination already/);
  expect(notes.join('\n')).toMatch(/LOOK: opens what NetworkPolicy shop\/web refuses today: 198\.51\.100\.7/);
  const { advice } = advised([...CLUSTER, web], [attempt('203.0.113.7', 443)]);
  expect(advice.find(({ workload }) => workload === CART_NAME)).toMatchObject({
    kind: 'none',
    why: 'the policies that are there allow all that was seen',
  });
});

test('a policy that was advised before is replaced; the name of somebody else is left to them', () => {
  const theirs = egressPolicy('shop', 'cart-egress', [], { matchLabels: { app: 'other' } });
  const named = (objects: readonly object[]) =>
    policyFor(advised(objects, [attempt('203.0.113.7', 443)]).advice, CART_NAME).policy;
  expect(named([...CLUSTER, theirs]).metadata.name).toBe('cart-egress-2');
  const { metadata, ...rest } = named(CLUSTER);
  const ours = { ...rest, metadata };
  // What it allows is not taken for allowed by others.
  expect(named([...CLUSTER, ours]).spec).toEqual(ours.spec);
});

test('nothing is made of what quarantined Pods, nodes, unknown containers and workloads that are gone did', () => {
  const cut = podOf('shop', 'StatefulSet/cart', 'cart-1', '10.244.1.9', {
    labels: { [QUARANTINE_LABEL]: 'true' },
  });
  const lines = [
    attempt('203.0.113.9', 443, { 'k8s.pod.name': 'cart-1' }),
    attempt('203.0.113.9', 443, { 'k8s.pod.name': null }),
    attempt('203.0.113.9', 443, { 'k8s.pod.name': null, 'k8s.ns.name': null, 'container.id': 'host' }),
    attempt('203.0.113.9', 443, { 'k8s.pod.name': 'lost-6799fc88d8-996gz' }),
  ];
  const { advice, observations } = advised([...CLUSTER, cut], lines);
  expect(advice.every(({ kind }) => kind === 'none')).toBe(true);
  expect(advice[0]).toMatchObject({ why: expect.stringContaining('nothing was seen of it') as string });
  expect(observations.passedOver).toMatchObject({ quarantined: 1, withoutPod: 1, ofNodes: 1 });
  expect([...observations.passedOver.gone]).toEqual([['shop/Deployment/lost', 1]]);
});

test('Pods on the network of the node, and those without labels, get no policy', () => {
  const onNode = podOf('shop', 'StatefulSet/cart', 'cart-0', '192.0.2.1', { spec: { hostNetwork: true } });
  const bare = {
    ...CART,
    metadata: { ...(CART['metadata'] as object), labels: { 'pod-template-hash': 'x' } },
  };
  const why = (pod: object) =>
    advised([pod], [attempt('203.0.113.7', 443)]).advice.map((each) =>
      each.kind === 'none' ? each.why : '',
    );
  expect(why(onNode)).toEqual([expect.stringContaining('network of their node')]);
  expect(why(bare)).toEqual([expect.stringContaining('no label that lasts')]);
});

test('it says where labels tell two workloads not apart', () => {
  const twin = podOf('shop', 'Deployment/twin', 'twin-1', '10.244.1.8', { labels: { app: 'cart' } });
  const { notes } = policyFor(advised([...CLUSTER, twin], [attempt('203.0.113.7', 443)]).advice, CART_NAME);
  expect(notes.join('\n')).toContain('LOOK: nothing tells its Pods from those of Deployment/twin');
});

test('start-up is seen where a Pod began while it was watched', () => {
  const young = podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7', {
    created: '2026-11-22T03:00:00Z',
  });
  const { sure } = policyFor(advised([young], [attempt('203.0.113.7', 443)]).advice, CART_NAME);
  expect(sure.startUp).toBe('Pod cart-0 began 2026-11-22 03:00');
});

test('of Pods whose beginning nobody tells, start-up is unknown, and not unseen', () => {
  const pod = podOf('shop', 'StatefulSet/cart', 'cart-0', '10.244.1.7', { created: '' });
  const { notes, policy } = policyFor(advised([pod], [attempt('203.0.113.7', 443)]).advice, CART_NAME);
  expect(notes).toContain(
    'start-up unknown: nothing tells when all of its Pods began; what it reaches only then may be missing',
  );
  expect(policy.metadata.annotations['falco-egress.io/start-up-seen']).toBe('unknown');
});

test('memory is bounded: beyond it all of the Internet is meant on a port, and what is cut is counted', () => {
  const bounds = { publicAddresses: 20, ofWorkload: 40, ofAll: 40 };
  const many = Array.from({ length: 60 }, (_, at) => attempt(`198.51.${at}.7`, 443));
  const rules = rulesOf(many, CLUSTER, { bounds });
  expect(rules.at(-1)?.to?.map(({ ipBlock }) => ipBlock?.cidr)).toEqual(['0.0.0.0/0', '::/0']);
  const inside = Array.from({ length: 60 }, (_, at) => attempt(`10.9.${at}.7`, 443));
  const { sure, notes } = policyFor(advised(CLUSTER, inside, { bounds }).advice, CART_NAME);
  expect(sure.cut).toBe(20);
  expect(notes.join('\n')).toContain('LOOK: 20 times more to further targets');
});

test('what an alert holds ends no comment of the YAML', () => {
  const lines = [
    attempt('203.0.113.7', 443, { 'proc.name': 'a\nspec: {}\u001b[2J', 'fd.sip.name': 'x\n---\ny' }),
  ];
  const { advice } = advised([CART], lines);
  const text = adviceAsYaml(advice, []);
  expect(text).not.toContain('\u001b');
  expect(load(text)).toEqual(JSON.parse(JSON.stringify(policyFor(advice, CART_NAME).policy)));
});
