import { HOMEPAGE, VERSION } from '../version';
import type { StringMap } from './workload';

/** How Prometheus and Grafana hear of the stack; see docs/monitoring.md. */
export interface MonitoringSettings {
  /** PodMonitors of the Prometheus Operator, by which Prometheus finds the metrics. */
  readonly podMonitors?: PodMonitorsSettings;
  /**
   * Who may scrape the responder, the stack's own Loki and Grafana, and falcosidekick where its metrics share the port that takes
   * alerts: with `tls.issuer: none`.
   */
  readonly scrapers?: ScrapersSettings;
  /** Alerting rules. */
  readonly rules?: AlertingRulesSettings;
  /** Dashboards of Grafana. */
  readonly dashboards?: DashboardsSettings;
}

/** PodMonitors of the Prometheus Operator. */
export interface PodMonitorsSettings {
  /** Whether they are deployed; the cluster must know the kind. @default false */
  readonly enabled?: boolean;
  /** Labels by which your Prometheus selects PodMonitors, such as `{ release: kube-prometheus-stack }`. @default {} */
  readonly labels?: StringMap;
  /**
   * How often metrics are asked for.
   * @default "30s"
   * @pattern ^[1-9][0-9]*(s|m)$
   */
  readonly interval?: string;
}

/**
 * Pods of Prometheus. Whoever reaches falcosidekick's port without certificates may also forge alerts; who reaches Loki may read and
 * write there.
 */
export interface ScrapersSettings {
  /** Their namespace; empty lets everybody scrape the responder, and nobody the others. @default "" */
  readonly namespace?: string;
  /** Labels that they carry; `app.kubernetes.io/name: prometheus` where there are none. @default {} */
  readonly podLabels?: StringMap;
}

/** Alerting rules. */
export interface AlertingRulesSettings {
  /**
   * `prometheusRule`: an object of the Prometheus Operator. `configMap`: a rules file of Prometheus in a ConfigMap, to be
   * mounted or found by a sidecar. `none`: no rules.
   * @default "none"
   */
  readonly form?: 'none' | 'prometheusRule' | 'configMap';
  /** Labels of that object, by which your Prometheus or sidecar selects it. @default {} */
  readonly labels?: StringMap;
  /**
   * Address under which the runbook pages are, `<alert>.md` each; without one, those of this version.
   * @default "https://github.com/falco-egress/falco-egress/blob/v0.1.0/docs/runbooks"
   */
  readonly runbooks?: string;
}

/** Dashboards of Grafana, as ConfigMaps that the sidecar of its chart finds. */
export interface DashboardsSettings {
  /** Whether they are deployed. @default false */
  readonly enabled?: boolean;
  /** Labels by which the sidecar finds them, over `grafana_dashboard: "1"`. @default {} */
  readonly labels?: StringMap;
  /**
   * Where your Grafana shows them, such as `https://grafana.example.org`, without a slash at the end: messages in Slack then
   * have a link to what the Pod connected to. Empty: no link.
   * @default ""
   * @pattern ^(https?://[^\s<>|{}]*[^\s<>|{}/])?$
   */
  readonly url?: string;
  /** Annotations, such as the one by which the sidecar knows the folder: `{ grafana_folder: Security }`. @default {} */
  readonly annotations?: StringMap;
}

export const monitoringDefaults = {
  podMonitors: { enabled: false, labels: {}, interval: '30s' },
  scrapers: { namespace: '', podLabels: {} },
  rules: {
    form: 'none',
    labels: {},
    runbooks: `${HOMEPAGE}/blob/v${VERSION}/docs/runbooks`,
  },
  dashboards: { enabled: false, url: '', labels: {}, annotations: {} },
} as const satisfies MonitoringSettings;
