import { allows, printPolicy, type NetworkPolicy, type PolicyRef } from '../containment';
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
  /** At which end: the workload may not send it, the destination may not receive it, or both. */
  readonly directions: readonly ('egress' | 'ingress')[];
  /** The policies that hold it and have no rule for it. */
  readonly by: readonly string[];
}

/** What a replay found. */
export interface Replay {
  readonly blocked: readonly Blocked[];
  /** Ports of destinations that were tried on the policies. */
  readonly replayed: number;
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
  let replayed = 0;
  for (const { workload, targets } of observations) {
    const sources = sourcesOf(workload, workloads);
    for (const { target, ports } of targets.values()) {
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
          ...{ namespace: workload.namespace, workload: workloadName(workload), target, port },
          directions: [...refused.keys()].sort(),
          by: [...new Set([...refused.values()].flat().map(printPolicy))].sort(),
        });
      }
    }
  }
  return { blocked: blocked.sort(byPlace), replayed };
}

function nameOf({ namespace = 'default', name = '' }: Partial<PolicyRef> = {}): string {
  return `${namespace}/${name}`;
}

function byPlace(a: Blocked, b: Blocked): number {
  const key = ({ namespace, workload, target, port }: Blocked): string =>
    [namespace, workload, target.key, port.protocol, String(port.port).padStart(5, '0')].join('\0');
  return key(a) < key(b) ? -1 : 1;
}
