import { podDefaults, type PodSettings } from './workload';

/**
 * Grafana Loki in one Pod, for who has none: the collector stores alerts there unless `collector.loki.url` leads elsewhere;
 * without a collector falcosidekick does. Nobody logs in to it: NetworkPolicies say who reaches it.
 */
export interface LokiServerSettings extends PodSettings {
  /** Whether it runs. @default false */
  readonly enabled?: boolean;
  /** How long it keeps what. */
  readonly retention?: LokiRetentionSettings;
  /** A PersistentVolumeClaim; without one, what is stored goes with the Pod. @default true */
  readonly persistent?: boolean;
  /** Size of the volume, or of the Pod's own disk space. docs/loki.md says how much room connections take. @default "10Gi" */
  readonly size?: string;
  /** StorageClass; empty takes the cluster's default. @default "" */
  readonly storageClass?: string;
  /** Other Pods that may ask and write: a Grafana of yours. */
  readonly clients?: LokiClientsSettings;
}

/** How long Loki keeps what: a number and one of d, w, y; at least a day. */
export interface LokiRetentionSettings {
  /**
   * Alerts.
   * @default "90d"
   * @pattern ^[1-9][0-9]*[dwy]$
   */
  readonly alerts?: string;
  /**
   * The record of all connections (`egress.record`).
   * @default "35d"
   * @pattern ^[1-9][0-9]*[dwy]$
   */
  readonly record?: string;
}

/** Pods beside the stack's own that reach Loki. */
export interface LokiClientsSettings {
  /** Their namespace; empty: there are none. @default "" */
  readonly namespace?: string;
  /** Labels that they carry; all Pods of the namespace where there are none. @default {} */
  readonly podLabels?: PodSettings['labels'];
}

export const lokiServerDefaults = {
  ...podDefaults,
  enabled: false,
  retention: { alerts: '90d', record: '35d' },
  persistent: true,
  size: '10Gi',
  storageClass: '',
  clients: { namespace: '', podLabels: {} },
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
} as const satisfies LokiServerSettings;
