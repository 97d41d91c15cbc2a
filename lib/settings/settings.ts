import type { FalcoConfig } from '../falco/config';
import type { RulesObject } from '../rules/object';
import { checkSettings, SettingsError } from './check';
import { checkPropsShape } from './checks/shape';
import {
  collectorDefaults,
  metacollectorDefaults,
  type CollectorSettings,
  type MetacollectorSettings,
} from './collector';
import {
  demoDefaults,
  egressDefaults,
  type DemoSettings,
  type EgressSettings,
  type RulesPackage,
} from './egress';
import { falcoDefaults, pluginsDefaults, type FalcoSettings, type PluginsSettings } from './falco';
import type { SettingsFinding } from './finding';
import { grafanaDefaults, type GrafanaSettings } from './grafana';
import { imagesDefaults, type ImagesSettings } from './images';
import { lokiServerDefaults, type LokiServerSettings } from './loki';
import {
  exemptDefaults,
  namespacesDefaults,
  type ExemptSettings,
  type NamespaceLabels,
  type NamespacesSettings,
} from './namespaces';
import { monitoringDefaults, type MonitoringSettings } from './monitoring';
import { privacyDefaults, type PrivacySettings } from './privacy';
import { merge, type Resolved } from './resolved';
import { responderDefaults, type ResponderSettings, type ResponseSettings } from './responder';
import {
  networkPoliciesDefaults,
  secretsDefaults,
  tlsDefaults,
  type NetworkPoliciesSettings,
  type SecretsSettings,
  type TlsSettings,
} from './security';
import {
  sidekickDefaults,
  sidekickUiDefaults,
  type SidekickSettings,
  type SidekickUiSettings,
} from './sidekick';
import { undecided } from './token';

/** Platforms that want something of their own; see docs/platforms.md. */
export type Platform = 'generic' | 'openshift' | 'bottlerocket' | 'talos' | 'eks' | 'gke';

/** Everything that a user can set: props of the constructs, an environment file, and the values of the chart. */
export interface FalcoEgressProps {
  /**
   * Name of the cluster; it stands in every alert as the field `cluster`.
   * @minLength 1
   */
  readonly cluster: string;
  /**
   * Name of the installation; the prefix of every object's name. At most 34 letters.
   * @default "falco-egress"
   * @pattern ^[a-z]([-a-z0-9]*[a-z0-9])?$
   */
  readonly name?: string;
  /** Where the cluster runs, for what differs from platform to platform; see docs/platforms.md. @default "generic" */
  readonly platform?: Platform;
  /** The two namespaces of the stack. */
  readonly namespaces?: NamespacesSettings;
  /** Labels for other namespaces, by name: exempt or monitored, in one place. @default {} */
  readonly namespaceLabels?: NamespaceLabels;
  /** Which namespaces are not watched. */
  readonly exempt?: ExemptSettings;
  /** Every image: registry, repository, tag and digest. */
  readonly images?: ImagesSettings;
  /** Labels for every object. @default {} */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations for every object. @default {} */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Falco on every Linux node. */
  readonly falco?: FalcoSettings;
  /** Plugins of Falco, and where they come from. */
  readonly plugins?: PluginsSettings;
  /** k8s-metacollector, which tells the k8smeta plugin about namespaces and Pods. */
  readonly metacollector?: MetacollectorSettings;
  /** Our own rules: which connections are seen. */
  readonly egress?: EgressSettings;
  /** What alerts of our own rules keep to themselves. */
  readonly privacy?: PrivacySettings;
  /** Your rules, as typed objects or in the keys of Falco's own rules files; loaded after ours. @default [] */
  readonly rules?: readonly RuleItem[];
  /** Rules files of teams and packages, by package and file; a ConfigMap a package. @default {} */
  readonly rulesPackages?: Readonly<Record<string, RulesPackage>>;
  /** falcosidekick, which sends alerts on. */
  readonly sidekick?: SidekickSettings;
  /** falcosidekick-ui, which shows alerts, and its store. */
  readonly sidekickUi?: SidekickUiSettings;
  /** OpenTelemetry Collector on every node: the durable path of alerts. */
  readonly collector?: CollectorSettings;
  /** Grafana Loki in one Pod, for who has none. */
  readonly loki?: LokiServerSettings;
  /** Grafana with our dashboards, for who has none. */
  readonly grafana?: GrafanaSettings;
  /** The responder: acts on one Pod when a chosen rule fires. */
  readonly responder?: ResponderSettings;
  /** Answers to alerts, for the responder. @default [] */
  readonly responses?: readonly ResponseSettings[];
  /** Where the certificates of the hops between our Pods come from. */
  readonly tls?: TlsSettings;
  /** The Secrets that the stack needs, by reference. */
  readonly secrets?: SecretsSettings;
  /** NetworkPolicies around our own Pods. */
  readonly networkPolicies?: NetworkPoliciesSettings;
  /** Prometheus and Grafana: what is scraped, which alerts there are about the stack itself, and dashboards. */
  readonly monitoring?: MonitoringSettings;
  /** The demo of the talk: Pods to connect from. */
  readonly demo?: DemoSettings;
}

