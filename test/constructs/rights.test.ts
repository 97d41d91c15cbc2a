import { grantInCluster, grantInNamespace, rightsOf } from '../../lib/constructs/rights';
import type { Right } from '../../lib/program/right';
import { resolveSettings } from '../../lib/settings/settings';
import { synthesize } from '../constructs';
import { find, kinds } from './find';

const RIGHTS: readonly Right[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['get'], why: 'reads a Pod' },
  { nonResourceURLs: ['/readyz'], verbs: ['get'], why: 'asks whether the API server is ready' },
];
const settings = resolveSettings({ cluster: 'prod-eu-1' });

test('a ClusterRole, bound to the ServiceAccount of the component', () => {
  const objects = synthesize((scope) => {
    grantInCluster(scope, settings, { component: 'responder', namespace: 'falco-egress', rights: RIGHTS });
  });
  expect(kinds(objects)).toEqual(['ClusterRole', 'ClusterRoleBinding']);
  const role = find(objects, 'ClusterRole');
  expect(role.metadata.namespace).toBeUndefined();
  expect(role['rules']).toEqual(RIGHTS.map(({ why, ...rule }) => (why ? rule : {})));
  const binding = find(objects, 'ClusterRoleBinding');
  expect(binding['roleRef']).toEqual({
    apiGroup: 'rbac.authorization.k8s.io',
    kind: 'ClusterRole',
    name: role.metadata.name,
  });
  expect(binding['subjects']).toEqual([
    { kind: 'ServiceAccount', name: 'falco-egress-responder', namespace: 'falco-egress' },
  ]);
});

test('a Role of a name of its own stays in the namespace', () => {
  const objects = synthesize((scope) => {
    grantInNamespace(scope, settings, {
      component: 'secrets',
      name: 'own-name',
      namespace: 'falco-egress',
      rights: [{ apiGroups: [''], resources: ['secrets'], verbs: ['create'], why: 'creates a Secret' }],
    });
  });
  expect(kinds(objects)).toEqual(['Role', 'RoleBinding']);
  expect(objects.map(({ metadata: { name, namespace } }) => `${namespace ?? ''}/${name}`)).toEqual([
    'falco-egress/own-name',
    'falco-egress/own-name',
  ]);
});

test('every right comes back with its reason', () => {
  const objects = synthesize((scope) => {
    grantInCluster(scope, settings, { component: 'responder', namespace: 'falco-egress', rights: RIGHTS });
  });
  expect(rightsOf(objects)).toEqual(
    RIGHTS.map((right) => ({ role: 'ClusterRole falco-egress-responder', ...right })),
  );
});

test('a rule without a reason is refused', () => {
  const role = { kind: 'Role', metadata: { name: 'r', namespace: 'n' }, rules: [{ verbs: ['get'] }] };
  expect(() => rightsOf([role])).toThrow('Role n/r: no reason for rule 1');
});
