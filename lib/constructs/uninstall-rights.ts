import { PREFIX, QUARANTINE_POLICY } from '../names';
import type { Right } from '../program/right';

/** Only what has this name, which every policy of ours has. */
const OWN_POLICY = { resourceNames: [QUARANTINE_POLICY] };

/** Telling which Pods stay cut off. */
export const REPORT_RIGHTS: readonly Right[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['list'], why: 'finds the Pods that are cut off' },
  { apiGroups: [''], resources: ['events'], verbs: ['create'], why: 'tells of each Pod by an Event' },
];

/** Releasing them all. */
export const RELEASE_RIGHTS: readonly Right[] = [
  {
    apiGroups: [''],
    resources: ['pods'],
    verbs: ['get', 'patch'],
    why: 'gives a Pod its labels back, and takes away the record of its quarantine',
  },
  {
    apiGroups: [PREFIX],
    resources: ['quarantines'],
    verbs: ['release'],
    why: 'is let by the guard of quarantines',
  },
  {
    apiGroups: ['networking.k8s.io'],
    resources: ['networkpolicies'],
    ...OWN_POLICY,
    verbs: ['list', 'delete'],
    why: 'takes away the policies that deny everything to Pods that are cut off',
  },
  ...[
    { group: 'policy.networking.k8s.io', kinds: ['clusternetworkpolicies', 'adminnetworkpolicies'] },
    { group: 'cilium.io', kinds: ['ciliumclusterwidenetworkpolicies'] },
    { group: 'projectcalico.org', kinds: ['globalnetworkpolicies'] },
    { group: 'crd.projectcalico.org', kinds: ['globalnetworkpolicies'] },
  ].map(({ group, kinds }) => ({
    apiGroups: [group],
    resources: kinds,
    ...OWN_POLICY,
    verbs: ['get', 'delete'],
    why: 'takes away the policy of a tier, where the cluster has such policies',
  })),
  {
    apiGroups: ['projectcalico.org'],
    resources: ['tiers'],
    verbs: ['get'],
    why: 'reads and deletes a policy of a tier of Calico, which asks for this as well',
  },
  {
    apiGroups: ['projectcalico.org'],
    resources: ['tier.globalnetworkpolicies'],
    resourceNames: [QUARANTINE_POLICY, `default.${QUARANTINE_POLICY}`],
    verbs: ['get', 'delete'],
    why: 'the same, as Calico itself asks for it',
  },
];

/** Ending the responder of that name first, in its own namespace. */
export function stopRights(deployment: string): readonly Right[] {
  return [
    {
      apiGroups: ['apps'],
      resources: ['deployments/scale'],
      resourceNames: [deployment],
      verbs: ['patch'],
      why: 'ends the responder first, which would cut off again what it releases',
    },
  ];
}
