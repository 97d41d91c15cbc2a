import type { V1EnvVar } from '@kubernetes/client-node';
import { all, either, given, is, not, present, some, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { ownLokiUrl } from './endpoints';
import { secretEnv } from './secret-env';

/** Where Grafana finds dashboards. */
export const DASHBOARDS_DIRECTORY = '/etc/falco-egress/dashboards';

/** Whether Grafana asks the stack's own Loki. */
export function grafanaUsesOwnLoki({ grafana, loki }: Settings): boolean {
  return all(grafana.enabled, loki.enabled, not(given(grafana.lokiUrl)));
}

/** Variables of its Pod with what its data sources log in by. Facts: Grafana puts variables into values alone, and once. */
const LOGIN = {
  lokiUser: 'LOKI_USER',
  lokiKey: 'LOKI_APIKEY',
  user: 'PROMETHEUS_USER',
  password: 'PROMETHEUS_PASSWORD',
  token: 'PROMETHEUS_TOKEN',
} as const;

const TENANT = 'X-Scope-OrgID';

/**
 * Data sources, in the form in which Grafana is provisioned with them. The dashboards choose theirs by variables of the types
 * `loki` and `prometheus`: the one of its type that there is.
 */
export function grafanaDataSources(settings: Settings): object {
  const { lokiUrl, prometheusUrl } = settings.grafana;
  return {
    apiVersion: 1,
    // What is no longer named goes, where somebody gave Grafana a disk.
    prune: true,
    datasources: present([
      when(grafanaUsesOwnLoki(settings), () => dataSource('loki', ownLokiUrl(settings))),
      when(given(lokiUrl), () => ({ ...dataSource('loki', lokiUrl), ...lokiLogin(settings) })),
      when(given(prometheusUrl), () => ({
        ...dataSource('prometheus', prometheusUrl),
        ...prometheusLogin(settings),
      })),
    ]),
  };
}

const NAMES = { loki: 'Loki', prometheus: 'Prometheus' } as const;

function dataSource(type: keyof typeof NAMES, url: string): object {
  return { name: NAMES[type], uid: `falco-egress-${type}`, type, access: 'proxy', url, editable: false };
}

/** The variables of its Pod that data sources name. */
export function dataSourceVariables({ grafana }: Settings): readonly (V1EnvVar | undefined)[] {
  const { lokiUrl, prometheusUrl, lokiCredentials: loki, prometheusCredentials: prometheus } = grafana;
  const toLoki = all(given(lokiUrl), given(loki.secret));
  const basic = all(given(prometheusUrl), byBasic(prometheus));
  const bearer = all(given(prometheusUrl), byBearer(prometheus));
  return [
    when(toLoki, () => secretEnv(LOGIN.lokiUser, loki.secret, loki.userKey)),
    when(toLoki, () => secretEnv(LOGIN.lokiKey, loki.secret, loki.apiKeyKey)),
    when(basic, () => secretEnv(LOGIN.user, prometheus.secret, prometheus.userKey)),
    when(basic, () => secretEnv(LOGIN.password, prometheus.secret, prometheus.passwordKey)),
    when(bearer, () => secretEnv(LOGIN.token, prometheus.secret, prometheus.tokenKey)),
  ];
}

type PrometheusCredentials = Settings['grafana']['prometheusCredentials'];

function byBasic({ secret, scheme }: PrometheusCredentials): boolean {
  return all(given(secret), is(scheme, 'basic'));
}

function byBearer({ secret, scheme }: PrometheusCredentials): boolean {
  return all(given(secret), is(scheme, 'bearer'));
}

function lokiLogin({ grafana }: Settings): object {
  const { lokiTenant: tenant, lokiCredentials: credentials } = grafana;
  const login = given(credentials.secret);
  return {
    basicAuth: when(login, () => true),
    basicAuthUser: when(login, () => variable(LOGIN.lokiUser)),
    jsonData: when(given(tenant), () => ({ httpHeaderName1: TENANT })),
    secureJsonData: when(some(login, given(tenant)), () => ({
      basicAuthPassword: when(login, () => variable(LOGIN.lokiKey)),
      httpHeaderValue1: when(given(tenant), () => tenant),
    })),
  };
}

/** Headers are counted from 1 without a gap: Grafana stops at the first number that is not there. */
function prometheusLogin({ grafana }: Settings): object {
  const { prometheusTenant: tenant, prometheusCredentials: credentials } = grafana;
  const [basic, bearer] = [byBasic(credentials), byBearer(credentials)];
  const headers = some(bearer, given(tenant));
  const both = all(bearer, given(tenant));
  return {
    basicAuth: when(basic, () => true),
    basicAuthUser: when(basic, () => variable(LOGIN.user)),
    jsonData: when(headers, () => ({
      httpHeaderName1: either(
        bearer,
        () => 'Authorization',
        () => TENANT,
      ),
      httpHeaderName2: when(both, () => TENANT),
    })),
    secureJsonData: when(some(basic, headers), () => ({
      basicAuthPassword: when(basic, () => variable(LOGIN.password)),
      httpHeaderValue1: when(headers, () =>
        either(
          bearer,
          () => `Bearer ${variable(LOGIN.token)}`,
          () => tenant,
        ),
      ),
      httpHeaderValue2: when(both, () => tenant),
    })),
  };
}

function variable(name: string): string {
  return `\${${name}}`;
}

/** Where Grafana's dashboards come from. */
export function grafanaDashboardProviders(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: 'falco-egress',
        folder: 'Falco egress',
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        updateIntervalSeconds: 60,
        options: { path: DASHBOARDS_DIRECTORY },
      },
    ],
  };
}
