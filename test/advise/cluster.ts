/** An object of the API server, as kubectl prints it. */
type Raw = Readonly<Record<string, unknown>>;

/** A Pod of a workload. */
export function podOf(
  namespace: string,
  owner: string,
  name: string,
  address: string,
  {
    labels = {},
    created = '2026-01-01T00:00:00Z',
    spec = {},
    ports = [],
  }: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly created?: string;
    readonly spec?: object;
    readonly ports?: readonly object[];
  } = {},
): Raw {
  const [kind = '', ofOwner = ''] = owner.split('/');
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ name, namespace, creationTimestamp: created, labels: { app: ofOwner, ...labels } },
      ...(kind !== 'Pod' && { ownerReferences: [{ kind, name: ofOwner, uid: ofOwner, controller: true }] }),
    },
    spec: { containers: [{ name: 'main', ports }], ...spec },
    status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }] },
  };
}

/** A Service of the Pods with some labels. */
export function serviceOf(
  namespace: string,
  name: string,
  address: string,
  selector: Readonly<Record<string, string>>,
  ...ports: readonly object[]
): Raw {
  return {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace } },
    spec: { clusterIP: address, clusterIPs: [address], selector, ports },
  };
}

/** A NetworkPolicy of egress. */
export function egressPolicy(
  namespace: string,
  name: string,
  egress: readonly object[],
  podSelector: object = {},
): Raw {
  return {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace } },
    spec: { podSelector, policyTypes: ['Egress'], egress },
  };
}

export function namespaceOf(name: string): Raw {
  const labels = { 'kubernetes.io/metadata.name': name };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
