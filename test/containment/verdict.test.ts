import {
  denyPolicy,
  residualEgress,
  standingPolicy,
  type DenyTier,
  type SelectedPod,
} from '../../lib/containment';
import type { ClusterNetworkPolicy, TierPolicies } from '../../lib/containment';
import { QUARANTINE_LABEL } from '../../lib/names';
import { egress, policy } from './policies';
import { WEB } from './situations';

const POD: SelectedPod = { ...WEB, labels: { ...WEB.labels, [QUARANTINE_LABEL]: 'true' } };
const STANDING = standingPolicy('shop');
const ALLOW_ALL = egress([{}], {}, 'allow-all');

const verdict = (policies: Parameters<typeof residualEgress>[1], tiers?: TierPolicies) =>
  residualEgress(POD, policies, tiers);
const summary = (...args: Parameters<typeof verdict>): string => verdict(...args).summary;

describe('by NetworkPolicies', () => {
  test('the standing policy alone contains, and is named', () => {
    expect(verdict([STANDING])).toEqual({
      verdict: 'contained',
      by: [{ kind: 'NetworkPolicy', namespace: 'shop', name: 'falco-egress-quarantine' }],
      summary: 'contained',
    });
  });

  test.each([
    ['without the standing policy', POD, []],
    ['with that of another namespace', POD, [standingPolicy('data')]],
    ['without the label', WEB, [STANDING]],
  ])('%s nothing is contained', (_, pod, policies) => {
    expect(residualEgress(pod, policies)).toMatchObject({ verdict: 'not-contained', reason: 'not-isolated' });
  });

  test('a Pod on the network of its node is never contained', () => {
    const all = { clusterNetworkPolicies: [denyPolicy('ClusterNetworkPolicy')] };
    expect(residualEgress({ ...POD, hostNetwork: true }, [STANDING], all)).toMatchObject({
      verdict: 'not-contained',
      reason: 'host-network',
    });
  });

  test('the policy to blame, in one line', () => {
    expect(summary([STANDING, ALLOW_ALL])).toBe(
      'partial: NetworkPolicy shop/allow-all (podSelector {}) still allows egress',
    );
  });

  test('where to, for rules that allow less', () => {
    const dns = egress(
      [
        {
          to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
          ports: [{ port: 80, endPort: 90 }],
        },
        {
          to: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'dns' } } }],
          ports: [{ protocol: 'UDP', port: 'dns' }],
        },
        { to: [{ podSelector: {} }] },
      ],
      { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'no', operator: 'DoesNotExist' }] },
      'dns',
    );
    expect(summary([STANDING, dns])).toBe(
      'partial: NetworkPolicy shop/dns (podSelector app=web,!no) still allows egress to ' +
        '10.0.0.0/8 except 10.1.0.0/16 on TCP 80-90 and Pods app=dns of namespaces {} on UDP dns and Pods {}',
    );
  });

  test.each([
    ['of Pods that it does not select', egress([{}], { matchLabels: { app: 'db' } })],
    ['of ingress', policy({ policyTypes: ['Ingress'], ingress: [{}], egress: [{}] })],
    ['that denies', egress([])],
    [
      'of a block whose exceptions hold all of it',
      egress([{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.128.0.0/9', '10.0.0.0/9'] } }] }]),
    ],
  ])('a policy %s leaves nothing open', (_, other) => {
    expect(verdict([STANDING, other]).verdict).toBe('contained');
  });

  test.each([
    ['for Pods that may not exist', { podSelector: { matchLabels: { app: 'nobody' } } }],
    ['for a block with a hole', { ipBlock: { cidr: '10.0.0.0/8', except: ['10.128.0.0/9'] } }],
    ['for a block that can not be read', { ipBlock: { cidr: 'later/8' } }],
    ['for peers of a later API', {}],
  ])('a rule %s counts as open', (_, to) => {
    expect(verdict([STANDING, egress([{ to: [to] }])]).verdict).toBe('partial');
  });
});

/** One policy of a tier, among those of its kind. */
const KINDS: Record<DenyTier, (policy: object) => TierPolicies> = {
  ClusterNetworkPolicy: (one) => ({ clusterNetworkPolicies: [one] }),
  AdminNetworkPolicy: (one) => ({ adminNetworkPolicies: [one] }),
  Cilium: (one) => ({ ciliumPolicies: [one] }),
  Calico: (one) => ({ calicoPolicies: [one] }),
};

describe.each(Object.keys(KINDS) as DenyTier[])('a deny in the tier %s', (tier) => {
  const deny = KINDS[tier](denyPolicy(tier) ?? {});

  test('contains whatever NetworkPolicies allow, with and without the standing policy', () => {
    expect(verdict([STANDING, ALLOW_ALL], deny)).toMatchObject({
      verdict: 'contained',
      by: [{ name: 'falco-egress-quarantine' }],
    });
    expect(verdict([], deny).verdict).toBe('contained');
  });

  test('leaves Pods without the label alone', () => {
    expect(residualEgress(WEB, [], deny).verdict).toBe('not-contained');
  });
});

const SUBJECT = { namespaces: {} };
const EVERYWHERE = { networks: ['0.0.0.0/0', '::/0'] };
const admin = (priority: number, egressRules: object[], name = 'other', tier = 'Admin') => ({
  metadata: { name },
  spec: { tier, priority, subject: SUBJECT, egress: egressRules },
});
const DENY = denyPolicy('ClusterNetworkPolicy');

describe('among ClusterNetworkPolicies', () => {
  const ACCEPT = { action: 'Accept', to: [{ networks: ['203.0.113.0/24'] }], protocols: [{ tcp: {} }] };

  test.each<[string, ...ClusterNetworkPolicy[]]>([
    ['before it', admin(0, [ACCEPT]), { ...DENY, spec: { ...DENY.spec, priority: 1 } }],
    ['of the same priority, whose order is open', DENY, admin(0, [ACCEPT])],
    [
      'of the same priority, though it denies in the end',
      DENY,
      admin(0, [ACCEPT, { action: 'Deny', to: [EVERYWHERE] }]),
    ],
  ])('one that accepts %s is to blame', (_, ...clusterNetworkPolicies) => {
    expect(summary([STANDING], { clusterNetworkPolicies })).toBe(
      'partial: ClusterNetworkPolicy other (namespaces {}) still allows egress to 203.0.113.0/24 on some ports',
    );
  });

  test('one that accepts after it is not', () => {
    const clusterNetworkPolicies = [admin(1, [ACCEPT]), DENY];
    expect(verdict([ALLOW_ALL], { clusterNetworkPolicies }).verdict).toBe('contained');
  });

  test('one that accepts lets out a Pod that NetworkPolicies hold', () => {
    expect(verdict([STANDING], { clusterNetworkPolicies: [admin(5, [ACCEPT])] }).verdict).toBe('partial');
  });

  test.each([
    ['of IPv4 alone', [{ action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] }]],
    ['of some ports', [{ action: 'Deny', to: [EVERYWHERE], protocols: [{ udp: {} }] }]],
    ['of Pods alone', [{ action: 'Deny', to: [{ namespaces: {} }] }]],
    [
      'after something is passed on',
      [
        { action: 'Pass', to: [{ namespaces: {} }] },
        { action: 'Deny', to: [EVERYWHERE] },
      ],
    ],
  ])('a deny %s does not contain', (_, rules) => {
    const clusterNetworkPolicies = [admin(0, rules)];
    expect(verdict([STANDING, ALLOW_ALL], { clusterNetworkPolicies }).verdict).toBe('partial');
  });

  test('halves of the addresses in two policies contain', () => {
    const half = (networks: string[]) => admin(3, [{ action: 'Deny', to: [{ networks }] }]);
    const clusterNetworkPolicies = [half(['0.0.0.0/1', '::/1']), half(['128.0.0.0/1', '8000::/1'])];
    expect(verdict([ALLOW_ALL], { clusterNetworkPolicies }).verdict).toBe('contained');
  });

  test('the baseline holds only a Pod that no NetworkPolicy restricts', () => {
    const clusterNetworkPolicies = [admin(0, [{ action: 'Deny', to: [EVERYWHERE] }], 'base', 'Baseline')];
    expect(verdict([], { clusterNetworkPolicies }).verdict).toBe('contained');
    expect(verdict([ALLOW_ALL], { clusterNetworkPolicies }).verdict).toBe('partial');
    const accepting = [admin(0, [ACCEPT, { action: 'Deny', to: [EVERYWHERE] }], 'base', 'Baseline')];
    expect(verdict([], { clusterNetworkPolicies: accepting }).verdict).toBe('partial');
    expect(verdict([STANDING], { clusterNetworkPolicies: accepting }).verdict).toBe('contained');
  });

  test('the older kinds have their own words', () => {
    const allow = admin(0, [{ action: 'Allow', to: [{ namespaces: {} }] }]);
    expect(summary([STANDING], { adminNetworkPolicies: [allow] })).toBe(
      'partial: AdminNetworkPolicy other (namespaces {}) still allows egress to namespaces {}',
    );
    const deny = admin(0, [{ action: 'Deny', to: [EVERYWHERE] }]);
    expect(verdict([], { baselineAdminNetworkPolicies: [deny] }).verdict).toBe('contained');
  });
});

