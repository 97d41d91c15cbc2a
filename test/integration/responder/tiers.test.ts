import { denyPolicy, type DenyTier } from '../../../lib/containment';
import { QUARANTINE_POLICY } from '../../../lib/names';
import type { ClusterState, TierKind } from '../../../lib/responder/cluster/cluster';
import { startControlPlane, type ControlPlane } from '../control-plane';
import { installCrds } from '../crds';
import { apply, clusterOf, until } from './cluster-under-test';

jest.setTimeout(180_000);

let plane: ControlPlane;
let cluster: ReturnType<typeof clusterOf>['cluster'];
let state: ClusterState;
const stop = new AbortController();

beforeAll(async () => {
  plane = await startControlPlane({ own: true });
  ({ cluster } = clusterOf(plane, { timeout: 10_000 }));
  state = cluster.watch(stop.signal);
  await state.synced();
}, 900_000);

afterAll(async () => {
  stop.abort();
  await plane.stop();
});

const TIERS: readonly (readonly [DenyTier, TierKind])[] = [
  ['ClusterNetworkPolicy', 'clusterNetworkPolicies'],
  ['AdminNetworkPolicy', 'adminNetworkPolicies'],
  ['Cilium', 'ciliumClusterwideNetworkPolicies'],
  ['Calico', 'calicoGlobalNetworkPolicies'],
];
const KEY = { namespace: '', name: QUARANTINE_POLICY };

/** What Calico stores where its own API server isn't installed; it publishes its definitions in no Go module. */
const CALICO = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'globalnetworkpolicies.crd.projectcalico.org' },
  spec: {
    group: 'crd.projectcalico.org',
    scope: 'Cluster',
    names: { kind: 'GlobalNetworkPolicy', plural: 'globalnetworkpolicies', singular: 'globalnetworkpolicy' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

function denying(tier: DenyTier) {
  const policy = denyPolicy(tier);
  if (policy === undefined) throw new Error(`no policy of ${tier} denies everything`);
  return policy;
}

test('tiers are found once the cluster serves them', async () => {
  expect(state.denyTiers()).toEqual(new Set());
  await installCrds(plane, ['network-policy-api', 'network-policy-api-v1alpha1', 'cilium']);
  await apply(plane, CALICO);
  await until(() => state.denyTiers().size === TIERS.length);
});

test.each(TIERS)('the deny policy of %s is applied, seen, and deleted by its UID', async (tier, kind) => {
  const policy = denying(tier);
  await cluster.applyDenyPolicy(tier, policy);
  await cluster.applyDenyPolicy(tier, policy);
  await until(() => state.tier(kind).get(KEY) !== undefined);
  const stored = state.tier(kind).get(KEY);
  expect(stored).toMatchObject({ kind: policy.kind, spec: policy.spec });
  const { uid } = stored?.metadata as { readonly uid: string };
  await cluster.deleteDenyPolicy(tier, QUARANTINE_POLICY, 'somebody-else');
  expect(state.tier(kind).get(KEY)).toBeDefined();
  await cluster.deleteDenyPolicy(tier, QUARANTINE_POLICY, uid);
  expect(state.tier(kind).get(KEY)).toBeUndefined();
  await cluster.deleteDenyPolicy(tier, QUARANTINE_POLICY, uid);
});

test('who may not read the tiers has the rest all the same', async () => {
  const name = 'core-only';
  const rbac = 'rbac.authorization.k8s.io';
  const verbs = ['list', 'watch'];
  const rules = [
    { apiGroups: [''], resources: ['pods', 'namespaces', 'services'], verbs },
    { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs },
    { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs },
    { apiGroups: ['apps'], resources: ['replicasets'], verbs },
  ];
  await apply(
    plane,
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'default' } },
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
    },
  );
  const { stdout } = await plane.kubectl(['create', 'token', name]);
  const { cluster: limited, logged } = clusterOf(plane, { user: { token: stdout.trim() }, timeout: 10_000 });
  const seen = limited.watch(stop.signal);
  await seen.synced();
  expect(seen.namespaces.get({ namespace: '', name: 'default' })).toBeDefined();
  expect(seen.denyTiers().size).toBe(TIERS.length);
  expect(seen.tier('clusterNetworkPolicies').list()).toEqual([]);
  const refused = logged.filter(({ fields }) => String(fields['reason']).includes('answered 403'));
  expect(refused.map(({ fields }) => fields['group'])).toContain('policy.networking.k8s.io');
  expect(refused.map(({ fields }) => fields['group'])).not.toContain('');
  const denied = limited.applyDenyPolicy('Cilium', denying('Cilium'));
  await expect(denied).rejects.toMatchObject({ code: 'API_FORBIDDEN', status: 403 });
});

test('a tier that the cluster ceases to serve is gone, with its policies', async () => {
  await cluster.applyDenyPolicy('Calico', denying('Calico'));
  await until(() => state.tier('calicoGlobalNetworkPolicies').get(KEY) !== undefined);
  await plane.kubectl(['delete', 'crd', CALICO.metadata.name]);
  await until(() => !state.denyTiers().has('Calico'));
  expect(state.tier('calicoGlobalNetworkPolicies').list()).toEqual([]);
});
