import { refOf, type NetworkPolicy, type NetworkPolicyPeer, type NetworkPolicyRule } from '../objects';
import type { PolicyRef, SelectedPod } from '../objects';
import { selects } from '../selector';

/** Seen from the Pod that a policy selects. */
export type Direction = 'egress' | 'ingress';

const TYPES = { egress: 'Egress', ingress: 'Ingress' } as const;

/** A reference to it. */
export function networkPolicyRef(policy: NetworkPolicy): PolicyRef {
  return refOf('NetworkPolicy', policy.metadata);
}

/**
 * Whether a policy restricts a Pod in a direction: it is of the Pod's namespace, selects the Pod, and has the type. Absent
 * `policyTypes` mean Ingress, and Egress where there is a rule of egress, as the API server sets them.
 */
export function restricts(policy: NetworkPolicy, pod: SelectedPod, direction: Direction): boolean {
  return (
    pod.hostNetwork !== true &&
    (policy.metadata?.namespace ?? 'default') === pod.namespace &&
    typesOf(policy).includes(TYPES[direction]) &&
    selects(policy.spec?.podSelector ?? {}, pod.labels)
  );
}

/** The directions that a policy restricts, as the API server sets them where they are absent. */
export function typesOf({ spec }: NetworkPolicy): readonly string[] {
  const types = spec?.policyTypes ?? [];
  if (types.length > 0) return types;
  return (spec?.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

/** The rules of a direction; without one a policy allows nothing. */
export function rulesOf(policy: NetworkPolicy, direction: Direction): readonly NetworkPolicyRule[] {
  return policy.spec?.[direction] ?? [];
}

/** The peers of a rule; an empty list is as good as none, and means everybody. */
export function peersOf(rule: NetworkPolicyRule, direction: Direction): readonly NetworkPolicyPeer[] | 'all' {
  const peers = (direction === 'egress' ? rule.to : (rule.from ?? rule._from)) ?? [];
  return peers.length === 0 ? 'all' : peers;
}
