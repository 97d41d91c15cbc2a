import type { LabelSelector, NetworkPolicy, PodEnd } from '../../../lib/containment';
import { egress } from '../../containment/policies';
import { SITUATIONS, WEB, type Situation } from '../../containment/situations';
import type { Probe } from '../containment/probes';

const NAME = 'kubernetes.io/metadata.name';
/** The namespace that may be let open on purpose. */
export const FORENSICS = 'forensics';

/** What is allowed to the Pods of a namespace; the connection, where there is one, is to be tried too. */
export type MatrixSituation = Pick<Situation, 'name' | 'policies'> & Partial<Pick<Situation, 'connection'>>;

const dnsPeer = {
  namespaceSelector: { matchLabels: { [NAME]: 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
};
const dnsPorts = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
];
/** Policies that allow what a quarantine may let open on purpose, or more. */
export const OPEN: readonly MatrixSituation[] = [
  { name: "the cluster's DNS", policies: [egress([{ to: [dnsPeer], ports: dnsPorts }])] },
  { name: "the cluster's DNS Pods, on any port", policies: [egress([{ to: [dnsPeer] }])] },
  { name: 'port 53 of anybody', policies: [egress([{ ports: dnsPorts }])] },
  {
    name: 'the namespace of forensics',
    policies: [egress([{ to: [{ namespaceSelector: { matchLabels: { [NAME]: FORENSICS } } }] }])],
  },
];

const everywhere = (podSelector: LabelSelector, name = 'p'): NetworkPolicy => egress([{}], podSelector, name);
/** Whose policies select the Pod by labels: the first five by those that can go. */
export const BY_LABELS: readonly MatrixSituation[] = [
  { name: 'let out by a label', policies: [everywhere({ matchLabels: { tier: 'front' } })] },
  {
    name: 'let out by each of two labels',
    policies: [everywhere({ matchLabels: { tier: 'front' } }), everywhere({ matchLabels: { app: 'web' } })],
  },
  {
    name: 'let out by two labels together',
    policies: [everywhere({ matchLabels: { app: 'web', tier: 'front' } })],
  },
  {
    name: 'let out by In',
    policies: [everywhere({ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'db'] }] })],
  },
  {
    name: 'let out by Exists',
    policies: [everywhere({ matchExpressions: [{ key: 'tier', operator: 'Exists' }] })],
  },
  {
    name: 'let out by NotIn',
    policies: [everywhere({ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['db'] }] })],
  },
  {
    name: 'let out with a label, and without it',
    policies: [
      everywhere({ matchLabels: { tier: 'front' } }),
      everywhere({ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }),
    ],
  },
];

/** Every situation of the matrix. */
export const MATRIX: readonly MatrixSituation[] = [
  ...SITUATIONS.filter(({ connection }) => connection.source === WEB),
  ...OPEN,
  ...BY_LABELS,
];

/** What is tried of every Pod, whatever its policies say. */
export const ALWAYS: readonly Probe[] = [
  ...([443, 80, 53] as const).map((port): Probe => ({
    destination: { kind: 'outside', address: '213.215.222.58' },
    protocol: 'TCP',
    port,
  })),
  { destination: { kind: 'outside', address: '2001:db8::1' }, protocol: 'TCP', port: 443 },
  { destination: podIn('kube-system', { 'k8s-app': 'kube-dns' }), protocol: 'UDP', port: 53 },
  { destination: podIn('kube-system', { 'k8s-app': 'kube-dns' }), protocol: 'TCP', port: 9153 },
  { destination: podIn(FORENSICS, {}), protocol: 'TCP', port: 4444 },
];

function podIn(namespace: string, labels: PodEnd['labels']): PodEnd {
  return { kind: 'pod', namespace, labels, namespaceLabels: { [NAME]: namespace }, address: '10.8.8.8' };
}

/** Whether a probe is of what the configuration of the last test lets open. */
export function isOnPurpose({ destination, port, protocol }: Probe): boolean {
  if (destination.kind !== 'pod') return false;
  const isDns =
    destination.namespace === 'kube-system' && destination.labels['k8s-app'] === 'kube-dns' && port === 53;
  return destination.namespace === FORENSICS || (isDns && protocol !== 'SCTP');
}
