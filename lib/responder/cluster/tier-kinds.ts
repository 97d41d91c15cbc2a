import type { DenyTier } from '../../containment';
import type { TierKind } from './cluster';
import type { Resource } from './resource';

/** Where the kinds of a tier may be served: the first version that is there counts. */
export interface TierSource {
  readonly versions: readonly Pick<Resource, 'group' | 'version'>[];
  readonly kinds: Readonly<Partial<Record<TierKind, string>>>;
  /** The tier whose deny policy is of this kind. */
  readonly denies: { readonly tier: DenyTier; readonly kind: TierKind };
}

/** All tiers of policies that are known. Servers are asked by version: some leave an alpha out of the group's list. */
export const TIER_SOURCES: readonly TierSource[] = [
  {
    versions: [{ group: 'policy.networking.k8s.io', version: 'v1alpha2' }],
    kinds: { clusterNetworkPolicies: 'clusternetworkpolicies' },
    denies: { tier: 'ClusterNetworkPolicy', kind: 'clusterNetworkPolicies' },
  },
  {
    versions: [{ group: 'policy.networking.k8s.io', version: 'v1alpha1' }],
    kinds: {
      adminNetworkPolicies: 'adminnetworkpolicies',
      baselineAdminNetworkPolicies: 'baselineadminnetworkpolicies',
    },
    denies: { tier: 'AdminNetworkPolicy', kind: 'adminNetworkPolicies' },
  },
  {
    versions: [{ group: 'cilium.io', version: 'v2' }],
    kinds: {
      ciliumClusterwideNetworkPolicies: 'ciliumclusterwidenetworkpolicies',
      ciliumNetworkPolicies: 'ciliumnetworkpolicies',
    },
    denies: { tier: 'Cilium', kind: 'ciliumClusterwideNetworkPolicies' },
  },
  {
    // Calico's own API server, or what it stores.
    versions: [
      { group: 'projectcalico.org', version: 'v3' },
      { group: 'crd.projectcalico.org', version: 'v1' },
    ],
    kinds: {
      calicoGlobalNetworkPolicies: 'globalnetworkpolicies',
      calicoNetworkPolicies: 'networkpolicies',
      calicoTiers: 'tiers',
    },
    denies: { tier: 'Calico', kind: 'calicoGlobalNetworkPolicies' },
  },
];

/** Kinds of tier policies, each once. */
export const TIER_KINDS: readonly TierKind[] = TIER_SOURCES.flatMap(
  ({ kinds }) => Object.keys(kinds) as TierKind[],
);
