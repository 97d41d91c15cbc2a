import { isDeepStrictEqual } from 'node:util';
import { QUARANTINE_POLICY } from '../names';
import { typesOf } from './network-policy/policy';
import type { Metadata, NetworkPolicy } from './objects';
import { denyPolicy } from './quarantine-policies';
import type { TierPolicies } from './verdict';
import { leadsOnly, waysOut, type CutOptions } from './ways-out';

/** Policies less what they let open on purpose, and what that was, in the words of a verdict. */
interface Reduced<T> {
  readonly policies: T;
  readonly allowed: readonly string[];
}

/**
 * NetworkPolicies without the rules that lead nowhere else than the options let, whose ever they are: another policy that
 * allows the cluster's DNS opens nothing more than ours does.
 */
export function withoutPurpose(
  policies: readonly NetworkPolicy[],
  options: CutOptions,
): Reduced<NetworkPolicy[]> {
  const ways = waysOut(options);
  if (ways.length === 0) return { policies: [...policies], allowed: [] };
  const allowed = new Set<string>();
  const reduced = policies.map((policy) => {
    const rules = policy.spec?.egress ?? [];
    const left = rules.filter((rule) => {
      const way = ways.find((each) => leadsOnly(each, rule));
      if (way !== undefined) allowed.add(way.name);
      return way === undefined;
    });
    // What is restricted stays so, though no rule of egress is left to say it.
    return left.length === rules.length
      ? policy
      : { ...policy, spec: { ...policy.spec, policyTypes: typesOf(policy), egress: left } };
  });
  return { policies: reduced, allowed: ways.map(({ name }) => name).filter((name) => allowed.has(name)) };
}

/** Policies of tiers without the rules by which our own policy lets open what the options let. */
export function tiersWithoutPurpose(tiers: TierPolicies, options: CutOptions): Reduced<TierPolicies> {
  const ways = waysOut(options);
  if (ways.length === 0) return { policies: tiers, allowed: [] };
  const allowed = ways.map(({ name }) => name);
  const reduced = <T extends RuledPolicy>(policies: readonly T[] = [], ours: RuledPolicy): T[] =>
    policies.map((policy) => without(policy, ours));
  const policies: TierPolicies = {
    ...tiers,
    clusterNetworkPolicies: reduced(
      tiers.clusterNetworkPolicies,
      denyPolicy('ClusterNetworkPolicy', options),
    ),
    adminNetworkPolicies: reduced(tiers.adminNetworkPolicies, denyPolicy('AdminNetworkPolicy', options)),
    calicoPolicies: reduced(tiers.calicoPolicies, denyPolicy('Calico', options)),
  };
  const kinds = ['clusterNetworkPolicies', 'adminNetworkPolicies', 'calicoPolicies'] as const;
  const changed = kinds.some((kind) => policies[kind]?.some((policy, at) => policy !== tiers[kind]?.[at]));
  return { policies, allowed: changed ? allowed : [] };
}

/** A policy of our name without the rules that ours has before its deny. */
function without<T extends RuledPolicy>(policy: T, ours: RuledPolicy): T {
  if (policy.metadata?.name !== QUARANTINE_POLICY) return policy;
  const open = (ours.spec?.egress ?? []).slice(0, -1);
  const rules = policy.spec?.egress ?? [];
  const left = rules.filter((rule) => !open.some((each) => isDeepStrictEqual(each, rule)));
  return left.length === rules.length ? policy : { ...policy, spec: { ...policy.spec, egress: left } };
}

interface RuledPolicy {
  readonly metadata?: Metadata;
  readonly spec?: { readonly egress?: readonly object[] };
}
