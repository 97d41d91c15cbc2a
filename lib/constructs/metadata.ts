import { objectName, PRODUCT, selectorLabels, type Component } from '../names';
import type { Settings } from '../settings/settings';
import { VERSION } from '../version';

/**
 * Order in which Argo CD applies objects. Manifests on disk stand in the same order, so that `kubectl apply -f` of the
 * folder needs no second run.
 */
const WAVES = { namespaces: -30, config: -20, collectors: -10, workloads: 0 } as const;

/** A step of the order in which objects are applied. */
type Wave = keyof typeof WAVES;

/** The annotation by which Argo CD knows the wave of an object. */
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/**
 * Annotation of an object that holds more than we put there. Helm leaves it in the cluster when the release, or the value
 * that asked for it, goes; so does Argo CD, which knows the same annotation.
 */
export const KEEP: Readonly<Record<string, string>> = { 'helm.sh/resource-policy': 'keep' };

/** What differs in the metadata of one object from the next. */
export interface MetadataProps {
  /** @default the installation's name and the component's */
  readonly name?: string;
  /** Namespace; `undefined` for objects of the cluster, even in a chart that has a namespace. */
  readonly namespace: string | undefined;
  /** @default "config" */
  readonly wave?: Wave;
  /** More labels, over the standard ones. */
  readonly labels?: Readonly<Record<string, string>>;
  /** More annotations. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Metadata of an object, as plain JSON. */
export interface Metadata {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

/**
 * Metadata of an object of a component: its name, the standard labels and the wave. The version stands here and never on
 * a Pod template, where it would roll every Pod with every release.
 */
export function metadata(settings: Settings, component: Component, props: MetadataProps): Metadata {
  return {
    name: props.name ?? objectName(settings.name, component),
    namespace: props.namespace,
    labels: {
      ...settings.labels,
      ...selectorLabels(settings.name, component),
      'app.kubernetes.io/part-of': PRODUCT,
      'app.kubernetes.io/version': VERSION,
      ...props.labels,
    },
    annotations: {
      ...settings.annotations,
      [SYNC_WAVE]: String(WAVES[props.wave ?? 'config']),
      ...props.annotations,
    },
  };
}
