import { loadAll } from 'js-yaml';
import { resolveSettings, type FalcoEgressProps } from '../../lib/settings/settings';
import { rbacDocument } from '../../lib/synth/rbac-document';
import { synthesize } from '../../lib/synth/synthesize';

function document(props: Partial<FalcoEgressProps> = {}): string {
  const settings = resolveSettings({ cluster: 'test', ...props });
  return synthesize({ name: 'test', settings }).get('RBAC.md') ?? '';
}

const FOREIGN = 'It also binds roles that somebody else makes';

test('names the roles of OpenShift that it binds, and why', () => {
  const text = document({ platform: 'openshift', collector: { enabled: true } });
  expect(text).toContain(FOREIGN);
  for (const component of ['falco', 'collector'])
    expect(text).toContain(
      `| ClusterRole system:openshift:scc:privileged | RoleBinding falco/falco-egress-${component}-privileged-scc | OpenShift admits`,
    );
});

test('binds none elsewhere', () => {
  expect(document()).not.toContain(FOREIGN);
});

test('a binding that nobody explains is refused', () => {
  const objects = loadAll(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: mine }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
`) as Parameters<typeof rbacDocument>[1];
  expect(() => rbacDocument('test', objects)).toThrow(
    'ClusterRoleBinding mine: no reason for ClusterRole cluster-admin',
  );
});
