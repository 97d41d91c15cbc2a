export { FalcoEgress } from './stack';

export { AlertingRules, type AlertingRulesProps } from './constructs/alerting-rules';
export { Certificates, type CertificatesProps } from './constructs/certificates';
export { Collector, type CollectorProps } from './constructs/collector';
export { Dashboards, type DashboardsProps } from './constructs/dashboards';
export { Demo, type DemoProps } from './constructs/demo';
export { ExemptGuard, type ExemptGuardProps } from './constructs/exempt-guard';
export { ExternalFalco, type ExternalFalcoProps } from './constructs/external-falco';
export { ExternalSecrets, type ExternalSecretsProps } from './constructs/external-secrets';
export { Falco, type FalcoProps } from './constructs/falco';
export { imageReference } from './constructs/image';
export { Grafana, type GrafanaProps } from './constructs/grafana';
export { Installation } from './constructs/installation';
export { Loki, type LokiProps } from './constructs/loki';
export { Metacollector, type MetacollectorProps } from './constructs/metacollector';
export {
  NamespaceLabelling,
  Namespaces,
  type NamespaceLabellingProps,
  type NamespacesProps,
} from './constructs/namespaces';
export { officialChartValues } from './constructs/official-chart-values';
export { PodGuard, type PodGuardProps } from './constructs/pod-guard';
export { PodMonitors, type PodMonitorsProps } from './constructs/pod-monitors';
export { ProgramConfigMaps, type ProgramConfigMapsProps } from './constructs/program';
export { QuarantineGuard, type QuarantineGuardProps } from './constructs/quarantine-guard';
export { Responder, type ResponderProps } from './constructs/responder';
export { RulesConfigMap, type RulesConfigMapProps } from './constructs/rules-config-map';
export { SecretsJob, type SecretsJobProps } from './constructs/secrets-job';
export { Sidekick, type SidekickProps } from './constructs/sidekick';
export { SidekickUi, type SidekickUiProps } from './constructs/sidekick-ui';
export { SidekickUiStore, type SidekickUiStoreProps } from './constructs/sidekick-ui-store';

export { checkFalcoConfig, FalcoConfigError, type FalcoConfig } from './falco/config';
export { FALCO_VERSIONS, UnknownFalcoVersionError, type FalcoVersion } from './falco/versions';
export type { SchemaFinding } from './schema/finding';

export { checkSettings, SettingsError } from './settings/check';
export type * from './settings/collector';
export type * from './settings/egress';
export type * from './settings/falco';
export type * from './settings/grafana';
export type * from './settings/images';
export type * from './settings/loki';
export type * from './settings/monitoring';
export type * from './settings/namespaces';
export type * from './settings/privacy';
export type * from './settings/responder';
export type * from './settings/security';
export type * from './settings/sidekick';
export type * from './settings/workload';
export type { SettingsFinding } from './settings/finding';
export {
  resolveSettings,
  settingsDefaults,
  type FalcoEgressProps,
  type Platform,
  type RuleItem,
  type Settings,
} from './settings/settings';

export * from './rules';
