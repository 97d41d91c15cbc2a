import type { AdmissionPolicyProps } from './admission-policy';

/** A policy of the guard, but for what all of them have. */
export type GuardPolicy = Omit<AdmissionPolicyProps, 'component' | 'name'>;

/** Kinds of policies that hold the quarantine label, by group. */
export const POLICY_KINDS = [
  { group: 'networking.k8s.io', resources: ['networkpolicies'] },
  {
    group: 'policy.networking.k8s.io',
    versions: ['*'],
    resources: ['clusternetworkpolicies', 'adminnetworkpolicies'],
  },
  { group: 'cilium.io', versions: ['*'], resources: ['ciliumclusterwidenetworkpolicies'] },
  { group: 'projectcalico.org', versions: ['*'], resources: ['globalnetworkpolicies'] },
];

/** Metadata of a Pod changes through the subresources too. */
export const POD_WRITES = ['pods', 'pods/status', 'pods/ephemeralcontainers', 'pods/resize'];

/** Labels of an object, in CEL. */
export const labels = (object: string) => `${object}.metadata.?labels.orValue({})`;

/** Annotations of an object, in CEL. */
export const annotations = (object: string) => `${object}.metadata.?annotations.orValue({})`;

/** The value of a label, in CEL; empty where there is none. */
export const label = (object: string, key: string) => `${object}.metadata.?labels[?"${key}"].orValue("")`;

/** What holds of the object before the change, in CEL; nothing, for one that is new. */
export const before = (expression: string, nothing: string) =>
  `oldObject == null ? ${nothing} : ${expression}`;
