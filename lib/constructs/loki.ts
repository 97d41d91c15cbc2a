import type { V1Container, V1NetworkPolicyPeer, V1StatefulSetSpec } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { objectName, selectorLabels } from '../names';
import { given, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { collectorUsesOwnLoki } from './collector-loki';
import { configText } from './config-text';
import { PORTS } from './endpoints';
import { goMemoryLimit } from './go-memory-limit';
import { grafanaUsesOwnLoki } from './grafana-provisioning';
import { image } from './image';
import { LOKI_DIRECTORY, lokiConfig } from './loki-config';
import { dataVolume, keptClaim } from './kept-claim';
import { metadata } from './metadata';
import { networkPolicy, podsOf, scrapers, tcp } from './network-policy';
import { namespaced } from './object';
import { podTemplate, restrictedContainer, restrictedPod } from './pod';
import { service } from './service';
import { sidekickUsesOwnLoki } from './sidekick-config';
import { versionedConfig } from './versioned-config';

/** The user of the image. Fact: Loki's Dockerfile. */
const USER = 10001;

const CONFIG_DIRECTORY = '/etc/falco-egress/config';

const CONFIG_FILE = 'loki.yaml';

/** Settings that Loki reads. */
export type LokiProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'platform'
  | 'namespaces'
  | 'images'
  | 'loki'
  | 'grafana'
  | 'collector'
  | 'sidekick'
  | 'monitoring'
  | 'networkPolicies'
  | 'labels'
  | 'annotations'
>;

/**
 * Grafana Loki in one Pod, on a volume: small clusters, and the demo. It speaks plain HTTP and asks nobody for a login; only the
 * stack's own Pods that write or ask, and `loki.clients`, reach it (docs/loki.md).
 */
export class Loki extends Construct {
  constructor(scope: Construct, id: string, props: LokiProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(settings.loki.enabled, () => {
      when(settings.loki.persistent, () => {
        keptClaim(this, settings, 'loki', settings.loki);
      });
      this.addPod(settings);
      service(this, settings, 'loki', [{ name: 'http', port: PORTS.loki, targetPort: 'http' }]);
      this.addNetworkPolicy(settings);
    });
  }

  private addPod(settings: Settings): void {
    const { services } = settings.namespaces;
    const config = versionedConfig(this, settings, 'loki', {
      [CONFIG_FILE]: configText(lokiConfig(settings)),
    });
    namespaced<{ spec: V1StatefulSetSpec }>(this, 'stateful-set', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadata(settings, 'loki', { namespace: services, wave: 'workloads' }),
      spec: {
        replicas: 1,
        revisionHistoryLimit: 3,
        serviceName: objectName(settings.name, 'loki'),
        // As of the UI's store: the other policy waits for ever for a Pod that a wrong image keeps from starting.
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: selectorLabels(settings.name, 'loki') },
        template: podTemplate(settings, {
          component: 'loki',
          pod: settings.loki,
          securityContext: restrictedPod(settings, USER),
          container: container(settings),
          volumes: [
            { name: 'config', configMap: { name: config } },
            { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
            dataVolume(settings, 'loki', settings.loki),
          ],
          // Service links would set variables, among them some that are named as flags of others.
          spec: { enableServiceLinks: false, terminationGracePeriodSeconds: 60 },
        }),
      },
    });
  }

  private addNetworkPolicy(settings: Settings): void {
    const { node, services } = settings.namespaces;
    const ports = tcp(PORTS.loki);
    networkPolicy(this, settings, {
      component: 'loki',
      namespace: services,
      ingress: [
        when(collectorUsesOwnLoki(settings), () => ({ from: [podsOf(settings, 'collector', node)], ports })),
        when(sidekickUsesOwnLoki(settings), () => ({
          from: [podsOf(settings, 'sidekick', services)],
          ports,
        })),
        when(grafanaUsesOwnLoki(settings), () => ({ from: [podsOf(settings, 'grafana', services)], ports })),
        when(given(settings.loki.clients.namespace), () => ({ from: [clients(settings)], ports })),
        // Its metrics share the port by which lines come in and go out.
        when(given(settings.monitoring.scrapers.namespace), () => ({ from: [scrapers(settings)], ports })),
      ],
      egress: [],
    });
  }
}

function clients({ loki }: Settings): V1NetworkPolicyPeer {
  const { namespace, podLabels } = loki.clients;
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: when(given(podLabels), () => ({ matchLabels: { ...podLabels } })),
  };
}

function container(settings: Settings): V1Container {
  return {
    name: 'loki',
    ...image(settings, 'loki'),
    args: [`-config.file=${CONFIG_DIRECTORY}/${CONFIG_FILE}`],
    ports: [{ name: 'http', containerPort: PORTS.loki, protocol: 'TCP' }],
    env: goMemoryLimit(),
    securityContext: restrictedContainer,
    // It reads its log of what was not on the disk yet before it answers.
    startupProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5, failureThreshold: 120 },
    readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: {
      httpGet: { path: '/loki/api/v1/status/buildinfo', port: 'http' },
      periodSeconds: 30,
      timeoutSeconds: 10,
    },
    volumeMounts: [
      { name: 'config', mountPath: CONFIG_DIRECTORY, readOnly: true },
      { name: 'data', mountPath: LOKI_DIRECTORY },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}
