import type { V1Container, V1DeploymentSpec, V1EnvVar, V1Volume } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { selectorLabels } from '../names';
import { given, present, some, when } from '../settings/decide';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { configText } from './config-text';
import { dashboardConfigMaps } from './dashboards';
import { PORTS } from './endpoints';
import {
  DASHBOARDS_DIRECTORY,
  dataSourceVariables,
  grafanaDashboardProviders,
  grafanaDataSources,
  grafanaUsesOwnLoki,
} from './grafana-provisioning';
import { image } from './image';
import { metadata } from './metadata';
import { networkPolicy, podsOf, scrapers, tcp, toDns, toOutputs } from './network-policy';
import { namespaced } from './object';
import { podTemplate, restrictedContainer, restrictedPod } from './pod';
import { secretEnv } from './secret-env';
import { service } from './service';
import { versionedConfig } from './versioned-config';

/** The user of the image. Fact: Grafana's Dockerfile. */
const USER = 472;

const PROVISIONING_DIRECTORY = '/etc/falco-egress/provisioning';

const DATA_SOURCES_FILE = 'datasources.yaml';

const PROVIDERS_FILE = 'dashboards.yaml';

/**
 * Grafana's own settings, each a variable by its section and key. It tells nobody about itself, fetches no plugins, and shows
 * nothing to whoever has not logged in. Facts: Grafana 12.4, conf/defaults.ini.
 */
const OWN_SETTINGS: Readonly<Record<string, string>> = {
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
  GF_AUTH_ANONYMOUS_ENABLED: 'false',
  GF_LOG_MODE: 'console',
  GF_NEWS_NEWS_FEED_ENABLED: 'false',
  GF_PATHS_PROVISIONING: PROVISIONING_DIRECTORY,
  GF_PLUGINS_PLUGIN_ADMIN_ENABLED: 'false',
  GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  GF_SECURITY_DISABLE_GRAVATAR: 'true',
  GF_SNAPSHOTS_EXTERNAL_ENABLED: 'false',
  GF_USERS_ALLOW_SIGN_UP: 'false',
};

/** Settings that Grafana reads. */
export type GrafanaProps = Pick<
  FalcoEgressProps,
  | 'cluster'
  | 'name'
  | 'platform'
  | 'namespaces'
  | 'images'
  | 'loki'
  | 'grafana'
  | 'secrets'
  | 'monitoring'
  | 'networkPolicies'
  | 'labels'
  | 'annotations'
>;

/**
 * Grafana in one Pod, with data sources and the dashboards of {@link Dashboards} provisioned: on port 3000, behind the login
 * `admin` and a password from a Secret; `kubectl port-forward` reaches it.
 */
export class Grafana extends Construct {
  constructor(scope: Construct, id: string, props: GrafanaProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    when(settings.grafana.enabled, () => {
      this.addPod(settings);
      service(this, settings, 'grafana', [{ name: 'http', port: PORTS.grafana, targetPort: 'http' }]);
      this.addNetworkPolicy(settings);
    });
  }

  private addPod(settings: Settings): void {
    const { services } = settings.namespaces;
    const config = versionedConfig(this, settings, 'grafana', {
      [DATA_SOURCES_FILE]: configText(grafanaDataSources(settings)),
      [PROVIDERS_FILE]: configText(grafanaDashboardProviders()),
    });
    namespaced<{ spec: V1DeploymentSpec }>(this, 'deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata(settings, 'grafana', { namespace: services, wave: 'workloads' }),
      spec: {
        // Its database is a file in the Pod: two would not know each other's sessions.
        replicas: 1,
        revisionHistoryLimit: 3,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        selector: { matchLabels: selectorLabels(settings.name, 'grafana') },
        template: podTemplate(settings, {
          component: 'grafana',
          pod: settings.grafana,
          securityContext: restrictedPod(settings, USER),
          container: container(settings),
          volumes: [provisioning(config), dashboards(settings), ...WRITABLE],
          // Service links would set variables such as GF_…, which are settings.
          spec: { enableServiceLinks: false },
        }),
      },
    });
  }

  private addNetworkPolicy(settings: Settings): void {
    const { services } = settings.namespaces;
    const { lokiUrl, prometheusUrl } = settings.grafana;
    networkPolicy(this, settings, {
      component: 'grafana',
      namespace: services,
      ingress: [
        when(given(settings.monitoring.scrapers.namespace), () => ({
          from: [scrapers(settings)],
          ports: tcp(PORTS.grafana),
        })),
      ],
      egress: [
        toDns,
        when(grafanaUsesOwnLoki(settings), () => ({
          to: [podsOf(settings, 'loki', services)],
          ports: tcp(PORTS.loki),
        })),
        when(some(given(lokiUrl), given(prometheusUrl)), () => toOutputs(settings)),
      ],
    });
  }
}

/** Where it writes: its database, and files of a moment. */
const WRITABLE: readonly V1Volume[] = [
  { name: 'data', emptyDir: { sizeLimit: '1Gi' } },
  { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
];

function provisioning(config: string): V1Volume {
  return {
    name: 'provisioning',
    configMap: {
      name: config,
      items: [
        { key: DATA_SOURCES_FILE, path: `datasources/${DATA_SOURCES_FILE}` },
        { key: PROVIDERS_FILE, path: `dashboards/${PROVIDERS_FILE}` },
      ],
    },
  };
}

function dashboards(settings: Settings): V1Volume {
  return {
    name: 'dashboards',
    projected: { sources: dashboardConfigMaps(settings).map((name) => ({ configMap: { name } })) },
  };
}

function container(settings: Settings): V1Container {
  const healthy = { httpGet: { path: '/api/health', port: 'http' } };
  return {
    name: 'grafana',
    ...image(settings, 'grafana'),
    ports: [{ name: 'http', containerPort: PORTS.grafana, protocol: 'TCP' }],
    env: variables(settings),
    securityContext: restrictedContainer,
    startupProbe: { ...healthy, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...healthy, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { ...healthy, periodSeconds: 30, timeoutSeconds: 10 },
    volumeMounts: [
      { name: 'provisioning', mountPath: PROVISIONING_DIRECTORY, readOnly: true },
      { name: 'dashboards', mountPath: DASHBOARDS_DIRECTORY, readOnly: true },
      { name: 'data', mountPath: '/var/lib/grafana' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

function variables(settings: Settings): V1EnvVar[] {
  return present([
    secretEnv('GF_SECURITY_ADMIN_PASSWORD', settings.secrets.grafana.name, 'password'),
    ...dataSourceVariables(settings),
    ...Object.entries(OWN_SETTINGS).map(([name, value]) => ({ name, value })),
  ]);
}
