import { networkPolicyResidual, type Residual } from './network-policy/residual';
import { networkPolicyRef, restricts } from './network-policy/policy';
import { printPolicy, type NetworkPolicy, type PolicyRef, type SelectedPod } from './objects';
import { tiersWithoutPurpose, withoutPurpose } from './on-purpose';
import { calicoPolicies, type CalicoPolicy, type CalicoTier } from './tiers/calico';
import { ciliumPolicies, type CiliumNetworkPolicy } from './tiers/cilium';
import {
  adminNetworkPolicies,
  clusterNetworkPolicies,
  type AdminNetworkPolicy,
  type BaselineAdminNetworkPolicy,
  type ClusterNetworkPolicy,
} from './tiers/network-policy-api';
import type { CutOptions } from './ways-out';

/**
 * Policies of other kinds. Only those go in that the cluster's network enforces: that a CustomResourceDefinition is there
 * does not mean that somebody acts on it.
 */
export interface TierPolicies {
  readonly clusterNetworkPolicies?: readonly ClusterNetworkPolicy[];
  readonly adminNetworkPolicies?: readonly AdminNetworkPolicy[];
  readonly baselineAdminNetworkPolicies?: readonly BaselineAdminNetworkPolicy[];
  /** CiliumClusterwideNetworkPolicies, and the CiliumNetworkPolicies of the Pod's namespace. */
  readonly ciliumPolicies?: readonly CiliumNetworkPolicy[];
  /** GlobalNetworkPolicies, and Calico's NetworkPolicies of the Pod's namespace. */
  readonly calicoPolicies?: readonly CalicoPolicy[];
  readonly calicoTiers?: readonly CalicoTier[];
}

/** Whether a Pod is cut off, and if not, who is to blame. `summary` says it in one line. */
export type QuarantineVerdict =
  | {
      readonly verdict: 'contained';
      readonly by: readonly PolicyRef[];
      /** What is let open on purpose: `DNS`, `namespace forensics`. Absent where nothing is. */
      readonly allowed?: readonly string[];
      readonly summary: string;
    }
  | { readonly verdict: 'partial'; readonly residuals: readonly Residual[]; readonly summary: string }
  | {
      readonly verdict: 'not-contained';
      readonly reason: 'host-network' | 'not-isolated';
      readonly summary: string;
    };

/**
 * The verdict of a quarantine: what policies still let the Pod out. It errs on the side of open: a rule whose peers don't
 * exist yet, and a policy that only perhaps selects the Pod, count as ways out.
 *
 * @param pod with the labels that it has now, the quarantine label among them
 * @param allPolicies all NetworkPolicies of its namespace
 * @param allTiers policies that come before or beside them. @default none
 * @param cut what is let open on purpose, and so is no way out. @default nothing
 */
export function residualEgress(
  pod: SelectedPod,
  allPolicies: readonly NetworkPolicy[],
  allTiers: TierPolicies = {},
  cut: CutOptions = {},
): QuarantineVerdict {
  if (pod.hostNetwork === true) {
    const summary = 'not contained: the Pod is on the network of its node, where no policy holds it';
    return { verdict: 'not-contained', reason: 'host-network', summary };
  }
  const { policies: tiers, allowed: byTiers } = tiersWithoutPurpose(allTiers, cut);
  const { policies, allowed } = withoutPurpose(
    allPolicies.filter((policy) => restricts(policy, pod, 'egress')),
    cut,
  );
  const cluster = clusterNetworkPolicies(tiers.clusterNetworkPolicies ?? [], pod);
  const admin = adminNetworkPolicies(
    tiers.adminNetworkPolicies ?? [],
    tiers.baselineAdminNetworkPolicies ?? [],
    pod,
  );
  const cilium = ciliumPolicies(tiers.ciliumPolicies ?? [], pod);
  const calico = calicoPolicies(tiers.calicoPolicies ?? [], tiers.calicoTiers ?? [], pod);
  const first = [cluster.admin, admin.admin, calico, cilium];
  const denied = first.some((tier) => tier.denied);
  // Once a tier has denied everything, what comes beside or after NetworkPolicies is out of reach; what it accepted is not.
  const accepted = first.filter((tier) => !denied || tier !== cilium).flatMap(({ residuals }) => residuals);
  const own = networkPolicyResidual(policies, pod, 'egress');
  const residuals = denied ? accepted : [...accepted, ...own.residuals];
  if (residuals.length > 0) return { verdict: 'partial', residuals, summary: printResiduals(residuals) };
  const isCutByOwn = own.isolated && own.residuals.length === 0;
  if (denied) {
    const by = first.filter((tier) => tier.denied).flatMap((tier) => tier.by);
    return contained(by, byTiers, !isCutByOwn);
  }
  if (own.isolated) return contained(policies.map(networkPolicyRef), allowed);
  if (cilium.isolated || calico.isolated) return contained([...cilium.by, ...calico.by], [], true);
  return baselineVerdict([cluster.baseline, admin.baseline]);
}

function baselineVerdict(
  tiers: readonly { denied: boolean; by: readonly PolicyRef[]; residuals: readonly Residual[] }[],
) {
  const residuals = tiers.flatMap((tier) => tier.residuals);
  const denying = tiers.filter(({ denied }) => denied);
  if (denying.length === 0) {
    const summary = 'not contained: no policy holds the egress of the Pod';
    return { verdict: 'not-contained', reason: 'not-isolated', summary } as const;
  }
  if (residuals.length > 0)
    return { verdict: 'partial', residuals, summary: printResiduals(residuals) } as const;
  return contained(
    denying.flatMap(({ by }) => by),
    [],
    true,
  );
}

/** @param relies whether NetworkPolicies alone would let it out: that a tier's kind is served doesn't say that it is enforced */
function contained(by: readonly PolicyRef[], allowed: readonly string[], relies = false): QuarantineVerdict {
  const notes = [
    ...(allowed.length > 0 ? [`${allowed.join(' and ')} allowed`] : []),
    ...(relies ? [`relies on ${[...new Set(by.map(printPolicy))].join(' or ')}`] : []),
  ];
  const summary = notes.length === 0 ? 'contained' : `contained (${notes.join('; ')})`;
  return { verdict: 'contained', by, ...(allowed.length > 0 && { allowed }), summary };
}

/** What people read: `partial: NetworkPolicy shop/allow-all (podSelector {}) still allows egress`. */
function printResiduals(residuals: readonly Residual[]): string {
  return `partial: ${residuals.map(printResidual).join('; ')}`;
}

/** One policy, and where to unless it is anywhere: `NetworkPolicy shop/dns (podSelector {}) still allows egress to …`. */
export function printResidual({ policy, selector, to }: Residual): string {
  const where = to.includes('anywhere') ? '' : ` to ${to.join(' and ')}`;
  return `${printPolicy(policy)} (${selector}) still allows egress${where}`;
}
