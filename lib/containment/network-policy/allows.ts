import type { NetworkPolicy, PolicyRef } from '../objects';
import type { Connection } from './connection';
import { matches } from './match';
import { networkPolicyRef, restricts, rulesOf, type Direction } from './policy';

/** A rule, by the place that it has in its policy's list. */
export interface RuleRef {
  readonly policy: PolicyRef;
  readonly rule: number;
}

/** What policies say of one end of a connection. */
export type DirectionVerdict =
  /** No policy restricts that end, or it is no Pod. */
  | { readonly allowed: true; readonly because: 'not-isolated' }
  | { readonly allowed: true; readonly because: 'rules'; readonly by: readonly RuleRef[] }
  /** These restrict it, and none of them has a rule for it. */
  | { readonly allowed: false; readonly isolatedBy: readonly PolicyRef[] };

/** What policies say of a connection: it is allowed where its source may send it and its destination may receive it. */
export interface ConnectionVerdict {
  readonly allowed: boolean;
  readonly egress: DirectionVerdict;
  readonly ingress: DirectionVerdict;
}

/**
 * Whether NetworkPolicies allow a connection, by the semantics of networking.k8s.io/v1: policies add up, none denies.
 *
 * @param policies of all namespaces that the connection touches
 */
export function allows(policies: readonly NetworkPolicy[], connection: Connection): ConnectionVerdict {
  const egress = judge(policies, connection, 'egress');
  const ingress = judge(policies, connection, 'ingress');
  return { allowed: egress.allowed && ingress.allowed, egress, ingress };
}

function judge(
  policies: readonly NetworkPolicy[],
  connection: Connection,
  direction: Direction,
): DirectionVerdict {
  const pod = direction === 'egress' ? connection.source : connection.destination;
  const restricting = pod.kind === 'pod' ? policies.filter((each) => restricts(each, pod, direction)) : [];
  if (pod.kind !== 'pod' || restricting.length === 0) return { allowed: true, because: 'not-isolated' };
  const by = restricting.flatMap((policy) =>
    rulesOf(policy, direction).flatMap((rule, place) =>
      matches(rule, connection, direction, pod.namespace)
        ? [{ policy: networkPolicyRef(policy), rule: place }]
        : [],
    ),
  );
  if (by.length > 0) return { allowed: true, because: 'rules', by };
  return { allowed: false, isolatedBy: restricting.map(networkPolicyRef) };
}
