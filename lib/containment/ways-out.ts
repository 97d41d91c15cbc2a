import type { Labels, NetworkPolicy, NetworkPolicyRule } from './objects';

/** How a quarantine cuts. */
export interface CutOptions {
  /** Whether nobody may connect to the Pod either. @default false */
  readonly ingress?: boolean;
  /** Whether the Pod may ask the cluster's DNS: Pods `k8s-app: kube-dns` of kube-system, on port 53. @default false */
  readonly allowDns?: boolean;
  /** A namespace to and from which the Pod may talk all the same, to be looked into; an empty text means none. @default none */
  readonly forensicsNamespace?: string;
}

/** Where a quarantined Pod may go on purpose. */
export interface WayOut {
  /** In the words of a verdict. */
  readonly name: string;
  readonly namespace: string;
  /** @default every Pod of the namespace */
  readonly podLabels?: Labels;
  /** On which port of which protocols. @default everything */
  readonly ports?: { readonly port: number; readonly protocols: readonly ('UDP' | 'TCP')[] };
}

/** The DNS of the cluster, as nearly all clusters have it. */
export const DNS: WayOut = {
  name: 'DNS',
  namespace: 'kube-system',
  podLabels: { 'k8s-app': 'kube-dns' },
  ports: { port: 53, protocols: ['UDP', 'TCP'] },
};

/** Where a Pod may go that is cut off so. */
export function waysOut(options: CutOptions): WayOut[] {
  const forensics = forensicsOf(options);
  return [...(options.allowDns === true ? [DNS] : []), ...(forensics === undefined ? [] : [forensics])];
}

/** The namespace that may also come in. */
export function forensicsOf({ forensicsNamespace = '' }: CutOptions): WayOut | undefined {
  if (forensicsNamespace === '') return undefined;
  return { name: `namespace ${forensicsNamespace}`, namespace: forensicsNamespace };
}

/** The label that every namespace has, with its name. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** What selects a namespace by its name. */
export function namespaceSelector(name: string): { readonly matchLabels: Labels } {
  return { matchLabels: { [NAMESPACE_NAME]: name } };
}

/**
 * Whether a rule of a NetworkPolicy leads nowhere else than a way out: each of its peers is one of the way's Pods by the
 * labels that it asks for, and each port one of the way's.
 */
export function leadsOnly({ namespace, podLabels = {}, ports }: WayOut, rule: NetworkPolicyRule): boolean {
  const peers = rule.to ?? [];
  const asks = (labels: Labels | undefined, key: string, value: string): boolean =>
    labels !== undefined && Object.hasOwn(labels, key) && labels[key] === value;
  const toThem = peers.every(
    ({ ipBlock, namespaceSelector: ofNamespace, podSelector }) =>
      ipBlock === undefined &&
      asks(ofNamespace?.matchLabels, NAMESPACE_NAME, namespace) &&
      Object.entries(podLabels).every(([key, value]) => asks(podSelector?.matchLabels, key, value)),
  );
  if (peers.length === 0 || !toThem) return false;
  if (ports === undefined) return true;
  const asked = rule.ports ?? [];
  return (
    asked.length > 0 &&
    asked.every(
      ({ port, endPort, protocol = 'TCP' }) =>
        port === ports.port &&
        (endPort === undefined || endPort === port) &&
        ports.protocols.some((each) => each === protocol),
    )
  );
}

/** How a standing policy of ours cuts, read from what it lets open. */
export function cutOf({ spec }: NetworkPolicy): CutOptions {
  const rules = spec?.egress ?? [];
  const namespaces = rules.flatMap(({ to = [], ports }) =>
    ports === undefined ? to.map((peer) => peer.namespaceSelector?.matchLabels?.[NAMESPACE_NAME]) : [],
  );
  const forensics = namespaces.find(
    (name) => name !== undefined && rules.some((rule) => leadsOnly({ name, namespace: name }, rule)),
  );
  return {
    ingress: spec?.policyTypes?.includes('Ingress') === true,
    allowDns: rules.some((rule) => leadsOnly(DNS, rule)),
    ...(forensics !== undefined && { forensicsNamespace: forensics }),
  };
}
