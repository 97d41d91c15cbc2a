import {
  denyPolicy,
  residualEgress,
  standingPolicy,
  type CalicoPolicy,
  type CalicoTier,
  type CiliumNetworkPolicy,
  type ClusterNetworkPolicy,
  type AdminNetworkPolicy,
  type CutOptions,
  type DenyTier,
  type Labels,
  type NetworkPolicy,
  type QuarantineVerdict,
  type SelectedPod,
  type TierPolicies,
} from '../../containment';
import { QUARANTINE_POLICY } from '../../names';
import type { ClusterState, TierKind, WatchedPod } from '../cluster/cluster';

/** How quarantines cut, and by which tiers. */
export interface CutSettings extends CutOptions {
  readonly denyTiers: readonly DenyTier[];
}

/** A Pod with its namespace's labels, as policies see it. */
export function selectedPod(
  pod: WatchedPod,
  state: ClusterState,
  labels: Labels = pod.metadata?.labels ?? {},
): SelectedPod {
  const namespace = pod.metadata?.namespace ?? '';
  const { metadata } = state.namespaces.get({ namespace: '', name: namespace }) ?? {};
  return {
    namespace,
    // The API server gives this one to every namespace; a Pod may be known before its namespace is.
    namespaceLabels: metadata?.labels ?? { 'kubernetes.io/metadata.name': namespace },
    labels,
    hostNetwork: pod.spec?.hostNetwork === true,
  };
}

/** The NetworkPolicies that will hold in a namespace once the standing policy is there; none can be made in one that is being deleted. */
export function policiesWithOurs(
  namespace: string,
  state: ClusterState,
  cut: CutOptions,
): readonly NetworkPolicy[] {
  const policies = state.networkPolicies.list(namespace);
  const going = state.namespaces.get({ namespace: '', name: namespace })?.metadata?.deletionTimestamp;
  if (going !== undefined || policies.some(({ metadata }) => metadata?.name === QUARANTINE_POLICY))
    return policies;
  return [...policies, standingPolicy(namespace, cut)];
}

/**
 * How a Pod is judged, as far as the watches tell.
 *
 * @param policies those of its namespace; with ours for what is to be written, without for what is
 * @param labels which it has, or will have
 */
export function judge(
  pod: WatchedPod,
  state: ClusterState,
  cut: CutSettings,
  policies: readonly NetworkPolicy[],
  labels?: Labels,
): QuarantineVerdict {
  return residualEgress(
    selectedPod(pod, state, labels),
    policies,
    tierPolicies(state, cut, pod.metadata?.namespace ?? ''),
    cut,
  );
}

/** How a Pod would be judged if our policies of all tiers that are there were, too. */
export function judgeDenied(
  pod: WatchedPod,
  state: ClusterState,
  cut: CutSettings,
  policies: readonly NetworkPolicy[],
  labels?: Labels,
): QuarantineVerdict {
  const tiers = tierPolicies(state, cut, pod.metadata?.namespace ?? '', true);
  return residualEgress(selectedPod(pod, state, labels), policies, tiers, cut);
}

/** What the API server tells of a tier's policies: their kinds' own shapes are checked where they are read. */
type AnyTierPolicy = CalicoPolicy &
  CalicoTier &
  CiliumNetworkPolicy &
  ClusterNetworkPolicy &
  AdminNetworkPolicy;

/** Policies of the tiers that the cluster's network is said to enforce; with ours, whether they are written yet or not. */
function tierPolicies(
  state: ClusterState,
  cut: CutSettings,
  namespace: string,
  withOurs = false,
): TierPolicies {
  const has = (tier: DenyTier): boolean => cut.denyTiers.includes(tier) && state.denyTiers().has(tier);
  // What a tier's rules mean is read by lib/containment, which takes no field for granted.
  const of = (kind: TierKind, within?: string): readonly AnyTierPolicy[] => state.tier(kind).list(within);
  const denying = (tier: DenyTier, kind: TierKind): readonly AnyTierPolicy[] => {
    const there = of(kind);
    const ours = withOurs ? denyPolicy(tier, cut) : undefined;
    if (ours === undefined || there.some(({ metadata }) => metadata?.name === QUARANTINE_POLICY))
      return there;
    return [...there, ours as AnyTierPolicy];
  };
  return {
    ...(has('ClusterNetworkPolicy') && {
      clusterNetworkPolicies: denying('ClusterNetworkPolicy', 'clusterNetworkPolicies'),
    }),
    ...(has('AdminNetworkPolicy') && {
      adminNetworkPolicies: denying('AdminNetworkPolicy', 'adminNetworkPolicies'),
      baselineAdminNetworkPolicies: of('baselineAdminNetworkPolicies'),
    }),
    ...(has('Cilium') && {
      ciliumPolicies: [
        ...denying('Cilium', 'ciliumClusterwideNetworkPolicies'),
        ...of('ciliumNetworkPolicies', namespace),
      ],
    }),
    ...(has('Calico') && {
      calicoPolicies: [
        ...denying('Calico', 'calicoGlobalNetworkPolicies'),
        ...of('calicoNetworkPolicies', namespace),
      ],
      calicoTiers: of('calicoTiers'),
    }),
  };
}
