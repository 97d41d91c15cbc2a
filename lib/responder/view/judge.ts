import {
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

/** The NetworkPolicies that will hold in a namespace once the standing policy is there. */
export function policiesWithOurs(
  namespace: string,
  state: ClusterState,
  cut: CutOptions,
): readonly NetworkPolicy[] {
  const policies = state.networkPolicies.list(namespace);
  if (policies.some(({ metadata }) => metadata?.name === QUARANTINE_POLICY)) return policies;
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

/** What the API server tells of a tier's policies: their kinds' own shapes are checked where they are read. */
type AnyTierPolicy = CalicoPolicy &
  CalicoTier &
  CiliumNetworkPolicy &
  ClusterNetworkPolicy &
  AdminNetworkPolicy;

/** Policies of the tiers that the cluster's network is said to enforce. */
function tierPolicies(state: ClusterState, { denyTiers }: CutSettings, namespace: string): TierPolicies {
  const has = (tier: DenyTier): boolean => denyTiers.includes(tier) && state.denyTiers().has(tier);
  // What a tier's rules mean is read by lib/containment, which takes no field for granted.
  const of = (kind: TierKind, within?: string): readonly AnyTierPolicy[] => state.tier(kind).list(within);
  return {
    ...(has('ClusterNetworkPolicy') && {
      clusterNetworkPolicies: of('clusterNetworkPolicies'),
    }),
    ...(has('AdminNetworkPolicy') && {
      adminNetworkPolicies: of('adminNetworkPolicies'),
      baselineAdminNetworkPolicies: of('baselineAdminNetworkPolicies'),
    }),
    ...(has('Cilium') && {
      ciliumPolicies: [...of('ciliumClusterwideNetworkPolicies'), ...of('ciliumNetworkPolicies', namespace)],
    }),
    ...(has('Calico') && {
      calicoPolicies: [...of('calicoGlobalNetworkPolicies'), ...of('calicoNetworkPolicies', namespace)],
      calicoTiers: of('calicoTiers'),
    }),
  };
}
