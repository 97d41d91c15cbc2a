import {
  denyPolicy,
  residualEgress,
  standingPolicy,
  stripPlan,
  type CutOptions,
  type DenyTier,
  type NetworkPolicy,
  type SelectedPod,
  type TierPolicies,
} from '../../lib/containment';
import { QUARANTINE_LABEL } from '../../lib/names';
import { egress } from './policies';
import { WEB } from './situations';

const POD: SelectedPod = { ...WEB, labels: { ...WEB.labels, [QUARANTINE_LABEL]: 'true' } };
const DNS: CutOptions = { allowDns: true };
const BOTH: CutOptions = { allowDns: true, forensicsNamespace: 'forensics' };
const ALLOW_ALL = egress([{}], {}, 'allow-all');

const summary = (policies: readonly NetworkPolicy[], cut: CutOptions, tiers: TierPolicies = {}): string =>
  residualEgress(POD, policies, tiers, cut).summary;
/** As the API server gives it back: keys in another order. */
const stored = <T extends object>(object: T): T =>
  JSON.parse(
    JSON.stringify(object, (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ),
  ) as T;

test.each<[CutOptions, string]>([
  [{}, 'contained'],
  [{ forensicsNamespace: '' }, 'contained'],
  [DNS, 'contained (DNS allowed)'],
  [{ forensicsNamespace: 'forensics' }, 'contained (namespace forensics allowed)'],
  [BOTH, 'contained (DNS and namespace forensics allowed)'],
])('a standing policy with %j contains, and the verdict says what it lets open', (cut, wanted) => {
  expect(summary([stored(standingPolicy('shop', cut))], cut)).toBe(wanted);
});

test('what the standing policy of other options lets open is a way out', () => {
  expect(summary([standingPolicy('shop', DNS)], {})).toMatch(
    /^partial: NetworkPolicy shop\/falco-egress-quarantine .* still allows egress to Pods k8s-app=kube-dns/,
  );
  expect(summary([standingPolicy('shop', BOTH)], DNS)).toContain('metadata.name=forensics');
  expect(summary([standingPolicy('shop')], BOTH)).toBe('contained');
});

const kubeDns = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
};
const udp = [{ protocol: 'UDP', port: 53 }];

test.each<[string, object, boolean]>([
  ['on fewer protocols', { to: [kubeDns], ports: udp }, true],
  [
    'to fewer Pods',
    { to: [{ ...kubeDns, podSelector: { matchLabels: { 'k8s-app': 'kube-dns', x: 'y' } } }], ports: udp },
    true,
  ],
  ['on every port', { to: [kubeDns] }, false],
  ['on one more port', { to: [kubeDns], ports: [...udp, { protocol: 'TCP', port: 9153 }] }, false],
  ['on a range', { to: [kubeDns], ports: [{ protocol: 'UDP', port: 53, endPort: 99 }] }, false],
  ['on a port by its name', { to: [kubeDns], ports: [{ protocol: 'UDP', port: 'dns' }] }, false],
  ['by SCTP', { to: [kubeDns], ports: [{ protocol: 'SCTP', port: 53 }] }, false],
  ['to its whole namespace', { to: [{ namespaceSelector: kubeDns.namespaceSelector }], ports: udp }, false],
  [
    'to Pods of its name in every namespace',
    { to: [{ ...kubeDns, namespaceSelector: {} }], ports: udp },
    false,
  ],
  ['to Pods of its name here', { to: [{ podSelector: kubeDns.podSelector }], ports: udp }, false],
  ['and to somebody else', { to: [kubeDns, { ipBlock: { cidr: '1.1.1.1/32' } }], ports: udp }, false],
  ['to everybody', { ports: udp }, false],
])('DNS %s by another policy counts for as little as ours, or as much as it opens', (_, rule, harmless) => {
  const policies = [standingPolicy('shop', DNS), egress([rule], {}, 'dns')];
  expect(summary(policies, DNS).startsWith('contained')).toBe(harmless);
  expect(summary(policies, {})).toMatch(/^partial/);
});

