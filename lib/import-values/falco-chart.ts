import { argumentsMapping, environment } from './container';
import { image, pod, pullSecrets } from './component';
import {
  eachText,
  flag,
  gone,
  ifOn,
  isMap,
  named,
  onlyDefault,
  text,
  unless,
  unmapped,
  unneeded,
  type Mapping,
  type Table,
} from './mapping';
import { isFalcoVersion } from '../falco/versions';

const MASTERS = { effect: 'NoSchedule', key: 'node-role.kubernetes.io/master' };
const CONTROL_PLANE = { effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' };

const NAMES = `objects have names of their own here; the setting name is their prefix`;
const PROBES = 'the stack has probes of its own';
const VOLUMES = 'Falco has only the volumes of the stack';
const CERTIFICATES = 'certificates of the hops come from the setting tls: see docs/tls.md';
const MONITORING =
  'the setting monitoring makes PodMonitors, alerting rules and dashboards of its own: see docs/monitoring.md';

/** Falco's tag is its version, and only versions that the rules are checked for are taken. */
const version: Mapping = {
  apply: (item, draft) => {
    const tag = String(item.value)
      .replace(/^v/, '')
      .replace(/-(debian|distroless|slim)$/, '');
    if (isFalcoVersion(tag)) draft.take(item, ['falco', 'version'], tag);
    else draft.gone(item, 'the stack installs a Falco that its rules are checked for: falco.version');
  },
};

const updateStrategy: Mapping = {
  apply: (item, draft) => {
    const { type = 'RollingUpdate', rollingUpdate } = isMap(item.value) ? item.value : {};
    const most = isMap(rollingUpdate) ? rollingUpdate['maxUnavailable'] : undefined;
    if (type !== 'RollingUpdate') draft.unmapped(item, 'Falco is always updated by a rolling update');
    else if (most === undefined) draft.unneeded(item, `the chart's default`);
    else if (typeof most === 'string' && /^([1-9][0-9]?|100)%$/.test(most))
      draft.take(item, ['falco', 'maxUnavailable'], most);
    else draft.unmapped(item, 'falco.maxUnavailable is a share of the nodes, such as 10%');
  },
};

const privileged: Mapping = {
  apply: (item, draft) => {
    if (isMap(item.value) && item.value['privileged'] === true && Object.keys(item.value).length === 1)
      draft.take(item, ['falco', 'privilege'], 'privileged');
    else draft.unmapped(item, 'what Falco may do is one of three profiles: falco.privilege');
  },
};

const falcoImage = image('falco', [
  'falcosecurity/falco',
  'falcosecurity/falco-no-driver',
  'falcosecurity/falco-driver-loader',
]);

const falcoPod = pod('falco');

/** Values of the falco chart itself, of versions 2 to 9; what only 1.x had is in old-chart.ts. */
export const falcoChart: Table = {
  ...falcoPod,
  ...falcoImage,
  'image.tag': version,
  tolerations: {
    ...unless(
      [[MASTERS], [MASTERS, CONTROL_PLANE]],
      `the chart's default; Falco tolerates every taint here`,
      falcoPod['tolerations'] ?? unneeded(''),
    ),
    evenEmpty: true,
  },
  podPriorityClassName: text('falco.priorityClassName'),
  priorityClassName: text('falco.priorityClassName'),
  imagePullSecrets: pullSecrets,
  ...named(['nameOverride', 'fullnameOverride'], unneeded(NAMES)),
  namespaceOverride: text('namespaces.node'),
  'rbac.create': onlyDefault(
    [true],
    'the stack makes the rights that its Pods need, and no others: see RBAC.md',
  ),
  'serviceAccount.create': onlyDefault([true], 'the stack makes its ServiceAccounts'),
  'serviceAccount.name': unneeded(NAMES),
  'serviceAccount.imagePullSecrets': pullSecrets,
  ...named(
    ['serviceAccount.annotations', 'serviceAccount.labels'],
    unmapped('Falco has no token here, so nothing can be bound to its ServiceAccount'),
  ),
  podSecurityContext: unmapped('what Falco may do is one of three profiles: falco.privilege'),
  containerSecurityContext: privileged,
  'scc.create': unneeded('for OpenShift set platform: openshift'),
  terminationGracePeriodSeconds: unmapped('Falco ends at once'),
  healthChecks: unneeded(PROBES),
  tty: unneeded(`Falco writes each alert at once`),
  'controller.kind': onlyDefault(['daemonset'], 'Falco runs on every Linux node here, as a DaemonSet'),
  'controller.annotations': eachText('falco.annotations', 'on the Pods'),
  'controller.labels': eachText('falco.labels', 'on the Pods'),
  'controller.daemonset.updateStrategy': updateStrategy,
  'controller.daemonset.revisionHistoryLimit': unmapped(
    'the DaemonSet keeps what Kubernetes keeps by default',
  ),
  'controller.deployment': unneeded('Falco runs as a DaemonSet here'),
  services: unmapped('Services for plugins: this stack loads container and k8smeta only'),
  'metrics.service': unneeded('Prometheus reads the Pods at port 8765, /metrics'),
  ...named(['mounts.volumes', 'mounts.volumeMounts'], unmapped(VOLUMES)),
  'mounts.enforceProcMount': unneeded('/proc is always mounted'),
  'extra.env': environment('falco'),
  'extra.args': argumentsMapping,
  'extra.initContainers': unmapped('Falco has only the init containers of the stack'),
  podHostname: unmapped('the hostname in alerts is the name of the node'),
  falcoHostnameEnv: onlyDefault([true], 'the hostname in alerts is the name of the node'),
  ...named(
    [
      'certs.existingSecret',
      'certs.existingClientSecret',
      'certs.server.key',
      'certs.server.crt',
      'certs.ca.crt',
      'certs.client.key',
      'certs.client.crt',
    ],
    unmapped(CERTIFICATES),
  ),
  'metrics.enabled': flag('falco.metrics'),
  'metrics.interval': unless(['1h'], `the chart's default`, text('falco.config.metrics.interval')),
  ...metric('outputRule', 'output_rule', false),
  ...metric('rulesCountersEnabled', 'rules_counters_enabled', true),
  ...metric('resourceUtilizationEnabled', 'resource_utilization_enabled', true),
  ...metric('stateCountersEnabled', 'state_counters_enabled', true),
  ...metric('kernelEventCountersEnabled', 'kernel_event_counters_enabled', true),
  ...metric('kernelEventCountersPerCPUEnabled', 'kernel_event_counters_per_cpu_enabled', false),
  ...metric('kernelIterEventCountersEnabled', 'kernel_iter_event_counters_enabled', true),
  ...metric('libbpfStatsEnabled', 'libbpf_stats_enabled', true),
  ...metric('pluginsMetricsEnabled', 'plugins_metrics_enabled', true),
  ...metric('jemallocStatsEnabled', 'jemalloc_stats_enabled', false),
  ...metric('convertMemoryToMB', 'convert_memory_to_mb', true),
  ...metric('includeEmptyValues', 'include_empty_values', false),
  'serviceMonitor.create': ifOn(MONITORING),
  ...named(
    [
      'path',
      'labels',
      'selector',
      'interval',
      'scheme',
      'tlsConfig',
      'scrapeTimeout',
      'relabelings',
      'targetLabels',
      'endpointPort',
    ].map((key) => `serviceMonitor.${key}`),
    unneeded('belongs to serviceMonitor.create'),
  ),
  'grafana.dashboards.enabled': ifOn(MONITORING),
  'grafana.dashboards.configMaps': unneeded('belongs to grafana.dashboards.enabled'),
  'responseActions.enabled': ifOn('the responder answers alerts here: write responses (docs/responder.md)'),
  'falco-talon': unneeded('belongs to responseActions.enabled: the responder has settings of its own'),
  'networkPolicy.enabled': unneeded('the stack has NetworkPolicies of its own: networkPolicies'),
  global: unneeded(`the chart reads nothing of it`),
  ...named(
    ['USER-SUPPLIED VALUES', 'COMPUTED VALUES'],
    unneeded('the heading of helm get values; -o yaml leaves it out'),
  ),
  gvisor: gone('Falco 0.44 removed gVisor support'),
};

function metric(key: string, setting: string, standard: boolean): Table {
  return {
    [`metrics.${key}`]: unless([standard], `the chart's default`, flag(`falco.config.metrics.${setting}`)),
  };
}
