import { denyPolicy, type DenyTier } from '../../containment';
import { QUARANTINE_POLICY } from '../../names';
import { ClusterError } from '../../program/cluster-error';
import type { TierKind, TierPolicy } from '../cluster/cluster';
import { servedTiers, type Acting } from '../respond/acting';
import { isOurs, sameSpec } from '../respond/standing-policy';

/** Where the policies of each tier are that hold the whole cluster. */
const KINDS: Readonly<Record<DenyTier, TierKind>> = {
  ClusterNetworkPolicy: 'clusterNetworkPolicies',
  AdminNetworkPolicy: 'adminNetworkPolicies',
  Cilium: 'ciliumClusterwideNetworkPolicies',
  Calico: 'calicoGlobalNetworkPolicies',
};

/** Our policy of a tier, as the watch shows it. */
function denyPolicyThere({ state }: Pick<Acting, 'state'>, tier: DenyTier): TierPolicy | undefined {
  return state.tier(KINDS[tier]).get({ namespace: '', name: QUARANTINE_POLICY });
}

/** Sees to it that our policy is there in each tier that the cluster has; somebody else's of its name stays as it is. */
export async function ensureDenyPolicies(acting: Acting): Promise<void> {
  for (const tier of servedTiers(acting)) {
    const wanted = denyPolicy(tier, acting.policy.cut);
    if (wanted === undefined) continue;
    const there = denyPolicyThere(acting, tier);
    if (there !== undefined && (!isOurs(there) || sameSpec(there['spec'], wanted.spec))) continue;
    await acting.writes.applyDenyPolicy(tier, wanted, there?.metadata?.uid);
  }
}

/** Takes our policies of all tiers away, where no Pod is cut off any more; also of a tier that is no longer to deny. */
export async function removeDenyPolicies(
  acting: Pick<Acting, 'state' | 'writes' | 'log'> & { readonly policy: Pick<Acting['policy'], 'cut'> },
): Promise<void> {
  for (const tier of acting.state.denyTiers()) {
    const there = denyPolicyThere(acting, tier);
    if (there === undefined || !isOurs(there)) continue;
    try {
      await acting.writes.deleteDenyPolicy(tier, QUARANTINE_POLICY, uidOf(there));
    } catch (error) {
      const isWanted = acting.policy.cut.denyTiers.includes(tier);
      if (isWanted || !(error instanceof ClusterError) || error.status !== 403) throw error;
      acting.log('warning', 'a policy of a tier stays, which holds nobody now', {
        tier,
        error: error.message,
      });
    }
  }
}

function uidOf({ metadata }: TierPolicy): string {
  return metadata?.uid ?? '';
}
