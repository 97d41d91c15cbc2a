import type { V1ResourceQuotaSpec } from '@kubernetes/client-node';
import type { Construct } from 'constructs';
import { objectName } from '../names';
import { all, given, is, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { metadata } from './metadata';
import { namespaced } from './object';
import { bindingReason } from './rights';

/** A component on every node, in `namespaces.node`. */
export type NodeComponent = 'falco' | 'collector';

/**
 * What a platform asks for before it lets a component's Pods run on the nodes; docs/platforms.md. The component's
 * ServiceAccount has the component's name.
 */
export function platformRights(scope: Construct, settings: Settings, component: NodeComponent): void {
  when(is(settings.platform, 'openshift'), () => {
    privilegedScc(scope, settings, component);
  });
  when(all(is(settings.platform, 'gke'), given(settings[component].priorityClassName)), () => {
    criticalPodsQuota(scope, settings, component);
  });
}

/**
 * The SecurityContextConstraints `privileged`, whose ClusterRole OpenShift makes itself; Pod Security alone does not let
 * a Pod use host paths there.
 */
function privilegedScc(scope: Construct, settings: Settings, component: NodeComponent): void {
  const namespace = settings.namespaces.node;
  const name = objectName(settings.name, component);
  namespaced(scope, 'privileged-scc', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: metadata(settings, component, {
      name: `${name}-privileged-scc`,
      namespace,
      annotations: bindingReason(
        'OpenShift admits its Pods, which use host paths of the node, only by these SecurityContextConstraints',
      ),
    }),
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: 'system:openshift:scc:privileged',
    },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
}

/** GKE admits Pods of the `system-…` priority classes outside kube-system only where a ResourceQuota covers them. */
function criticalPodsQuota(scope: Construct, settings: Settings, component: NodeComponent): void {
  const name = `${objectName(settings.name, component)}-critical-pods`;
  namespaced<{ spec: V1ResourceQuotaSpec }>(scope, 'critical-pods', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: metadata(settings, component, { name, namespace: settings.namespaces.node }),
    spec: {
      hard: { pods: '1G' },
      scopeSelector: {
        matchExpressions: [
          {
            scopeName: 'PriorityClass',
            operator: 'In',
            values: [settings[component].priorityClassName],
          },
        ],
      },
    },
  });
}
