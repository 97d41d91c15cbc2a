import type { V1Container } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { objectName } from '../names';
import type { Right } from '../program/right';
import { COLLECTOR_RIGHTS, READY_RIGHTS } from '../responder/rights';
import { given, holds, not, present, some, valuesAt, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { PORTS, scheme } from './endpoints';
import { jsonText } from './json-text';
import { metadata } from './metadata';
import { networkPolicy, podsOf, scrapers, tcp, toApiServer, toDns } from './network-policy';
import { namespaced } from './object';
import { restrictedContainer, restrictedPod } from './pod';
import type { ProgramProps } from './program';
import { replicated } from './replicated';
import {
  RESPONDER_CONFIG_DIRECTORY,
  RESPONDER_CONFIG_KEY,
  RESPONDER_TOKEN_DIRECTORY,
  RESPONDER_TOKEN_KEY,
  responderConfig,
} from './responder-config';
import {
  DELETE_RIGHTS,
  EVICT_RIGHTS,
  INVENTORY_RIGHTS,
  RESPONSE_RIGHTS,
  SNAPSHOT_RIGHTS,
  TIER_CLEANING_RIGHTS,
  TIER_RIGHTS,
} from './responder-rights';
import { grantInCluster, grantInNamespace, type GrantProps } from './rights';
import { PROGRAM_USER, runProgram, type ProgramParts } from './run-program';
import { tlsMount, tlsVolume } from './tls';
import { serviceAccount } from './service-account';
import { service } from './service';

/** Settings that the responder reads. */
export type ResponderProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'platform'
  | 'namespaces'
  | 'exempt'
  | 'plugins'
  | 'images'
  | 'sidekick'
  | 'collector'
  | 'responder'
  | 'responses'
  | 'tls'
  | 'secrets'
  | 'networkPolicies'
  | 'monitoring'
  | 'labels'
  | 'annotations'
> &
  ProgramProps;

/**
 * The responder: takes alerts from falcosidekick and the collector, and acts on one Pod when a response says so.
 * It runs our program, out of the ConfigMaps of `ProgramConfigMaps` by default. Its state lies in the API server alone, so
 * any number of replicas will do.
 */
export class Responder extends Construct {
  constructor(scope: Construct, id: string, props: ResponderProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(settings.responder.enabled, () => {
      this.addConfig(settings);
      this.addRights(settings);
      this.addPods(settings, props);
      this.addService(settings);
      this.addNetworkPolicy(settings);
    });
  }

  private addConfig(settings: Settings): void {
    namespaced(this, 'config', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(settings, 'responder', { namespace: settings.namespaces.services }),
      data: { [RESPONDER_CONFIG_KEY]: jsonText(responderConfig(settings)) },
    });
  }

  private addRights(settings: Settings): void {
    serviceAccount(this, settings, 'responder', settings.namespaces.services);
    this.grant(settings, 'ready', READY_RIGHTS);
    when(settings.collector.enabled, () => {
      this.grant(settings, 'collector', COLLECTOR_RIGHTS);
    });
    // Also where the last response has gone: what it has cut off is to be kept so, and released in its time.
    this.grant(settings, 'responses', RESPONSE_RIGHTS);
    for (const [tier, rights] of Object.entries(TIER_RIGHTS))
      when(holds(settings.responder.quarantine.denyTiers, tier), () => {
        this.grant(settings, `deny-${tier.toLowerCase()}`, rights);
      });
    for (const [tier, rights] of TIER_CLEANING_RIGHTS)
      when(not(holds(settings.responder.quarantine.denyTiers, tier)), () => {
        this.grant(settings, `clean-${tier.toLowerCase()}`, rights);
      });
    when(settings.responder.inventory.enabled, () => {
      this.grant(settings, 'inventory', INVENTORY_RIGHTS);
    });
    this.addResponseRights(settings);
  }

  /** What only some responses need is granted with them, and with no other. */
  private addResponseRights(settings: Settings): void {
    const { responses } = settings;
    const actions = valuesAt(responses, 'action');
    when(holds(actions, 'evict'), () => {
      this.grant(settings, 'evict', EVICT_RIGHTS);
    });
    when(some(holds(actions, 'delete'), holds(valuesAt(responses, 'onExpiry'), 'delete')), () => {
      this.grant(settings, 'delete', DELETE_RIGHTS);
    });
    when(given(valuesAt(responses, 'snapshot')), () => {
      grantInNamespace(new Construct(this, 'snapshots'), settings, {
        ...responderRole(settings, 'snapshots'),
        rights: SNAPSHOT_RIGHTS,
      });
    });
  }

  /** A ClusterRole for each reason to have one. */
  private grant(settings: Settings, id: string, rights: readonly Right[]): void {
    grantInCluster(new Construct(this, id), settings, { ...responderRole(settings, id), rights });
  }

  private addPods(settings: Settings, props: ProgramProps): void {
    const program = runProgram(
      settings,
      ['responder', '--config', `${RESPONDER_CONFIG_DIRECTORY}/${RESPONDER_CONFIG_KEY}`],
      props,
    );
    const { name } = settings.secrets.responderToken;
    replicated(this, settings, {
      component: 'responder',
      namespace: settings.namespaces.services,
      pod: settings.responder,
      serviceAccountName: objectName(settings.name, 'responder'),
      apiAccess: true,
      securityContext: restrictedPod(settings, PROGRAM_USER),
      container: container(settings, program),
      volumes: [
        { name: 'config', configMap: { name: objectName(settings.name, 'responder') } },
        {
          name: 'token',
          secret: {
            secretName: name,
            defaultMode: 0o440,
            items: [{ key: RESPONDER_TOKEN_KEY, path: RESPONDER_TOKEN_KEY }],
          },
        },
        tlsVolume(settings, 'responder'),
        program.volume,
      ],
      // It answers what it has begun, ends what is under way, and tells people of it.
      spec: { enableServiceLinks: false, terminationGracePeriodSeconds: 45 },
    });
  }

  private addService(settings: Settings): void {
    service(this, settings, 'responder', [
      { name: scheme(settings), port: PORTS.responder, targetPort: 'alerts' },
      { name: 'metrics', port: PORTS.responderMetrics, targetPort: 'metrics' },
    ]);
  }

  private addNetworkPolicy(settings: Settings): void {
    const { node, services } = settings.namespaces;
    networkPolicy(this, settings, {
      component: 'responder',
      namespace: services,
      ingress: [
        when(settings.sidekick.enabled, () => ({
          from: [podsOf(settings, 'sidekick', services)],
          ports: tcp(PORTS.responder),
        })),
        when(settings.collector.enabled, () => ({
          from: [podsOf(settings, 'collector', node)],
          ports: tcp(PORTS.responder),
        })),
        // Metrics, for the scrapers that the settings name, else for whatever scrapes them. The kubelet, which asks for
        // health, comes from its node, and is let in whatever a policy says.
        {
          from: when(given(settings.monitoring.scrapers.namespace), () => [scrapers(settings)]),
          ports: tcp(PORTS.responderMetrics),
        },
      ],
      egress: [
        toDns,
        toApiServer(settings),
        // Its own alerts.
        when(settings.sidekick.enabled, () => ({
          to: [podsOf(settings, 'sidekick', services)],
          ports: tcp(PORTS.sidekick),
        })),
      ],
    });
  }
}

function responderRole(settings: Settings, id: string): Omit<GrantProps, 'rights'> {
  return {
    component: 'responder',
    name: `${objectName(settings.name, 'responder')}-${id}`,
    namespace: settings.namespaces.services,
  };
}

function container(settings: Settings, program: ProgramParts): V1Container {
  const probe = (path: string) => ({ httpGet: { path, port: 'metrics' } });
  return {
    name: 'responder',
    ...program.container,
    env: [...program.env],
    ports: [
      { name: 'alerts', containerPort: PORTS.responder, protocol: 'TCP' },
      { name: 'metrics', containerPort: PORTS.responderMetrics, protocol: 'TCP' },
    ],
    securityContext: restrictedContainer,
    startupProbe: { ...probe('/healthz'), periodSeconds: 2, failureThreshold: 30 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 5, timeoutSeconds: 3 },
    livenessProbe: { ...probe('/healthz'), periodSeconds: 15, timeoutSeconds: 5 },
    volumeMounts: present([
      { name: 'config', mountPath: RESPONDER_CONFIG_DIRECTORY, readOnly: true },
      { name: 'token', mountPath: RESPONDER_TOKEN_DIRECTORY, readOnly: true },
      tlsMount(settings),
      program.mount,
    ]),
  };
}
