import { selects } from '../containment';
import { addressOf } from '../history/address';
import { restricts } from '../containment/network-policy/policy';
import type { ClusterState } from './cluster-state';
import { DNS_PORT, dnsRules } from './dns';
import { judgeEgress, sourcesOf } from './judge';
import type { Replayed } from './replay';
import type { Reached } from './target';
import { workloadName, type KnownWorkload, type Workloads } from './workloads';

/** So many workloads are named. */
const MOST = 20;

/**
 * Workloads that policies which are asked about would keep from the cluster's DNS, whether or not they were seen to ask it: a line each.
 * Falco may have seen nothing of it, as where a program was there before the history begins.
 */
export function dnsRefused(
  state: ClusterState,
  workloads: Workloads,
  { policies, checked }: Replayed,
): readonly string[] {
  // Where each node has a cache, Pods ask that alone; its rule is the last.
  const rules = state.nodeDns.length > 0 ? dnsRules(state).slice(-1) : dnsRules(state);
  const ways = rules.map((rule) => waysOf(rule, state, workloads));
  const lines = workloads.all.flatMap((workload) => {
    const { namespace, hostNetwork } = workload;
    const sources = sourcesOf(workload, workloads);
    const isHeld = checked.some((policy) => sources.some((source) => restricts(policy, source, 'egress')));
    if (hostNetwork || !isHeld) return [];
    const own = policies.filter(({ metadata }) => (metadata?.namespace ?? 'default') === namespace);
    const isRefused = ways.some((way) =>
      way.every((reached) => judgeEgress(own, sources, reached).kind === 'refused'),
    );
    return isRefused ? [textOf(workload)] : [];
  });
  return lines.length > MOST ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more`] : lines;
}

function textOf(workload: KnownWorkload): string {
  return `LOOK: ${workload.namespace}, ${workloadName(workload)}: the policies refuse it the cluster's DNS (UDP 53); what it asks for by name it would not find`;
}

/** What a rule of DNS leads to by UDP: the port of the Service only where that is also its Pods', which is what policies see. */
function waysOf(
  { to = [], ports = [] }: ReturnType<typeof dnsRules>[number],
  { pods }: ClusterState,
  workloads: Workloads,
): readonly Reached[] {
  const all = ports.flatMap(({ port, protocol }) =>
    protocol === 'UDP' && typeof port === 'number' ? [port] : [],
  );
  const numbers = all.filter((port) => port !== DNS_PORT || all.length === 1);
  return to.flatMap(({ ipBlock, podSelector = {}, namespaceSelector }): Reached[] => {
    const address = addressOf(ipBlock?.cidr.split('/')[0] ?? '');
    if (address !== undefined) {
      const { text, range } = address;
      const target = { kind: 'address', key: text, address: text, range } as const;
      return numbers.map((port) => ({
        target: { ...target, name: undefined, warning: undefined, isNode: false },
        protocol: 'UDP',
        port,
      }));
    }
    const [namespace = ''] = Object.values(namespaceSelector?.matchLabels ?? {});
    const ends = pods
      .filter((pod) => pod.namespace === namespace && !pod.isOver && selects(podSelector, pod.labels))
      .map((pod) => workloads.end(pod, pod.addresses[0]));
    const target = { kind: 'pods', key: 'dns', namespace, selector: podSelector, name: 'DNS', ends } as const;
    return numbers.map((port) => ({ target, protocol: 'UDP', port }));
  });
}