test('a policy that only lets open what may be open still restricts', () => {
  const dnsOnly = {
    metadata: { name: 'dns', namespace: 'shop' },
    spec: { podSelector: {}, egress: [{ to: [kubeDns], ports: udp }] },
  };
  expect(summary([dnsOnly], DNS)).toBe('contained (DNS allowed)');
});

const KINDS: Record<Exclude<DenyTier, 'Cilium'>, (policy: object) => TierPolicies> = {
  ClusterNetworkPolicy: (one) => ({ clusterNetworkPolicies: [one] }),
  AdminNetworkPolicy: (one) => ({ adminNetworkPolicies: [one] }),
  Calico: (one) => ({ calicoPolicies: [one] }),
};

const kindOf = (tier: keyof typeof KINDS): string => (tier === 'Calico' ? 'GlobalNetworkPolicy' : tier);

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('the deny of the tier %s', (tier) => {
  const policy = stored(denyPolicy(tier, BOTH));
  const tiers = KINDS[tier](policy);

  test('contains but for what is let open', () => {
    expect(summary([ALLOW_ALL], BOTH, tiers)).toBe(
      `contained (DNS and namespace forensics allowed; relies on ${kindOf(tier)} falco-egress-quarantine)`,
    );
  });

  test('lets out by what was not meant', () => {
    expect(summary([ALLOW_ALL], {}, tiers)).toMatch(/^partial: .* falco-egress-quarantine/);
    expect(summary([ALLOW_ALL], DNS, tiers)).toMatch(/^partial: .* falco-egress-quarantine/);
    const stranger = { ...policy, metadata: { name: 'other' } };
    expect(summary([ALLOW_ALL], BOTH, KINDS[tier](stranger))).toMatch(/^partial: .* other/);
  });

  test('without them says nothing of them', () => {
    expect(summary([ALLOW_ALL], BOTH, KINDS[tier](denyPolicy(tier)))).toBe(
      `contained (relies on ${kindOf(tier)} falco-egress-quarantine)`,
    );
  });

  test('is relied on only where NetworkPolicies alone would let it out', () => {
    expect(summary([standingPolicy('shop')], {}, KINDS[tier](denyPolicy(tier)))).toBe('contained');
    expect(summary([], {}, KINDS[tier](denyPolicy(tier)))).toContain(`relies on ${kindOf(tier)} `);
  });

  test('lets the forensics namespace in, where it keeps others out', () => {
    const { ingress } = denyPolicy(tier, { ...BOTH, ingress: true }).spec;
    expect(ingress).toHaveLength(2);
    expect(JSON.stringify(ingress?.[0])).toContain('forensics');
    expect(denyPolicy(tier, BOTH).spec.ingress).toBeUndefined();
  });
});

test('Cilium’s denies beat everything, so that it has none that lets something open', () => {
  expect(denyPolicy('Cilium', DNS)).toBeUndefined();
  expect(denyPolicy('Cilium', { forensicsNamespace: 'forensics' })).toBeUndefined();
  expect(denyPolicy('Cilium', { ingress: true, forensicsNamespace: '' })).toBeDefined();
});

test('stripping leaves what is let open, and takes the rest', () => {
  const byApp = egress([{}], { matchLabels: { app: POD.labels['app'] ?? '' } }, 'by-app');
  const policies = [standingPolicy('shop', DNS), byApp];
  expect(stripPlan(POD, policies, {}, { cut: DNS })).toMatchObject({
    kind: 'strip',
    remove: { app: POD.labels['app'] },
  });
  expect(stripPlan(POD, policies).kind).toBe('impossible');
  expect(stripPlan(POD, [standingPolicy('shop', DNS)], {}, { cut: DNS }).kind).toBe('nothing-to-strip');
});
