import { podDefaults, tolerateEverything, type PodSettings, type ReplicatedSettings } from './workload';

/** OpenTelemetry Collector on every node: reads Falco's own log and delivers each alert at least once. */
export interface CollectorSettings extends PodSettings {
  /** Whether the collector runs. @default false */
  readonly enabled?: boolean;
  /**
   * Directory on the node for checkpoints and the queue, which outlive the Pod.
   * @default "/var/lib/falco-egress/collector"
   */
  readonly stateDirectory?: string;
  /**
   * How many bytes of alerts the queue holds on the node's disk while the responder is away. Once it is full, the
   * collector stops reading until there is room again.
   * @default 268435456
   * @minimum 1048576
   * @asType integer
   */
  readonly queueBytes?: number;
}

export const collectorDefaults = {
  ...podDefaults,
  enabled: false,
  stateDirectory: '/var/lib/falco-egress/collector',
  queueBytes: 268435456,
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
