import { selects, type Labels } from '../containment';
import type { NetworkPolicyPort, NetworkPolicyRule } from '../containment/objects';
import { DNS, namespaceSelector } from '../containment/ways-out';
import type { ClusterState, StateService } from './cluster-state';

/** Services by which clusters offer their DNS. */
const SERVICES = [
  { namespace: DNS.namespace, name: 'kube-dns' },
  { namespace: 'openshift-dns', name: 'dns-default' },
];
export const DNS_PORT = 53;

/**
 * The rules that keep the cluster's DNS: without it nothing finds anything. By what the cluster has, else as nearly all have it; and
 * where each node has a cache of it, the addresses of that, which are none of a Pod that a policy could select.
 */
export function dnsRules(state: ClusterState): readonly NetworkPolicyRule[] {
  const to = state.nodeDns.map((address) => ({
    ipBlock: { cidr: `${address}/${address.includes(':') ? 128 : 32}` },
  }));
  return [...ofPods(state), ...(to.length === 0 ? [] : [{ to, ports: portsOf([DNS_PORT]) }])];
}

function ofPods({ services, pods }: ClusterState): readonly NetworkPolicyRule[] {
  const found = services.filter((service) =>
    SERVICES.some(({ namespace, name }) => service.namespace === namespace && service.name === name),
  );
  const rules = found.flatMap((service): NetworkPolicyRule[] => {
    if (Object.keys(service.selector).length === 0) return [];
    const targets = service.ports
      .filter(({ port }) => port === DNS_PORT)
      .flatMap(({ target = DNS_PORT }) =>
        typeof target === 'number'
          ? [target]
          : pods
              .filter(({ namespace, labels }) => namespace === service.namespace && isBehind(service, labels))
              .flatMap(({ ports }) => ports.filter(({ name }) => name === target).map(({ port }) => port)),
      );
    return [rule(service.namespace, service.selector, [...new Set([DNS_PORT, ...targets])])];
  });
  return rules.length > 0 ? rules : [rule(DNS.namespace, DNS.podLabels ?? {}, [DNS_PORT])];
}

function isBehind({ selector }: StateService, labels: Labels): boolean {
  return selects({ matchLabels: selector }, labels);
}

function rule(
  namespace: string,
  matchLabels: Readonly<Record<string, string>>,
  ports: readonly number[],
): NetworkPolicyRule {
  return {
    to: [{ namespaceSelector: namespaceSelector(namespace), podSelector: { matchLabels } }],
    ports: portsOf(ports),
  };
}

function portsOf(ports: readonly number[]): readonly NetworkPolicyPort[] {
  return (['UDP', 'TCP'] as const).flatMap((protocol) =>
    ports.map((port): NetworkPolicyPort => ({ protocol, port })),
  );
}
