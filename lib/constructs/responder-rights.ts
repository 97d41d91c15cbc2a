import type { Right } from '../program/right';

/**
 * Where there are responses: quarantine, its verdict, its release and its record. Not evicting or deleting Pods, not
 * Secrets, not logs, not exec.
 *
 * Given with any response, one that only observes too: which mode a response has is decided in a list of the user's, and
 * a response that is switched from `observe` to `enforce` at night must not fail for want of a ClusterRole.
 */
export const RESPONSE_RIGHTS: readonly Right[] = [
  {
    apiGroups: [''],
    resources: ['pods'],
    verbs: ['get', 'list', 'watch'],
    why: 'finds the Pod of an alert and checks that it is still that Pod; sees labels that others change',
  },
  {
    apiGroups: [''],
    resources: ['pods'],
    verbs: ['patch'],
    why: 'labels a Pod to cut it off and takes the label away again, with reason and expiry as annotations',
  },
  {
    apiGroups: [''],
    resources: ['namespaces'],
    verbs: ['get', 'list', 'watch'],
    why: "reads a namespace's labels, which NetworkPolicies select by, and the switch that pauses all responses",
  },
  {
    apiGroups: ['networking.k8s.io'],
    resources: ['networkpolicies'],
    verbs: ['get', 'list', 'watch'],
    why: 'finds the policies that still let a Pod out',
  },
  {
    apiGroups: ['networking.k8s.io'],
    resources: ['networkpolicies'],
    verbs: ['create', 'patch', 'delete'],
    why: 'keeps the policy that denies everything to labelled Pods, while a namespace has one',
  },
  {
    apiGroups: ['apps'],
    resources: ['replicasets'],
    verbs: ['get', 'list', 'watch'],
    why: 'finds the Deployment of a Pod, of whose Pods it never cuts off more than a share',
  },
  {
    apiGroups: ['policy'],
    resources: ['poddisruptionbudgets'],
    verbs: ['get', 'list', 'watch'],
    why: 'never leaves an owner with fewer Pods than its budget asks for',
  },
  {
    apiGroups: [''],
    resources: ['events'],
    verbs: ['create', 'patch'],
    why: 'records each decision as an Event of the Pod, and counts what repeats',
  },
];
