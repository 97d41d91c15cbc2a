import { PRODUCT, QUARANTINE_LABEL, QUARANTINE_POLICY, QUARANTINE_VALUE } from '../names';

const LABELS = { 'app.kubernetes.io/name': PRODUCT, 'app.kubernetes.io/part-of': PRODUCT };
const SELECTOR = { matchLabels: { [QUARANTINE_LABEL]: QUARANTINE_VALUE } };
const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** How a quarantine cuts. */
export interface CutOptions {
  /** Whether nobody may connect to the Pod either. @default false */
  readonly ingress?: boolean;
}

/** The standing policy of a namespace: it selects Pods by the quarantine label and allows them nothing. */
export function standingPolicy(namespace: string, { ingress = false }: CutOptions = {}) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: QUARANTINE_POLICY, namespace, labels: LABELS },
    spec: { podSelector: SELECTOR, policyTypes: ingress ? ['Ingress', 'Egress'] : ['Egress'] },
  };
}

/** Tiers that deny, whatever NetworkPolicies allow. */
export type DenyTier = 'ClusterNetworkPolicy' | 'AdminNetworkPolicy' | 'Cilium' | 'Calico';

/** The policy of the cluster that denies Pods with the quarantine label, in one of the tiers; the same for every Pod. */
export function denyPolicy<T extends DenyTier>(tier: T, { ingress = false }: CutOptions = {}) {
  const policy = DENY[tier](ingress) as ReturnType<(typeof DENY)[T]>;
  return { metadata: { name: QUARANTINE_POLICY, labels: LABELS }, ...policy };
}

const SUBJECT = { pods: { namespaceSelector: {}, podSelector: SELECTOR } };
/** Pods by selector and by address: implementations differ in whether networks hold Pods. */
const ALL_PODS = { namespaces: {} };
const NAME = 'quarantine';

const DENY = {
  ClusterNetworkPolicy: (ingress: boolean) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    spec: {
      tier: 'Admin',
      priority: 0,
      subject: SUBJECT,
      egress: [{ name: NAME, action: 'Deny', to: [ALL_PODS, { networks: EVERYWHERE }] }],
      ...(ingress && { ingress: [{ name: NAME, action: 'Deny', from: [ALL_PODS] }] }),
    },
  }),
  AdminNetworkPolicy: (ingress: boolean) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    spec: {
      priority: 0,
      subject: SUBJECT,
      egress: [{ name: NAME, action: 'Deny', to: [ALL_PODS, { networks: EVERYWHERE }] }],
      ...(ingress && { ingress: [{ name: NAME, action: 'Deny', from: [ALL_PODS] }] }),
    },
  }),
  Cilium: (ingress: boolean) => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    spec: {
      endpointSelector: { matchLabels: { [`k8s:${QUARANTINE_LABEL}`]: QUARANTINE_VALUE } },
      egressDeny: [{ toEntities: ['all'] }],
      // Not the Pod's own node: its probes would fail, and the kubelet would restart the evidence away.
      ...(ingress && { ingressDeny: [{ fromEndpoints: [{}] }, { fromEntities: ['world', 'remote-node'] }] }),
    },
  }),
  Calico: (ingress: boolean) => ({
    apiVersion: 'projectcalico.org/v3',
    kind: 'GlobalNetworkPolicy',
    spec: {
      // Below every order that people write; NetworkPolicies stand at 1000.
      order: -1_000_000,
      selector: `${QUARANTINE_LABEL} == '${QUARANTINE_VALUE}'`,
      types: ingress ? ['Ingress', 'Egress'] : ['Egress'],
      egress: [{ action: 'Deny' }],
      ...(ingress && { ingress: [{ action: 'Deny' }] }),
    },
  }),
} as const;
