import type { LokiCredentialsSettings } from './sidekick';
import { podDefaults, tolerateEverything, type PodSettings, type ReplicatedSettings } from './workload';

/** OpenTelemetry Collector on every node: reads Falco's own log and delivers each alert at least once, to the responder and to Loki. */
export interface CollectorSettings extends PodSettings {
  /** Whether the collector runs. @default false */
  readonly enabled?: boolean;
  /**
   * Directory on the node for checkpoints and the queue, which outlive the Pod.
   * @default "/var/lib/falco-egress/collector"
   */
  readonly stateDirectory?: string;
  /**
   * How many bytes of alerts the queue holds on the node's disk while the responder is away, and as many again that of Loki.
   * Once it is full, the collector stops reading until there is room again.
   * @default 268435456
   * @minimum 1048576
   * @asType integer
   */
  readonly queueBytes?: number;
  /** Grafana Loki, by OTLP: what `falco-egress who` asks. */
  readonly loki?: CollectorLokiSettings;
  /** A connection a minute on each node, by which is known which times are covered. */
  readonly canary?: CanarySettings;
}

/**
 * The canary: once a minute the collector of each node connects to itself, and Falco's alert of that goes the way of all
 * others. `falco-egress who`, `report` and `advise` tell by it how much of the time is known: docs/coverage.md.
 */
export interface CanarySettings {
  /**
   * Whether there is one, wherever the collector runs and a Loki is set: `collector.loki.url`, `loki.enabled` or
   * `sidekick.loki.url`. @default true
   */
  readonly enabled?: boolean;
}

/** Grafana Loki by the collector: at least once, few streams, and one line a minute for connections that are alike. */
export interface CollectorLokiSettings {
  /**
   * URL of Loki, without `/otlp`, such as `https://logs-prod-us-central1.grafana.net`; empty switches it off. Loki must make
   * labels of what docs/loki.md lists. @default ""
   */
  readonly url?: string;
  /** Tenant, sent as `X-Scope-OrgID`. @default "" */
  readonly tenant?: string;
  /**
   * Basic authentication: for Grafana Cloud the user is the instance's number, the API key a token. The Secret lies in
   * `namespaces.node`.
   */
  readonly credentials?: LokiCredentialsSettings;
}

export const collectorDefaults = {
  ...podDefaults,
  enabled: false,
  stateDirectory: '/var/lib/falco-egress/collector',
  queueBytes: 268435456,
  loki: {
    url: '',
    tenant: '',
    credentials: { secret: '', userKey: 'LOKI_USER', apiKeyKey: 'LOKI_APIKEY' },
  },
  canary: { enabled: true },
  resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '256Mi' } },
  tolerations: tolerateEverything,
  priorityClassName: 'system-node-critical',
} as const satisfies CollectorSettings;

/** k8s-metacollector, which tells the k8smeta plugin about namespaces and Pods. It runs wherever the plugin does. */
export type MetacollectorSettings = ReplicatedSettings;

export const metacollectorDefaults = {
  ...podDefaults,
  replicas: 1,
  resources: { requests: { cpu: '20m', memory: '128Mi' }, limits: { memory: '512Mi' } },
} as const satisfies MetacollectorSettings;
