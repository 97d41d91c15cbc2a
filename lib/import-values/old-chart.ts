import { environment } from './container';
import { eachText, gone, ifOn, named, unmapped, unneeded, unless, type Table } from './mapping';
import { argumentsMapping } from './container';
import { falcoChart } from './falco-chart';

const AUDIT =
  'Kubernetes audit events come by a plugin since Falco 0.32 (k8saudit), which this stack does not load; keep a Falco of its own for them';
const INTEGRATIONS = 'falcosidekick has taken the place of integrations since chart 1.6: sidekick.outputs';

/** Values that only versions 1.x of the chart had, those of 2021 among them. */
export const oldChart: Table = {
  'auditLog.enabled': ifOn(AUDIT),
  'auditLog.dynamicBackend': gone('Kubernetes 1.19 removed the AuditSink'),
  'podSecurityPolicy.create': gone(
    'Kubernetes 1.25 removed PodSecurityPolicies; the namespaces carry the labels of Pod Security instead',
  ),
  fakeEventGenerator: gone('falcosecurity/event-generator has a chart of its own'),
  ...named(
    ['proxy.httpProxy', 'proxy.httpsProxy', 'proxy.noProxy'],
    gone('it was for the download of the driver, which is part of Falco now'),
  ),
  timezone: gone('times are in UTC, as ISO 8601'),
  'daemonset.env': environment('falco'),
  'daemonset.podAnnotations': eachText('falco.annotations'),
  'daemonset.podLabels': eachText('falco.labels'),
  'daemonset.updateStrategy': falcoChart['controller.daemonset.updateStrategy'] ?? unneeded(''),
  extraArgs: argumentsMapping,
  extraInitContainers: unmapped('Falco has only the init containers of the stack'),
  ...named(['extraVolumes', 'extraVolumeMounts'], unmapped('Falco has only the volumes of the stack')),
  ...named(
    ['gcscc', 'natsOutput', 'snsOutput', 'pubsubOutput'].map((name) => `integrations.${name}.enabled`),
    unless([false], 'off', unmapped(INTEGRATIONS)),
  ),
  ...named(
    [
      'gcscc.webhookUrl',
      'gcscc.webhookAuthenticationToken',
      'natsOutput.natsUrl',
      'snsOutput.topic',
      'snsOutput.aws_access_key_id',
      'snsOutput.aws_secret_access_key',
      'snsOutput.aws_default_region',
      'pubsubOutput.topic',
      'pubsubOutput.credentialsData',
      'pubsubOutput.projectID',
    ].map((name) => `integrations.${name}`),
    gone(INTEGRATIONS),
  ),
};
