import { allows, printPolicy, type End, type NetworkPolicy, type PodEnd } from '../containment';
import type { ClusterState } from './cluster-state';
import type { Reached, Target } from './target';
import type { KnownWorkload, Workloads } from './workloads';

/** What policies say of a connection of a workload, by its worst Pod. */
export type Judgement =
  /** For at least one of its Pods nothing restricts it. */
  | { readonly kind: 'open' }
  | { readonly kind: 'allowed'; readonly by: readonly string[] }
  | { readonly kind: 'refused'; readonly by: readonly string[] };

/** Pods of a workload as policies see them, one for each set of labels. */
export function sourcesOf(workload: KnownWorkload, workloads: Workloads): readonly PodEnd[] {
  const { namespace, pods, labels, hostNetwork } = workload;
  const namespaceLabels = workloads.namespaceLabels(namespace);
  const all = pods.length > 0 ? pods.map((pod) => pod.labels) : labels;
  const different = new Map(all.map((each) => [JSON.stringify(Object.entries(each).sort()), each]));
  return [...different.values()].map((each) => ({
    ...{ kind: 'pod', namespace, namespaceLabels, labels: each, hostNetwork },
  }));
}

/** What policies say of the way out of a workload to what it reached. */
export function judgeEgress(
  policies: readonly NetworkPolicy[],
  sources: readonly PodEnd[],
  { target, protocol, port }: Reached,
): Judgement {
  const by = new Set<string>();
  const refusing = new Set<string>();
  let isOpen = false;
  for (const source of sources) {
    for (const destination of endsOf(target)) {
      const { egress } = allows(policies, { source, destination, protocol, port });
      if (!egress.allowed) for (const each of egress.isolatedBy) refusing.add(printPolicy(each));
      else if (egress.because === 'not-isolated') isOpen = true;
      else for (const each of egress.by) by.add(printPolicy(each.policy));
    }
  }
  if (refusing.size > 0) return { kind: 'refused', by: [...refusing].sort() };
  return isOpen ? { kind: 'open' } : { kind: 'allowed', by: [...by].sort() };
}

/** Whom a target means: of Pods that don't exist yet, one as its selector asks for. */
export function endsOf(target: Target): readonly End[] {
  if (target.kind === 'address') return [{ kind: 'outside', address: target.address }];
  if (target.ends.length > 0) return target.ends;
  const { namespace, selector } = target;
  return [
    {
      ...{ kind: 'pod', namespace, labels: selector.matchLabels ?? {} },
      namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
    },
  ];
}

/** The policies of a namespace. */
export function policiesOf({ policies }: ClusterState, namespace: string): readonly NetworkPolicy[] {
  return policies.filter(({ metadata }) => (metadata?.namespace ?? 'default') === namespace);
}
