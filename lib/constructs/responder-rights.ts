import { QUARANTINE_POLICY } from '../names';
import type { Right } from '../program/right';
import type { DenyTierName } from '../settings/responder';

const CLUSTER = 'clusternetworkpolicies';
const ADMIN = 'adminnetworkpolicies';
const BASELINE = 'baselineadminnetworkpolicies';
const CILIUM = 'ciliumclusterwidenetworkpolicies';
const CALICO = 'globalnetworkpolicies';
/** Of these Calico itself asks the authorizer, beside the kinds themselves, with the tier before the name or without. */
const CALICO_BY_TIER = ['tier.globalnetworkpolicies', 'tier.networkpolicies'] as const;

/** Reading, and being told of each change. */
const WATCH = ['list', 'watch'];

/**
 * What it writes has this one name. An object that server-side apply creates has its name in the request, so that the API
 * server holds `create` to it as well.
 */
const OWN_POLICY = { resourceNames: [QUARANTINE_POLICY], verbs: ['create', 'patch', 'delete'] };

/**
 * Quarantine, its verdict, its release and its record. Not evicting or deleting Pods, not Secrets, not logs, not exec.
 *
 * Given wherever the responder is: a response that is switched from `observe` to `enforce` at night must not fail for want
 * of a ClusterRole, nor the release of what a response has cut off that is no more.
 */
export const RESPONSE_RIGHTS: readonly Right[] = [
  {
    apiGroups: [''],
    resources: ['pods'],
    verbs: ['get', ...WATCH],
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
    verbs: WATCH,
    why: "reads a namespace's labels, which NetworkPolicies select by, and the switch that pauses all responses",
  },
  {
    apiGroups: ['networking.k8s.io'],
    resources: ['networkpolicies'],
    verbs: WATCH,
    why: 'finds the policies that still let a Pod out',
  },
  {
    apiGroups: ['networking.k8s.io'],
    resources: ['networkpolicies'],
    ...OWN_POLICY,
    why: 'keeps the policy that denies everything to labelled Pods, while a namespace has one',
  },
  {
    apiGroups: [''],
    resources: ['services'],
    verbs: WATCH,
    why: 'says beforehand which Services lose a Pod whose labels it takes',
  },
  {
    apiGroups: ['apps'],
    resources: ['replicasets'],
    verbs: WATCH,
    why: 'finds the Deployment of a Pod, of whose Pods it never cuts off more than a share',
  },
  {
    apiGroups: ['policy'],
    resources: ['poddisruptionbudgets'],
    verbs: WATCH,
    why: 'never leaves an owner with fewer Pods than its budget asks for',
  },
  {
    apiGroups: [''],
    resources: ['events'],
    verbs: ['create'],
    why: 'records each decision as an Event of the Pod',
  },
  ...[
    { group: 'policy.networking.k8s.io', kinds: [ADMIN, BASELINE, CLUSTER] },
    { group: 'cilium.io', kinds: [CILIUM, 'ciliumnetworkpolicies'] },
    { group: 'projectcalico.org', kinds: [CALICO, 'networkpolicies', 'tiers'] },
    { group: 'projectcalico.org', kinds: [...CALICO_BY_TIER] },
    { group: 'crd.projectcalico.org', kinds: [CALICO, 'networkpolicies', 'tiers'] },
  ].map(({ group, kinds }) => ({
    apiGroups: [group],
    resources: kinds,
    verbs: WATCH,
    why: 'finds what lets a Pod out, or denies it, before any NetworkPolicy does; where the cluster has such policies',
  })),
];

/** For each tier that it may deny by: the one policy of ours in it. */
export const TIER_RIGHTS: Readonly<Record<DenyTierName, readonly Right[]>> = {
  ClusterNetworkPolicy: [denying('policy.networking.k8s.io', CLUSTER)],
  AdminNetworkPolicy: [denying('policy.networking.k8s.io', ADMIN)],
  Cilium: [denying('cilium.io', CILIUM)],
  // Calico's own API server, or what it stores.
  Calico: [
    denying('projectcalico.org', CALICO),
    {
      apiGroups: ['projectcalico.org'],
      resources: ['tiers'],
      verbs: ['get'],
      why: 'reads and writes policies of a tier of Calico, which asks for this as well',
    },
    {
      ...denying('projectcalico.org', CALICO_BY_TIER[0]),
      resourceNames: [QUARANTINE_POLICY, `default.${QUARANTINE_POLICY}`],
    },
    denying('crd.projectcalico.org', CALICO),
  ],
};

function denying(group: string, kind: string): Right {
  return {
    apiGroups: [group],
    resources: [kind],
    ...OWN_POLICY,
    why: 'keeps the policy that denies everything to labelled Pods, whatever NetworkPolicies allow',
  };
}

/** For each tier that it may not deny by, perhaps any more: to take that policy away once no Pod needs it. */
export const TIER_CLEANING_RIGHTS = Object.entries(TIER_RIGHTS).map(
  ([tier, rights]) => [tier, rights.map(cleaning)] as const,
);

function cleaning(right: Right): Right {
  if (!right.verbs.includes('delete')) return right;
  return {
    ...right,
    verbs: ['delete'],
    why: 'takes its policy of a tier away that has gone from responder.quarantine.denyTiers',
  };
}

/** Where a response evicts. */
export const EVICT_RIGHTS: readonly Right[] = [
  {
    apiGroups: [''],
    resources: ['pods/eviction'],
    verbs: ['create'],
    why: 'evicts a Pod, for a response with action evict',
  },
];

/** Where a response deletes, at once or when its time is over. */
export const DELETE_RIGHTS: readonly Right[] = [
  {
    apiGroups: [''],
    resources: ['pods'],
    verbs: ['delete'],
    why: 'deletes a Pod, for a response with action delete or onExpiry delete',
  },
];

/** Where a response keeps a snapshot: in our own namespace. */
export const SNAPSHOT_RIGHTS: readonly Right[] = [
  {
    apiGroups: [''],
    resources: ['configmaps'],
    // Not to change one: our own configuration lies there too.
    verbs: ['create'],
    why: 'keeps a Pod as it was before it was cut off, for a response with snapshot',
  },
];

/** Where the responder tells the inventory. */
export const INVENTORY_RIGHTS: readonly Right[] = [
  {
    apiGroups: ['batch'],
    resources: ['jobs'],
    verbs: WATCH,
    why: 'finds the CronJob of a Pod, for the inventory',
  },
  {
    apiGroups: [''],
    resources: ['nodes'],
    verbs: WATCH,
    why: 'knows from when to when there was a node, which should have been watched then, for the inventory',
  },
  {
    apiGroups: ['discovery.k8s.io'],
    resources: ['endpointslices'],
    verbs: WATCH,
    why: 'knows where Services without a selector led to, and when, for the inventory',
  },
];
