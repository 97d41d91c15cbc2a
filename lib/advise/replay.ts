import {
  allows,
  printPolicy,
  type End,
  type NetworkPolicy,
  type PodEnd,
  type PolicyRef,
} from '../containment';
import { networkPolicyRef, restricts } from '../containment/network-policy/policy';
import { endsOf, sourcesOf } from './judge';
import type { Observed, SeenPort } from './observed';
import type { Target } from './target';
import { workloadName, type Workloads } from './workloads';

/** A destination of a workload that policies would have refused. */
export interface Blocked {
  readonly namespace: string;
  readonly workload: string;
  readonly target: Target;
  readonly port: SeenPort;
  /** Whether it is a declared proxy: then what is behind it is refused as well. */
  readonly isProxy: boolean;
  /** At which end: the workload may not send it, the destination may not receive it, or both. */
  readonly directions: readonly ('egress' | 'ingress')[];
  /** The policies that hold it and have no rule for it. */
  readonly by: readonly string[];
}

/** A policy that was asked about and had nothing to say, so that what it would refuse stays unknown. */
interface Untried {
  readonly policy: string;
  readonly why: 'it selects no Pod of the cluster' | 'nothing that it restricts was seen';
}

/** What a replay found. */
export interface Replay {
  readonly blocked: readonly Blocked[];
  /** Ports of destinations that were tried on the policies. */
  readonly replayed: number;
  /** Those of them that a policy that is asked about restricts. */
  readonly restricted: number;
  readonly untried: readonly Untried[];
}

/** Which policies are there, and which of them are asked about. */
export interface Replayed {
  /** All that there would be. */
  readonly policies: readonly NetworkPolicy[];
  readonly checked: readonly NetworkPolicy[];
}

/** What the policies that are asked about would have refused of what was seen, together with all others. */
export function replay(
  observations: Iterable<Observed>,
  workloads: Workloads,
  { policies, checked }: Replayed,
): Replay {
  const names = new Set(checked.map(({ metadata }) => nameOf(metadata)));
  const byNamespace = new Map<string, NetworkPolicy[]>();
  for (const policy of policies) {
    const namespace = policy.metadata?.namespace ?? 'default';
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), policy]);
  }
  const of = (namespace: string): readonly NetworkPolicy[] => byNamespace.get(namespace) ?? [];
  const blocked: Blocked[] = [];
  const tried = new Set<NetworkPolicy>();
  let replayed = 0;
  let restricted = 0;
  for (const { workload, targets } of observations) {
    const sources = sourcesOf(workload, workloads);
    for (const { target, ports, isProxy } of targets.values()) {
      const held = checked.filter((policy) => restrictsAny(policy, sources, endsOf(target)));
      for (const policy of held) tried.add(policy);
      if (held.length > 0) restricted += ports.size;
      const others = target.kind === 'pods' && target.namespace !== workload.namespace;
      const asked = [...of(workload.namespace), ...(others ? of(target.namespace) : [])];
      for (const port of ports.values()) {
        replayed++;
        const refused = new Map<'egress' | 'ingress', readonly PolicyRef[]>();
        for (const source of sources)
          for (const destination of endsOf(target)) {
            const { protocol, port: number } = port;
            const verdict = allows(asked, { source, destination, protocol, port: number });
            for (const direction of ['egress', 'ingress'] as const) {
              const own = verdict[direction];
              if (!own.allowed && own.isolatedBy.some((each) => names.has(nameOf(each))))
                refused.set(direction, own.isolatedBy);
            }
          }
        if (refused.size === 0) continue;
        blocked.push({
          ...{ namespace: workload.namespace, workload: workloadName(workload), target, port, isProxy },
          directions: [...refused.keys()].sort(),
          by: [...new Set([...refused.values()].flat().map(printPolicy))].sort(),
        });
      }
    }
  }
  const untried = checked
    .filter((policy) => !tried.has(policy))
    .map((policy) => untriedOf(policy, workloads));
  return { blocked: blocked.sort(byPlace), replayed, restricted, untried };
}

/** Whether a policy has a say in what goes from some Pods to some ends. */
function restrictsAny(policy: NetworkPolicy, sources: readonly PodEnd[], ends: readonly End[]): boolean {
  return (
    sources.some((source) => restricts(policy, source, 'egress')) ||
    ends.some((end) => end.kind === 'pod' && restricts(policy, end, 'ingress'))
  );
}

function untriedOf(policy: NetworkPolicy, workloads: Workloads): Untried {
  const namespace = policy.metadata?.namespace ?? 'default';
  const selectsAny = workloads.all
    .filter((workload) => workload.namespace === namespace)
    .flatMap((workload) => sourcesOf(workload, workloads))
    .some((pod) => restricts(policy, pod, 'egress') || restricts(policy, pod, 'ingress'));
  return {
    policy: printPolicy(networkPolicyRef(policy)),
    why: selectsAny ? 'nothing that it restricts was seen' : 'it selects no Pod of the cluster',
  };
}

function nameOf({ namespace = 'default', name = '' }: Partial<PolicyRef> = {}): string {
  return `${namespace}/${name}`;
}

function byPlace(a: Blocked, b: Blocked): number {
  const key = ({ namespace, workload, target, port }: Blocked): string =>
    [namespace, workload, target.key, port.protocol, String(port.port).padStart(5, '0')].join('\0');
  return key(a) < key(b) ? -1 : 1;
}
