import type {
  V1Container,
  V1PodSecurityContext,
  V1PodSpec,
  V1SecurityContext,
  V1Volume,
} from '@kubernetes/client-node';
import { selectorLabels, PRODUCT, type Component } from '../names';
import { eachEntry, given, is, not, present, when } from '../settings/decide';
import type { Resolved } from '../settings/resolved';
import type { Settings } from '../settings/settings';
import type { PodSettings } from '../settings/workload';
import { pullSecrets } from './image';

/** Security context of a container under the Pod Security profile `restricted`. */
export const restrictedContainer: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

/**
 * Security context of a Pod under the Pod Security profile `restricted`. OpenShift gives each namespace a range of user
 * ids and refuses others, so the ids are left to it there.
 */
export function restrictedPod(settings: Settings, user: number): V1PodSecurityContext {
  const ids = when(not(is(settings.platform, 'openshift')), () => user);
  return {
    runAsNonRoot: true,
    runAsUser: ids,
    runAsGroup: ids,
    fsGroup: ids,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** One Pod of a component. */
export interface PodProps {
  readonly component: Component;
  /** What the user says about these Pods. */
  readonly pod: Resolved<PodSettings>;
  /** The main container; resources, environment and sidecars of the user's are added. */
  readonly container: V1Container;
  readonly initContainers?: readonly (V1Container | undefined)[];
  readonly volumes?: readonly (V1Volume | undefined)[];
  readonly securityContext: V1PodSecurityContext;
  /** Name of the ServiceAccount. @default the Pod has the namespace's own, and no token */
  readonly serviceAccountName?: string;
  /** Whether the Pod gets a token for the API server. @default false */
  readonly apiAccess?: boolean;
  /** More of the Pod's spec. */
  readonly spec?: Partial<V1PodSpec>;
}

/** The template of a Pod, as plain JSON. */
export interface PodTemplate {
  readonly metadata: { labels: Record<string, string>; annotations: Record<string, string> | undefined };
  readonly spec: V1PodSpec;
}

/**
 * The template of a component's Pods. Nothing in it changes with rules, settings of other components or the version of
 * this package: a change there would roll every Pod.
 */
export function podTemplate(settings: Settings, props: PodProps): PodTemplate {
  const { pod, component } = props;
  return {
    metadata: {
      labels: {
        ...pod.labels,
        ...selectorLabels(settings.name, component),
        'app.kubernetes.io/part-of': PRODUCT,
      },
      annotations: when(given(pod.annotations), () => ({ ...pod.annotations })),
    },
    spec: {
      automountServiceAccountToken: props.apiAccess ?? false,
      serviceAccountName: props.serviceAccountName,
      imagePullSecrets: pullSecrets(settings),
      priorityClassName: when(given(pod.priorityClassName), () => pod.priorityClassName),
      nodeSelector: { 'kubernetes.io/os': 'linux', ...pod.nodeSelector },
      tolerations: when(given(pod.tolerations), () => [...pod.tolerations]),
      affinity: when(given(pod.affinity), () => pod.affinity),
      securityContext: props.securityContext,
      initContainers: initContainers(props),
      containers: [
        { ...props.container, resources: copy(pod.resources), env: environment(props) },
        ...(pod.sidecars as readonly unknown[] as readonly V1Container[]),
      ],
      volumes: props.volumes && present(props.volumes),
      ...props.spec,
    },
  };
}

/** Requests and limits as the API has them. */
export function copy(resources: Resolved<PodSettings>['resources']): V1Container['resources'] {
  return { requests: { ...resources.requests }, limits: { ...resources.limits } };
}

function initContainers(props: PodProps): V1Container[] | undefined {
  const made = present(props.initContainers ?? []);
  return when(given(made), () => made);
}

function environment(props: PodProps): V1Container['env'] {
  const own = props.container.env ?? [];
  const all = [...own, ...eachEntry(props.pod.env, (name, value) => ({ name, value }))];
  return when(given(all), () => all);
}