describe('among policies of Cilium', () => {
  const cilium = (spec: object, namespace?: string) => ({
    metadata: { name: 'other', ...(namespace !== undefined && { namespace }) },
    spec,
  });
  const all = { toEntities: ['all'] };

  test.each([
    ['everywhere', cilium({ endpointSelector: {}, egress: [all] }), ''],
    [
      'by its namespace',
      cilium({
        endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'shop' } },
        egress: [{ toFQDNs: [] }],
      }),
      ' to toFQDNs',
    ],
    [
      'by a label of its namespace',
      cilium({
        endpointSelector: { matchLabels: { 'io.cilium.k8s.namespace.labels.team': 'a' } },
        egress: [all],
      }),
      '',
    ],
    [
      'by a service account that we do not know',
      cilium({
        endpointSelector: { matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'x' } },
        egress: [all],
      }),
      '',
    ],
    [
      'in its namespace',
      cilium({ endpointSelector: { matchLabels: { 'any:app': 'web' } }, egress: [all] }, 'shop'),
      '',
    ],
  ])('one that allows %s adds to NetworkPolicies', (_, one, to) => {
    expect(summary([STANDING], { ciliumPolicies: [one] })).toMatch(/^partial: Cilium.* still allows egress/);
    expect(summary([STANDING], { ciliumPolicies: [one] }).endsWith(`still allows egress${to}`)).toBe(true);
    const denied = { ciliumPolicies: [one, denyPolicy('Cilium') ?? {}] };
    expect(verdict([STANDING, ALLOW_ALL], denied).verdict).toBe('contained');
  });

  test.each([
    ['of another namespace', cilium({ endpointSelector: {}, egress: [all] }, 'data')],
    ['of other Pods', cilium({ endpointSelector: { matchLabels: { app: 'db' } }, egress: [all] })],
    ['of nodes', cilium({ nodeSelector: {}, egress: [all] })],
    ['that allows nothing', cilium({ endpointSelector: {}, egress: [{}] })],
  ])('one %s changes nothing', (_, one) => {
    expect(verdict([STANDING], { ciliumPolicies: [one] }).verdict).toBe('contained');
  });

  test.each([
    [
      'by address, which holds neither Pods nor nodes',
      { endpointSelector: {}, egressDeny: [{ toCIDR: ['0.0.0.0/0', '::/0'] }] },
    ],
    ['of some ports', { endpointSelector: {}, egressDeny: [{ ...all, toPorts: [{}] }] }],
    [
      'of a service account that we do not know',
      {
        endpointSelector: { matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'x' } },
        egressDeny: [all],
      },
    ],
  ])('a deny %s does not contain', (_, spec) => {
    expect(verdict([STANDING, ALLOW_ALL], { ciliumPolicies: [cilium(spec)] }).verdict).toBe('partial');
  });

  test('they hold a Pod on their own, unless they are told not to', () => {
    const spec = { endpointSelector: {}, egress: [{}] };
    expect(verdict([], { ciliumPolicies: [cilium(spec)] }).verdict).toBe('contained');
    const lax = cilium({ ...spec, enableDefaultDeny: { egress: false } });
    expect(verdict([], { ciliumPolicies: [lax] }).verdict).toBe('not-contained');
  });
});

