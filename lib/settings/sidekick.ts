import type { PriorityName } from './falco';
import {
  podDefaults,
  type KubernetesFragment,
  type PodSettings,
  type ReplicatedSettings,
  type StringMap,
} from './workload';

/** Least severity that an output takes; empty takes all. */
export type MinimumPriority = PriorityName | '';

/** falcosidekick, which sends alerts on: fast, and without a promise that they arrive. */
export interface SidekickSettings extends ReplicatedSettings {
  /** Whether falcosidekick runs. @default true */
  readonly enabled?: boolean;
  /**
   * Fields added to every alert, beside `cluster`. falcosidekick lower-cases their names, and takes a value that begins with
   * `%` for the name of an environment variable. @default {}
   */
  readonly customFields?: StringMap;
  /** Grafana Loki, Grafana Cloud included. */
  readonly loki?: LokiSettings;
  /** Slack, by an incoming webhook. */
  readonly slack?: SlackSettings;
  /** Prometheus Alertmanager, by its API v2. */
  readonly alertmanager?: AlertmanagerSettings;
  /** falcosidekick's webhook, which leads to the responder; on wherever the responder is. */
  readonly webhook?: WebhookSettings;
  /**
   * Any other output, or more of one, in falcosidekick's own keys, all lower-case, such as
   * `{ teams: { minimumpriority: error } }`; merged over what the stack writes. It goes into a ConfigMap, so what is
   * secret, the URL of a webhook too, belongs into `secretEnv`. @default {}
   */
  readonly outputs?: Readonly<Record<string, KubernetesFragment>>;
  /**
   * More environment variables whose values stand in Secrets, by the variable's name: an output's key in capitals, `_` for
   * each dot, such as `{ TEAMS_WEBHOOKURL: { secret: teams, key: url } }`. @default {}
   */
  readonly secretEnv?: Readonly<Record<string, SecretKeyReference>>;
}

/** One key of a Secret in the namespace of the Pod. */
export interface SecretKeyReference {
  /** Name of the Secret. */
  readonly secret: string;
  /** Key in it. */
  readonly key: string;
}

/** Grafana Loki by falcosidekick's own output: one push an alert. */
export interface LokiSettings {
  /** URL of Loki, such as `https://logs-prod-us-central1.grafana.net`; empty switches the output off. @default "" */
  readonly url?: string;
  /** Path of the push API. @default "/loki/api/v1/push" */
  readonly endpoint?: string;
  /** Tenant, sent as `X-Scope-OrgID`. @default "" */
  readonly tenant?: string;
  /** Basic authentication: for Grafana Cloud the user is the instance's number, the API key a token. */
  readonly credentials?: LokiCredentialsSettings;
  /** Least severity of an alert that goes to Loki; empty takes all. @default "" */
  readonly minimumPriority?: MinimumPriority;
  /** Output fields that become labels of the stream, beside those that falcosidekick always sets. @default [] */
  readonly extraLabels?: readonly string[];
}

/** The Secret with user and API key. */
export interface LokiCredentialsSettings {
  /** Name of the Secret; empty means no authentication. @default "" */
  readonly secret?: string;
  /** Key of the user in it. @default "LOKI_USER" */
  readonly userKey?: string;
  /** Key of the API key in it. @default "LOKI_APIKEY" */
  readonly apiKeyKey?: string;
}

/** Slack by an incoming webhook, whose URL is a secret. */
export interface SlackSettings {
  /** The Secret that holds the webhook's URL; an empty name switches the output off. */
  readonly webhookUrl?: SlackWebhookSettings;
  /** Channel to post to; empty takes that of the webhook. @default "" */
  readonly channel?: string;
  /** Least severity of an alert that goes to Slack; empty takes all. @default "warning" */
  readonly minimumPriority?: MinimumPriority;
}

/** Where the URL of Slack's webhook stands. */
export interface SlackWebhookSettings {
  /** Name of the Secret; empty switches Slack off. @default "" */
  readonly secret?: string;
  /** Key of the URL in it. @default "SLACK_WEBHOOKURL" */
  readonly key?: string;
}

/** Prometheus Alertmanager. */
export interface AlertmanagerSettings {
  /** URL, such as `http://alertmanager.monitoring:9093`; empty switches the output off. @default "" */
  readonly url?: string;
  /** Least severity of an alert that goes to Alertmanager; empty takes all. @default "" */
  readonly minimumPriority?: MinimumPriority;
}

/** The webhook to the responder; on wherever the responder is. */
export interface WebhookSettings {
  /**
   * Requests in flight at once; falcosidekick's own default of 1 lets one slow answer hold up every alert.
   * @default 16
   * @minimum 1
   * @asType integer
   */
  readonly maxConcurrentRequests?: number;
  /** Least severity of an alert that goes to the responder; empty takes all. @default "" */
  readonly minimumPriority?: MinimumPriority;
}

export const sidekickDefaults = {
  ...podDefaults,
  enabled: true,
  replicas: 2,
  customFields: {},
  loki: {
    url: '',
    endpoint: '/loki/api/v1/push',
    tenant: '',
    credentials: { secret: '', userKey: 'LOKI_USER', apiKeyKey: 'LOKI_APIKEY' },
    minimumPriority: '',
    extraLabels: [],
  },
  slack: { webhookUrl: { secret: '', key: 'SLACK_WEBHOOKURL' }, channel: '', minimumPriority: 'warning' },
  alertmanager: { url: '', minimumPriority: '' },
  webhook: { maxConcurrentRequests: 16, minimumPriority: '' },
  outputs: {},
  secretEnv: {},
  resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '512Mi' } },
} as const satisfies SidekickSettings;

/** falcosidekick-ui on port 2802, and its store. */
export interface SidekickUiSettings extends ReplicatedSettings {
  /** Whether it runs, where falcosidekick does. @default true */
  readonly enabled?: boolean;
  /**
   * How long the UI keeps an alert: a number and one of s, m, h, d, w, M, y.
   * @default "7d"
   * @pattern ^[1-9][0-9]*[smhdwMy]$
   */
  readonly ttl?: string;
  /** The Redis in which the UI keeps alerts. */
  readonly store?: SidekickUiStoreSettings;
}

/** Redis with RediSearch: one Pod. */
export interface SidekickUiStoreSettings extends PodSettings {
  /** A PersistentVolumeClaim instead of the Pod's own disk. @default false */
  readonly persistent?: boolean;
  /** Size of the volume or of the Pod's own disk space. @default "1Gi" */
  readonly size?: string;
  /** StorageClass; empty takes the cluster's default. @default "" */
  readonly storageClass?: string;
  /**
   * What the store keeps in memory, in Redis' own units; over it the alerts that expire soonest go first. Stay well below
   * the memory limit: a snapshot copies what changes while it is written.
   * @default "512mb"
   * @pattern ^[1-9][0-9]*(mb|gb)$
   */
  readonly maxMemory?: string;
}

export const sidekickUiDefaults = {
  ...podDefaults,
  enabled: true,
  replicas: 1,
  ttl: '7d',
  store: {
    ...podDefaults,
    persistent: false,
    size: '1Gi',
    storageClass: '',
    maxMemory: '512mb',
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '1Gi' } },
  },
  resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
} as const satisfies SidekickUiSettings;
