import type { NetworkPolicy } from '../containment';
import { ADVISED_BY_ANNOTATION, QUARANTINE_POLICY } from '../names';
import { adviseWorkload } from './advise-workload';
import type { Advice, AdviceOptions } from './advice';
import { behindText, type Behind } from './behind-proxies';
import type { ClusterState } from './cluster-state';
import { dnsRules } from './dns';
import { policiesOf } from './judge';
import { isNamed, type Observations, type Wanted } from './observations';
import { workloadName, type KnownWorkload, type Workloads } from './workloads';

/** The policies that fit a history, in the order of namespaces and workloads; and where there is none, why. */
export function advise(
  state: ClusterState,
  workloads: Workloads,
  observations: Observations,
  wanted: Wanted,
  options: AdviceOptions,
): readonly Advice[] {
  const dns = dnsRules(state);
  return workloads.all
    .filter((workload) => isWanted(workload, wanted))
    .map((workload) => {
      const observed = observations.byWorkload.get(workload);
      const behind = options.proxied?.of(workload) ?? [];
      if (observed === undefined) return unseen(workload, behind);
      const existing = policiesOf(state, workload.namespace);
      const name = nameFor(workload, workloads, existing);
      const policies = existing.filter(
        ({ metadata }) => metadata?.name !== name && metadata?.name !== QUARANTINE_POLICY,
      );
      return adviseWorkload(observed, { workloads, policies, name, dns, behind }, options);
    });
}

function isWanted(workload: KnownWorkload, { namespaces, workloads }: Wanted): boolean {
  return (
    (namespaces === undefined || namespaces.includes(workload.namespace)) &&
    (workloads === undefined || isNamed(workload, workloads))
  );
}

function unseen(workload: KnownWorkload, behind: readonly Behind[]): Advice {
  const { namespace, hostNetwork } = workload;
  const why = hostNetwork
    ? 'its Pods are on the network of their node, where no NetworkPolicy holds them'
    : behind.length > 0
      ? `only the log of a proxy tells of it, ${behindText(behind)}, and a policy without the way to the proxy would cut it off`
      : 'nothing was seen of it, and a policy of nothing would cut it off';
  return { kind: 'none', namespace, workload: workloadName(workload), why, notes: [], behind };
}

/** One of our own is replaced; one of somebody else keeps its name. */
function nameFor(
  { namespace, kind, name }: KnownWorkload,
  workloads: Workloads,
  existing: readonly NetworkPolicy[],
): string {
  const isShared = workloads.all.some(
    (other) => other.namespace === namespace && other.name === name && other.kind !== kind,
  );
  const base = isShared ? `${name}-${kind.toLowerCase()}-egress` : `${name}-egress`;
  const taken = new Set(
    existing
      .filter(({ metadata }) => metadata?.annotations?.[ADVISED_BY_ANNOTATION] === undefined)
      .map(({ metadata }) => metadata?.name),
  );
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