describe('among policies of Calico', () => {
  const calico = (spec: object, namespace?: string) => ({
    metadata: { name: 'other', ...(namespace !== undefined && { namespace }) },
    spec,
  });
  const allow = [{ action: 'Allow' }];
  const deny = [{ action: 'Deny' }];
  const tiers = [{ metadata: { name: 'security' }, spec: { order: 10 } }];

  test.each([
    ['before NetworkPolicies', { order: 10, egress: allow }],
    ['after them, where what they do not allow goes on', { order: 2000, egress: allow }],
    ['without an order', { egress: allow }],
    ['by a selector that can not be read', { selector: 'app ~ web', egress: allow }],
    ['by a service account that we do not know', { serviceAccountSelector: 'x == "y"', egress: allow }],
    ['in an earlier tier', { tier: 'security', egress: allow }],
    ['in a tier that we were not told about', { tier: 'unheard', egress: allow }],
  ])('one that allows %s is to blame', (_, spec) => {
    expect(summary([STANDING], { calicoPolicies: [calico(spec)], calicoTiers: tiers })).toMatch(
      /^partial: GlobalNetworkPolicy other \(selector .*\) still allows egress$/,
    );
  });

  test.each([
    ['of order 999', { order: 999, egress: deny }],
    ['of an earlier tier', { tier: 'security', order: 5000, egress: deny }],
    [
      'of an earlier tier that ends without a word',
      {
        tier: 'security',
        egress: [{ action: 'Allow', destination: { nets: ['10.0.0.0/8'] } }],
        types: ['Egress'],
        selector: 'app == "db"',
      },
      false,
    ],
    [
      'by addresses of both families',
      { order: 1, egress: [{ action: 'Deny', destination: { nets: ['0.0.0.0/0', '::/0'] } }] },
    ],
  ])('a deny %s', (_, spec, contains = true) => {
    const tierPolicies = { calicoPolicies: [calico(spec)], calicoTiers: tiers };
    expect(verdict([STANDING, ALLOW_ALL], tierPolicies).verdict).toBe(contains ? 'contained' : 'partial');
  });

  test('an earlier tier that applies and says nothing denies, unless it passes on', () => {
    const silent = [calico({ tier: 'security', types: ['Egress'] })];
    expect(verdict([ALLOW_ALL], { calicoPolicies: silent, calicoTiers: tiers }).verdict).toBe('contained');
    const passing = tiers.map((tier) => ({ ...tier, spec: { ...tier.spec, defaultAction: 'Pass' } }));
    expect(verdict([ALLOW_ALL], { calicoPolicies: silent, calicoTiers: passing }).verdict).toBe('partial');
  });

  test.each([
    ['of order 1000, where NetworkPolicies stand', { order: 1000, egress: deny }],
    ['of some ports', { order: 1, egress: [{ action: 'Deny', destination: { ports: [443] } }] }],
    ['of a protocol', { order: 1, egress: [{ action: 'Deny', protocol: 'UDP' }] }],
    ['of one family', { order: 1, egress: [{ action: 'Deny', ipVersion: 4 }] }],
    ['after something is passed on', { order: 1, egress: [{ action: 'Pass', protocol: 'TCP' }, ...deny] }],
    ['in a tier that we were not told about', { tier: 'unheard', egress: deny }],
    ['of hosts', { order: 1, egress: deny, doNotTrack: true }],
    ['of ingress', { order: 1, egress: deny, types: ['Ingress'] }],
  ])('a deny %s does not contain', (_, spec) => {
    const tierPolicies = { calicoPolicies: [calico(spec)], calicoTiers: tiers };
    expect(verdict([STANDING, ALLOW_ALL], tierPolicies).verdict).toBe('partial');
  });

  test.each([
    ['', true],
    ['all()', true],
    ['global()', false],
    ["app == 'web'", true],
    ['app != "web"', false],
    ['no != "x"', true],
    ['has(app) && !has(no)', true],
    ['no == "x" || tier in {"front", "back"}', true],
    ['tier not in { "front" }', false],
    ['no not in {"x"}', true],
    ['app contains "e" && app starts with "w" && app ends with "b"', true],
    ['!(app == "web" && tier == "front")', false],
    ['projectcalico.org/namespace == "shop"', true],
  ])('the selector %s selects: %s', (selector, selected) => {
    const tierPolicies = { calicoPolicies: [calico({ order: 1, selector, egress: deny })] };
    expect(verdict([ALLOW_ALL], tierPolicies).verdict).toBe(selected ? 'contained' : 'partial');
    // What it does not select it does not let out either: a selector that could not be read would.
    const open = { calicoPolicies: [calico({ order: 1, selector, egress: allow })] };
    expect(verdict([STANDING], open).verdict).toBe(selected ? 'partial' : 'contained');
  });

  test('one of a namespace, and by labels of the namespace', () => {
    const of = (spec: object, namespace?: string) => ({ calicoPolicies: [calico(spec, namespace)] });
    expect(summary([STANDING], of({ egress: allow }, 'shop'))).toContain(
      'NetworkPolicy.projectcalico.org shop/other',
    );
    expect(verdict([STANDING], of({ egress: allow }, 'data')).verdict).toBe('contained');
    expect(verdict([STANDING], of({ egress: allow, namespaceSelector: 'team == "b"' })).verdict).toBe(
      'contained',
    );
    expect(verdict([STANDING], of({ egress: allow, namespaceSelector: 'team == "a"' })).verdict).toBe(
      'partial',
    );
  });
});
