import { PRODUCT, QUARANTINE_LABEL, QUARANTINE_POLICY, QUARANTINE_VALUE } from '../names';
import { forensicsOf, namespaceSelector, waysOut, type CutOptions, type WayOut } from './ways-out';

const LABELS = { 'app.kubernetes.io/name': PRODUCT, 'app.kubernetes.io/part-of': PRODUCT };
const SELECTOR = { matchLabels: { [QUARANTINE_LABEL]: QUARANTINE_VALUE } };
const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** The standing policy of a namespace: it selects Pods by the quarantine label and allows them nothing, but what is let open. */
export function standingPolicy(namespace: string, options: CutOptions = {}) {
  const { ingress = false } = options;
  const egress = waysOut(options).map(networkPolicyRule);
  const forensics = forensicsOf(options);
  const from = ingress && forensics !== undefined ? [namespacePeer(forensics)] : [];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: QUARANTINE_POLICY, namespace, labels: LABELS },
    spec: {
      podSelector: SELECTOR,
      policyTypes: ingress ? ['Ingress', 'Egress'] : ['Egress'],
      ...(egress.length > 0 && { egress }),
      ...(from.length > 0 && { ingress: [{ from }] }),
    },
  };
}

function namespacePeer({ namespace, podLabels }: WayOut) {
  return {
    namespaceSelector: namespaceSelector(namespace),
    ...(podLabels && { podSelector: { matchLabels: podLabels } }),
  };
}

function networkPolicyRule(way: WayOut) {
  const { ports } = way;
  return {
    to: [namespacePeer(way)],
    ...(ports && { ports: ports.protocols.map((protocol) => ({ protocol, port: ports.port })) }),
  };
}

/** Tiers that deny, whatever NetworkPolicies allow. */
export type DenyTier = 'ClusterNetworkPolicy' | 'AdminNetworkPolicy' | 'Cilium' | 'Calico';

/**
 * The policy of the cluster that denies Pods with the quarantine label, in one of the tiers; the same for every Pod.
 * `undefined` where the tier can't leave open what the options let: with Cilium a deny beats everything.
 */
export function denyPolicy<T extends DenyTier>(
  tier: T,
  options: CutOptions = {},
): ReturnType<(typeof DENY)[T]> {
  return DENY[tier](options) as ReturnType<(typeof DENY)[T]>;
}

const METADATA = { name: QUARANTINE_POLICY, labels: LABELS };
const SUBJECT = { pods: { namespaceSelector: {}, podSelector: SELECTOR } };
/** Pods by selector and by address: implementations differ in whether networks hold Pods. */
const ALL_PODS = { namespaces: {} };
const NAME = 'quarantine';

/** A peer of policy.networking.k8s.io. */
function apiPeer({ namespace, podLabels }: WayOut) {
  const selector = namespaceSelector(namespace);
  if (podLabels === undefined) return { namespaces: selector };
  return { pods: { namespaceSelector: selector, podSelector: { matchLabels: podLabels } } };
}

/** A name of a rule may hold anything, but nobody wants blanks in it. */
function ruleName({ name }: WayOut): string {
  return name.toLowerCase().replaceAll(' ', '-');
}

function clusterRule(way: WayOut) {
  const { ports } = way;
  const port = { destinationPort: { number: ports?.port } };
  return {
    ...{ name: ruleName(way), action: 'Accept', to: [apiPeer(way)] },
    ...(ports && { protocols: ports.protocols.map((each) => ({ [each.toLowerCase()]: port })) }),
  };
}

function adminRule(way: WayOut) {
  const { ports } = way;
  return {
    ...{ name: ruleName(way), action: 'Allow', to: [apiPeer(way)] },
    ...(ports && {
      ports: ports.protocols.map((protocol) => ({ portNumber: { protocol, port: ports.port } })),
    }),
  };
}

/** Who may come in all the same. */
function acceptedFrom(options: CutOptions, action: 'Accept' | 'Allow') {
  const forensics = forensicsOf(options);
  return forensics === undefined ? [] : [{ name: ruleName(forensics), action, from: [apiPeer(forensics)] }];
}

/** A namespace or a Pod in Calico's words. */
function calicoEnd({ namespace, podLabels = {} }: WayOut) {
  const selector = Object.entries(podLabels).map(([key, value]) => `${key} == '${value}'`);
  return {
    namespaceSelector: `kubernetes.io/metadata.name == '${namespace}'`,
    ...(selector.length > 0 && { selector: selector.join(' && ') }),
  };
}

function calicoRules(way: WayOut) {
  const { ports } = way;
  const destination = calicoEnd(way);
  if (ports === undefined) return [{ action: 'Allow', destination }];
  return ports.protocols.map((protocol) => ({
    action: 'Allow',
    protocol,
    destination: { ...destination, ports: [ports.port] },
  }));
}

function calicoSources(options: CutOptions) {
  const forensics = forensicsOf(options);
  return forensics === undefined ? [] : [{ action: 'Allow', source: calicoEnd(forensics) }];
}

const DENY = {
  ClusterNetworkPolicy: (options: CutOptions) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: METADATA,
    spec: {
      tier: 'Admin',
      priority: 0,
      subject: SUBJECT,
      egress: [
        ...waysOut(options).map(clusterRule),
        { name: NAME, action: 'Deny', to: [ALL_PODS, { networks: EVERYWHERE }] },
      ],
      ...(options.ingress === true && {
        ingress: [...acceptedFrom(options, 'Accept'), { name: NAME, action: 'Deny', from: [ALL_PODS] }],
      }),
    },
  }),
  AdminNetworkPolicy: (options: CutOptions) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: METADATA,
    spec: {
      priority: 0,
      subject: SUBJECT,
      egress: [
        ...waysOut(options).map(adminRule),
        { name: NAME, action: 'Deny', to: [ALL_PODS, { networks: EVERYWHERE }] },
      ],
      ...(options.ingress === true && {
        ingress: [...acceptedFrom(options, 'Allow'), { name: NAME, action: 'Deny', from: [ALL_PODS] }],
      }),
    },
  }),
  Cilium: (options: CutOptions) => {
    if (waysOut(options).length > 0) return undefined;
    return {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumClusterwideNetworkPolicy',
      metadata: METADATA,
      spec: {
        endpointSelector: { matchLabels: { [`k8s:${QUARANTINE_LABEL}`]: QUARANTINE_VALUE } },
        egressDeny: [{ toEntities: ['all'] }],
        // Not the Pod's own node: its probes would fail, and the kubelet would restart the evidence away.
        ...(options.ingress === true && {
          ingressDeny: [{ fromEndpoints: [{}] }, { fromEntities: ['world', 'remote-node'] }],
        }),
      },
    };
  },
  Calico: (options: CutOptions) => ({
    apiVersion: 'projectcalico.org/v3',
    kind: 'GlobalNetworkPolicy',
    metadata: METADATA,
    spec: {
      // Below every order that people write; NetworkPolicies stand at 1000.
      order: -1_000_000,
      selector: `${QUARANTINE_LABEL} == '${QUARANTINE_VALUE}'`,
      types: options.ingress === true ? ['Ingress', 'Egress'] : ['Egress'],
      egress: [...waysOut(options).flatMap(calicoRules), { action: 'Deny' }],
      ...(options.ingress === true && { ingress: [...calicoSources(options), { action: 'Deny' }] }),
    },
  }),
} as const;