/** A typed object of a rules file, or an item in Falco's own keys: a list, a macro, a rule, or a change to one. */
export type RuleItem = RulesObject | Readonly<Record<string, unknown>>;

/** Settings after defaults. */
export type Settings = Resolved<Omit<FalcoEgressProps, 'falco'>> & {
  readonly falco: Resolved<Omit<FalcoSettings, 'config'>> & { readonly config: FalcoConfig };
};

/** The value of every setting that has a default. */
export const settingsDefaults: Omit<Settings, 'cluster'> = {
  name: 'falco-egress',
  platform: 'generic',
  namespaces: namespacesDefaults,
  namespaceLabels: {},
  exempt: exemptDefaults,
  images: imagesDefaults,
  labels: {},
  annotations: {},
  falco: falcoDefaults,
  plugins: pluginsDefaults,
  metacollector: metacollectorDefaults,
  egress: egressDefaults,
  privacy: privacyDefaults,
  rules: [],
  rulesPackages: {},
  sidekick: sidekickDefaults,
  sidekickUi: sidekickUiDefaults,
  collector: collectorDefaults,
  loki: lokiServerDefaults,
  grafana: grafanaDefaults,
  responder: responderDefaults,
  responses: [],
  tls: tlsDefaults,
  secrets: secretsDefaults,
  networkPolicies: networkPoliciesDefaults,
  monitoring: monitoringDefaults,
  demo: demoDefaults,
};

const trustworthy = new WeakSet<object>();

/** Settings with every default filled in, and nothing checked. */
export function fillDefaults(props: FalcoEgressProps): Settings {
  // merge() keeps the shape of the defaults, and the compiler holds props to the same shape.
  return merge(settingsDefaults, props) as unknown as Settings;
}

/** Lets settings with all defaults pass unchecked: they have been checked, or hold what is only known later. */
export function trusted(settings: Settings): Settings {
  trustworthy.add(settings);
  return settings;
}

/**
 * Settings with every default filled in, and right. Every construct takes its props through here, so one that is used
 * alone is as strict as the stack; settings that came from here come back as they are.
 *
 * @throws {@link SettingsError} with all that is wrong
 */
export function resolveSettings(props: FalcoEgressProps): Settings {
  if (trustworthy.has(props)) return props as Settings;
  const chart = undecided();
  if (chart !== undefined) return chart.isOpen(props) ? (props as Settings) : fillDefaults(props);
  assertNone(checkPropsShape(props));
  const settings = fillDefaults(props);
  assertNone(checkSettings(settings));
  return trusted(settings);
}

function assertNone(findings: readonly SettingsFinding[]): void {
  if (findings.length > 0) throw new SettingsError(findings);
}
