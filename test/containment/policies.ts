import type { NetworkPolicy } from '../../lib/containment';

/** A NetworkPolicy of the namespace shop, of both directions unless its spec says otherwise. */
export function policy(
  spec: NonNullable<NetworkPolicy['spec']>,
  name = 'p',
  namespace = 'shop',
): NetworkPolicy {
  return { metadata: { name, namespace }, spec };
}

/** One that restricts egress of all Pods, and allows what its rules say. */
export function egress(
  rules: NonNullable<NonNullable<NetworkPolicy['spec']>['egress']>,
  podSelector: NonNullable<NetworkPolicy['spec']>['podSelector'] = {},
  name = 'p',
): NetworkPolicy {
  return policy({ podSelector, policyTypes: ['Egress'], egress: rules }, name);
}

/** One that restricts ingress of all Pods. */
export function ingress(
  rules: NonNullable<NonNullable<NetworkPolicy['spec']>['ingress']>,
  podSelector: NonNullable<NetworkPolicy['spec']>['podSelector'] = {},
): NetworkPolicy {
  return policy({ podSelector, policyTypes: ['Ingress'], ingress: rules });
}
