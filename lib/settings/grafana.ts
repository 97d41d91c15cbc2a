import type { LokiCredentialsSettings } from './sidekick';
import { podDefaults, type PodSettings } from './workload';

/**
 * Grafana with our dashboards and data sources, for who has none; behind a login, reached by `kubectl port-forward`. It keeps
 * nothing: what is changed by hand goes with its Pod.
 */
export interface GrafanaSettings extends PodSettings {
  /** Whether it runs. @default false */
  readonly enabled?: boolean;
  /** URL of the Loki that it asks; empty takes the stack's own. @default "" */
  readonly lokiUrl?: string;
  /** Tenant of that Loki, sent as `X-Scope-OrgID`. @default "" */
  readonly lokiTenant?: string;
  /**
   * Basic authentication to that Loki: for Grafana Cloud the user is the instance's number, the API key a token that may read. The
   * Secret lies in `namespaces.services`.
   */
  readonly lokiCredentials?: LokiCredentialsSettings;
  /** URL of the Prometheus that it asks, such as `http://prometheus-operated.monitoring.svc:9090`; empty: none. @default "" */
  readonly prometheusUrl?: string;
  /** Tenant of that Prometheus, sent as `X-Scope-OrgID`, as Mimir asks for. @default "" */
  readonly prometheusTenant?: string;
  /** How it logs in to that Prometheus. The Secret lies in `namespaces.services`. */
  readonly prometheusCredentials?: PrometheusCredentialsSettings;
}

/** The Secret with a login to Prometheus. */
export interface PrometheusCredentialsSettings {
  /** Name of the Secret; empty means no authentication. @default "" */
  readonly secret?: string;
  /** `basic`: a user and a password. `bearer`: a token. @default "basic" */
  readonly scheme?: 'basic' | 'bearer';
  /** Key of the user in it. @default "user" */
  readonly userKey?: string;
  /** Key of the password in it. @default "password" */
  readonly passwordKey?: string;
  /** Key of the token in it. @default "token" */
  readonly tokenKey?: string;
}

export const grafanaDefaults = {
  ...podDefaults,
  enabled: false,
  lokiUrl: '',
  lokiTenant: '',
  lokiCredentials: { secret: '', userKey: 'LOKI_USER', apiKeyKey: 'LOKI_APIKEY' },
  prometheusUrl: '',
  prometheusTenant: '',
  prometheusCredentials: {
    secret: '',
    scheme: 'basic',
    userKey: 'user',
    passwordKey: 'password',
    tokenKey: 'token',
  },
  resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
} as const satisfies GrafanaSettings;
