import type { V1Container, V1DaemonSetSpec, V1EnvVar, V1SecurityContext } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { selectorLabels } from '../names';
import { given, is, present, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import {
  collectorConfig,
  FEATURE_GATES,
  STATE_DIRECTORY,
  TOKEN_DIRECTORY,
  TOKEN_FILE,
} from './collector-config';
import { collectorIdentity } from './collector-identity';
import { LOGS_DIRECTORY } from './collector-log';
import { collectorUsesOwnLoki, lokiVariables } from './collector-loki';
import { configText } from './config-text';
import { PORTS } from './endpoints';
import { goMemoryLimit } from './go-memory-limit';
import { image } from './image';
import { metadata } from './metadata';
import { networkPolicy, podsOf, tcp, toDns, toOutputs } from './network-policy';
import { namespaced } from './object';
import { platformRights } from './platform';
import { podTemplate, restrictedContainer } from './pod';
import { tlsMount, tlsVolume } from './tls';
import { serviceAccount } from './service-account';

/** How long a token for the responder is good; the kubelet renews it before. The API server takes no less than 10 minutes. */
const TOKEN_SECONDS = 3600;

const CONFIG_VARIABLE = 'COLLECTOR_CONFIG';

/** Settings that the collector reads. */
export type CollectorProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'platform'
  | 'namespaces'
  | 'images'
  | 'falco'
  | 'sidekick'
  | 'sidekickUi'
  | 'collector'
  | 'responder'
  | 'loki'
  | 'tls'
  | 'networkPolicies'
  | 'labels'
  | 'annotations'
>;

/**
 * An OpenTelemetry Collector on every node: tails Falco's own log and delivers each alert to the responder and to Loki at least once.
 * Checkpoints and a queue lie on the node's disk, so that neither a responder that is away nor a restart loses one
 * (docs/collector.md).
 *
 * Its configuration is a variable of its Pods: the program reads it once, the image has no shell to notice a changed file,
 * and this way a changed configuration is a changed Pod template, without a digest.
 */
export class Collector extends Construct {
  constructor(scope: Construct, id: string, props: CollectorProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(settings.collector.enabled, () => {
      this.addServiceAccount(settings);
      platformRights(this, settings, 'collector');
      this.addPods(settings);
      this.addNetworkPolicy(settings);
    });
  }

  /** It has no rights of the API. Its tokens tell the responder whose alerts these are, and of which node. */
  private addServiceAccount(settings: Settings): void {
    serviceAccount(this, settings, 'collector', settings.namespaces.node);
  }

  private addPods(settings: Settings): void {
    const { audience, serviceAccount } = collectorIdentity(settings);
    namespaced<{ spec: V1DaemonSetSpec }>(this, 'daemon-set', {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: metadata(settings, 'collector', {
        namespace: settings.namespaces.node,
        wave: 'collectors',
      }),
      spec: {
        revisionHistoryLimit: 3,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
        selector: { matchLabels: selectorLabels(settings.name, 'collector') },
        template: podTemplate(settings, {
          component: 'collector',
          pod: settings.collector,
          serviceAccountName: serviceAccount,
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          container: container(settings),
          volumes: [
            { name: 'logs', hostPath: { path: LOGS_DIRECTORY, type: 'Directory' } },
            {
              name: 'state',
              hostPath: { path: settings.collector.stateDirectory, type: 'DirectoryOrCreate' },
            },
            {
              name: 'token',
              projected: {
                defaultMode: 0o440,
                sources: [
                  {
                    serviceAccountToken: { audience, expirationSeconds: TOKEN_SECONDS, path: TOKEN_FILE },
                  },
                ],
              },
            },
            tlsVolume(settings, 'collector'),
          ],
          // Service links would only fill its environment, out of which its configuration takes values.
          spec: { enableServiceLinks: false },
        }),
      },
    });
  }

  private addNetworkPolicy(settings: Settings): void {
    const { node, services } = settings.namespaces;
    networkPolicy(this, settings, {
      component: 'collector',
      namespace: node,
      ingress: [{ ports: tcp(PORTS.collectorMetrics) }],
      egress: [
        toDns,
        when(settings.responder.enabled, () => ({
          to: [podsOf(settings, 'responder', services)],
          ports: tcp(PORTS.responder),
        })),
        when(collectorUsesOwnLoki(settings), () => ({
          to: [podsOf(settings, 'loki', services)],
          ports: tcp(PORTS.loki),
        })),
        when(given(settings.collector.loki.url), () => toOutputs(settings)),
      ],
    });
  }
}

function container(settings: Settings): V1Container {
  const health = { httpGet: { path: '/', port: 'health' } };
  return {
    name: 'collector',
    ...image(settings, 'collector'),
    args: [`--config=env:${CONFIG_VARIABLE}`, `--feature-gates=${FEATURE_GATES}`],
    ports: [
      { name: 'health', containerPort: PORTS.collectorHealth, protocol: 'TCP' },
      { name: 'metrics', containerPort: PORTS.collectorMetrics, protocol: 'TCP' },
    ],
    env: environment(settings),
    securityContext: securityContext(settings),
    startupProbe: { ...health, periodSeconds: 2, failureThreshold: 30 },
    readinessProbe: { ...health, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { ...health, periodSeconds: 30, timeoutSeconds: 5 },
    volumeMounts: present([
      { name: 'logs', mountPath: LOGS_DIRECTORY, readOnly: true },
      { name: 'state', mountPath: STATE_DIRECTORY },
      { name: 'token', mountPath: TOKEN_DIRECTORY, readOnly: true },
      tlsMount(settings),
    ]),
  };
}

function environment(settings: Settings): V1EnvVar[] {
  return present([
    { name: CONFIG_VARIABLE, value: configText(collectorConfig(settings)) },
    {
      name: 'K8S_NODE_NAME',
      valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } },
    },
    // Of memory below its limit the garbage collector need not be sparing.
    { name: 'GOGC', value: '200' },
    ...goMemoryLimit(),
    ...lokiVariables(settings),
  ]);
}

/**
 * The kubelet's logs and the directory of the queue are root's own, so it runs as root; as their owner it needs no
 * capability. SELinux on OpenShift keeps containers from the node's logs unless their type is `spc_t`.
 */
function securityContext(settings: Settings): V1SecurityContext {
  return {
    ...restrictedContainer,
    runAsUser: 0,
    runAsGroup: 0,
    runAsNonRoot: false,
    seLinuxOptions: when(is(settings.platform, 'openshift'), () => ({ type: 'spc_t' })),
  };
}
