import { Construct } from 'constructs';
import type { Component } from '../names';
import { eachEntry, first, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { KEEP, metadata } from './metadata';
import { clusterWide } from './object';

/** Settings that the namespaces read. */
export type NamespacesProps = Pick<
  FalcoEgressProps,
  'cluster' | 'name' | 'namespaces' | 'namespaceLabels' | 'exempt' | 'labels' | 'annotations'
>;

/** Pod Security profiles of Kubernetes. */
export type PodSecurity = 'privileged' | 'restricted';

/**
 * The namespaces of the stack: a privileged one for what must touch the node, a restricted one for everything else. Both
 * carry an exempt label, so that the stack does not watch itself. They outlive a release: Secrets of the user's are in there.
 */
export class Namespaces extends Construct {
  constructor(scope: Construct, id: string, props: NamespacesProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const { create, node, services } = settings.namespaces;
    when(create, () => {
      this.add(settings, 'node', node, 'privileged');
      this.add(settings, 'services', services, 'restricted');
    });
    eachEntry(
      settings.namespaceLabels,
      (name, labels) => new NamespaceLabelling(this, `labels-${name}`, { name, labels }),
    );
  }

  private add(settings: Settings, id: string, name: string, profile: PodSecurity): void {
    clusterWide(this, id, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: metadata(settings, 'namespaces', {
        name,
        namespace: undefined,
        wave: 'namespaces',
        labels: {
          ...settings.namespaces.labels,
          ...exemptLabels(settings),
          ...podSecurityLabels(profile),
        },
        annotations: { ...KEEP, ...settings.namespaces.annotations },
      }),
    });
  }
}

/** The label that exempts a namespace from our rules: the first of the exempt values. */
export function exemptLabels(settings: Settings): Record<string, string> {
  return { [settings.exempt.label]: first(settings.exempt.values) };
}

/** Labels by which the API server holds the Pods of a namespace to a Pod Security profile. */
export function podSecurityLabels(profile: PodSecurity): Record<string, string> {
  return Object.fromEntries(
    ['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, profile]),
  );
}

/** Labels of a namespace that somebody else owns. */
export interface NamespaceLabellingProps {
  /** Name of the namespace. */
  readonly name: string;
  /** Its labels, such as `{ network: 'green' }`. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Labels a namespace that is there already. Server-side apply merges the labels into the namespace and owns nothing else
 * of it; the annotations keep Argo CD and Helm from deleting it when the labels go.
 */
export class NamespaceLabelling extends Construct {
  constructor(scope: Construct, id: string, props: NamespaceLabellingProps) {
    super(scope, id);
    const component: Component = 'namespaces';
    clusterWide(this, component, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: props.name,
        namespace: undefined,
        labels: { ...props.labels },
        annotations: {
          'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false,ServerSideApply=true',
          ...KEEP,
        },
      },
    });
  }
}
