import type { V1DaemonSetSpec } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { selectorLabels } from '../names';
import { each, is, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { configText } from './config-text';
import { PORTS } from './endpoints';
import { checkedFalcoConfig } from './falco-config';
import { falcoPod } from './falco-pod';
import { FALCOCTL_FILE, falcoctlConfig, usesK8smeta } from './k8smeta-plugin';
import { metadata } from './metadata';
import { networkPolicy, podsOf, tcp, toDns, toRegistry } from './network-policy';
import { namespaced } from './object';
import { platformRights } from './platform';
import { RulesConfigMap } from './rules-config-map';
import { rulesPackagesOf } from './rules';
import { RULES_GUARD_FILE } from './rules-guard';
import { RULES_GUARD_SCRIPT } from './rules-guard-script';
import { serviceAccount } from './service-account';

/** Settings that Falco reads. */
export type FalcoProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'platform'
  | 'namespaces'
  | 'namespaceLabels'
  | 'exempt'
  | 'images'
  | 'falco'
  | 'plugins'
  | 'egress'
  | 'rules'
  | 'rulesPackages'
  | 'sidekick'
  | 'tls'
  | 'networkPolicies'
  | 'demo'
  | 'labels'
  | 'annotations'
>;

/**
 * Falco on every Linux node, by its modern eBPF probe, and its rules as one ConfigMap a package.
 *
 * Falco takes up a change of its rules or its configuration by itself, with no new Pod, and keeps what it has where the
 * new is wrong; before it starts, a guard sees to it that it can (docs/falco.md). It asks the API server nothing.
 */
export class Falco extends Construct {
  constructor(scope: Construct, id: string, props: FalcoProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(settings.falco.install, () => {
      this.addServiceAccount(settings);
      this.addConfig(settings);
      each(
        rulesPackagesOf(settings),
        (rules) =>
          new RulesConfigMap(this, `rules-${rules.package}`, {
            ...settings,
            ...rules,
            namespace: settings.namespaces.node,
          }),
      );
      this.addDaemonSet(settings);
      this.addNetworkPolicy(settings);
      platformRights(this, settings, 'falco');
    });
  }

  private addServiceAccount(settings: Settings): void {
    serviceAccount(this, settings, 'falco', settings.namespaces.node);
  }

  private addConfig(settings: Settings): void {
    namespaced(this, 'config', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(settings, 'falco', { namespace: settings.namespaces.node }),
      data: {
        'falco.yaml': configText(checkedFalcoConfig(settings)),
        [RULES_GUARD_FILE]: RULES_GUARD_SCRIPT,
        [FALCOCTL_FILE]: configText(falcoctlConfig()),
      },
    });
  }

  private addDaemonSet(settings: Settings): void {
    const { maxUnavailable } = settings.falco;
    namespaced<{ spec: V1DaemonSetSpec }>(this, 'daemon-set', {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: metadata(settings, 'falco', { namespace: settings.namespaces.node, wave: 'workloads' }),
      spec: {
        revisionHistoryLimit: 3,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } },
        selector: { matchLabels: selectorLabels(settings.name, 'falco') },
        template: falcoPod(settings),
      },
    });
  }

  private addNetworkPolicy(settings: Settings): void {
    const { node, services } = settings.namespaces;
    networkPolicy(this, settings, {
      component: 'falco',
      namespace: node,
      // Health and metrics; who scrapes them is the user's to say. Nothing else listens.
      ingress: [{ ports: tcp(PORTS.falco) }],
      egress: [
        toDns,
        when(settings.sidekick.enabled, () => ({
          to: [podsOf(settings, 'sidekick', services)],
          ports: tcp(PORTS.sidekick),
        })),
        when(usesK8smeta(settings), () => ({
          to: [podsOf(settings, 'metacollector', services)],
          ports: tcp(PORTS.metacollector),
        })),
        when(is(settings.plugins.k8smeta.source, 'artifact'), () => toRegistry(settings)),
      ],
    });
  }
}
