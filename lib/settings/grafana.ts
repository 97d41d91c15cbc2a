import { podDefaults, type PodSettings } from './workload';

/**
 * Grafana with our dashboards and data sources, for who has none; behind a login, reached by `kubectl port-forward`. It keeps
 * nothing: what is changed by hand goes with its Pod.
 */
export interface GrafanaSettings extends PodSettings {
  /** Whether it runs. @default false */
  readonly enabled?: boolean;
  /** URL of the Loki that it asks, without a login; empty takes the stack's own. @default "" */
  readonly lokiUrl?: string;
  /** URL of the Prometheus that it asks, without a login, such as `http://prometheus-operated.monitoring.svc:9090`; empty: none. @default "" */
  readonly prometheusUrl?: string;
}

export const grafanaDefaults = {
  ...podDefaults,
  enabled: false,
  lokiUrl: '',
  prometheusUrl: '',
  resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
} as const satisfies GrafanaSettings;
