import type { V1DeploymentSpec, V1PodDisruptionBudgetSpec } from '@kubernetes/client-node';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { selectorLabels } from '../names';
import { moreThan, when } from '../settings/decide';
import type { Resolved } from '../settings/resolved';
import type { Settings } from '../settings/settings';
import type { ReplicatedSettings } from '../settings/workload';
import { metadata } from './metadata';
import { namespaced } from './object';
import { podTemplate, type PodProps } from './pod';

/** A Deployment of a component. */
export interface ReplicatedProps extends PodProps {
  readonly pod: Resolved<ReplicatedSettings>;
  /** Namespace of the Pods. */
  readonly namespace: string;
  /** How Pods are replaced. @default a rolling update that never has fewer Pods than wanted */
  readonly strategy?: V1DeploymentSpec['strategy'];
}

/**
 * Adds a Deployment; with more than one replica also its PodDisruptionBudget, and its Pods spread over nodes and zones.
 */
export function replicated(scope: Construct, settings: Settings, props: ReplicatedProps): ApiObject {
  const selector = { matchLabels: selectorLabels(settings.name, props.component) };
  const { replicas } = props.pod;
  const several = moreThan(replicas, 1);
  const template = podTemplate(settings, {
    ...props,
    spec: {
      topologySpreadConstraints: when(several, () =>
        ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
          maxSkew: 1,
          topologyKey,
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: selector,
        })),
      ),
      ...props.spec,
    },
  });
  when(several, () =>
    namespaced<{ spec: V1PodDisruptionBudgetSpec }>(scope, 'disruption-budget', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadata(settings, props.component, { namespace: props.namespace, wave: 'workloads' }),
      spec: { minAvailable: 1, selector, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    }),
  );
  return namespaced<{ spec: V1DeploymentSpec }>(scope, 'deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(settings, props.component, { namespace: props.namespace, wave: 'workloads' }),
    spec: {
      replicas,
      revisionHistoryLimit: 3,
      strategy: props.strategy ?? {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
      },
      selector,
      template,
    },
  });
}
