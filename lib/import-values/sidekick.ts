import { image, pullSecrets, replicated } from './component';
import { environment } from './container';
import {
  eachText,
  flag,
  ifOn,
  isMap,
  isScalar,
  named,
  onlyDefault,
  text,
  under,
  unless,
  unmapped,
  unneeded,
  type Mapping,
  type Table,
} from './mapping';
import { OUTPUT_KEYS } from './output-keys';
import { outputMapping } from './outputs';
import { carriesSecret } from './secrets-in-text';
import { sidekickUi } from './sidekick-ui';

const RESTRICTED = 'its Pods are restricted here';
const MONITORING =
  'the setting monitoring makes PodMonitors, alerting rules and dashboards of its own: see docs/monitoring.md';
const CERTIFICATES = 'certificates of the hops come from the setting tls: see docs/tls.md';
const INGRESS = 'the stack makes no Ingress; write your own for the Service';

/** `key:value,key:value`, with escaped commas; the cluster's name has a setting of its own. */
const customFields: Mapping = {
  apply: (item, draft) => {
    const fields = pairs(item.value);
    if (fields === undefined) draft.unmapped(item, 'expected key:value,key:value, and no secret');
    else
      draft.takeAll(
        item,
        fields.map(([key, value]) =>
          key.toLowerCase() === 'cluster' ? [['cluster'], value] : [['sidekick', 'customFields', key], value],
        ),
      );
  },
};

const templatedFields: Mapping = {
  apply: (item, draft) => {
    const fields = pairs(item.value);
    if (fields === undefined) draft.unmapped(item, 'expected key:template,key:template, and no secret');
    else
      draft.take(
        item,
        ['sidekick', 'outputs', 'templatedfields'],
        Object.fromEntries(fields.map(([key, value]) => [key.toLowerCase(), value])),
      );
  },
};

/** Pairs of a list, or a map; none where it does not look like one, or holds a secret. */
function pairs(value: unknown): [string, string][] | undefined {
  if (carriesSecret(value)) return undefined;
  if (isMap(value)) return Object.entries(value).map(([key, part]) => [key, String(part)]);
  if (!isScalar(value)) return undefined;
  const found = String(value)
    .split(/\\?,/)
    .filter((pair) => pair.trim() !== '')
    .map((pair): [string, string] => {
      const colon = pair.indexOf(':');
      return [pair.slice(0, Math.max(colon, 0)).trim(), pair.slice(colon + 1).trim()];
    });
  return found.every(([key]) => key !== '') ? found : undefined;
}

function variable(name: string): Mapping {
  return text(`sidekick.env.${name}`);
}

const config: Table = {
  existingSecret: unmapped(
    'name each of its keys in sidekick.secretEnv, such as SLACK_WEBHOOKURL, and copy the Secret into namespaces.services',
  ),
  extraEnv: environment('sidekick'),
  extraArgs: unmapped('falcosidekick has only the options of the stack'),
  debug: unless([false], `the chart's default`, variable('DEBUG')),
  customfields: customFields,
  templatedfields: templatedFields,
  customtags: variable('CUSTOMTAGS'),
  bracketreplacer: variable('BRACKETREPLACER'),
  outputFieldFormat: variable('OUTPUTFIELDFORMAT'),
  checkcert: onlyDefault([true], 'each output has a checkcert of its own: sidekick.outputs'),
  mutualtlsfilespath: onlyDefault(['/etc/certs'], CERTIFICATES),
  ...named(
    [
      'mutualtlsclient.certfile',
      'mutualtlsclient.keyfile',
      'mutualtlsclient.cacertfile',
      'tlsclient.cacertfile',
    ],
    onlyDefault(['/etc/certs/client/ca.crt'], CERTIFICATES),
  ),
  'tlsserver.deploy': ifOn(CERTIFICATES),
  ...named(
    [
      'existingSecret',
      'servercrt',
      'certfile',
      'serverkey',
      'keyfile',
      'mutualtls',
      'cacrt',
      'cacertfile',
      'notlsport',
      'notlspaths',
    ].map((key) => `tlsserver.${key}`),
    unneeded('belongs to tlsserver.deploy'),
  ),
  'webui.url': unneeded('falcosidekick knows the UI of the stack'),
  ...Object.fromEntries(
    [...new Set([...OUTPUT_KEYS.keys()].map((name) => name.split('.')[0] ?? ''))].map((name) => [
      name,
      outputMapping(name),
    ]),
  ),
};

/** The subchart falcosidekick. */
export const sidekick: Table = under('falcosidekick', {
  ...replicated('sidekick'),
  ...image('sidekick', ['falcosecurity/falcosidekick']),
  enabled: flag('sidekick.enabled'),
  fullfqdn: unneeded('the full name is always used'),
  listenPort: onlyDefault([2801, '2801'], 'falcosidekick listens on 2801 here'),
  revisionHistoryLimit: unmapped('the Deployment keeps what Kubernetes keeps by default'),
  imagePullSecrets: pullSecrets,
  ...named(['nameOverride', 'fullnameOverride'], unneeded('objects have names of their own here')),
  ...named(['podSecurityContext', 'securityContext'], unneeded(RESTRICTED)),
  'podSecurityPolicy.create': unneeded('Kubernetes 1.25 removed PodSecurityPolicies'),
  customLabels: eachText('sidekick.labels', 'on the Pods'),
  customAnnotations: eachText('sidekick.annotations', 'on the Pods'),
  'serviceMonitor.enabled': ifOn(MONITORING),
  ...named(
    ['additionalLabels', 'interval', 'scrapeTimeout', 'additionalProperties'].map(
      (key) => `serviceMonitor.${key}`,
    ),
    unneeded('belongs to serviceMonitor.enabled'),
  ),
  'prometheusRules.enabled': ifOn(MONITORING),
  ...named(
    ['prometheusRules.alerts', 'prometheusRules.additionalAlerts'],
    unneeded('belongs to prometheusRules.enabled'),
  ),
  'grafana.dashboards.enabled': ifOn(MONITORING),
  'grafana.dashboards.configMaps': unneeded('belongs to grafana.dashboards.enabled'),
  'service.type': onlyDefault(['ClusterIP'], 'the Service is inside the cluster'),
  'service.port': onlyDefault([2801], 'the Service listens on 2801'),
  'service.annotations': onlyDefault(
    [{ 'prometheus.io/scrape': 'true' }],
    'the Service has no annotations of its own',
  ),
  'ingress.enabled': ifOn(INGRESS),
  ...named(
    ['ingressClassName', 'annotations', 'hosts', 'tls'].map((key) => `ingress.${key}`),
    unneeded('belongs to ingress.enabled'),
  ),
  httpRoute: unmapped(INGRESS),
  networkPolicy: unneeded('the stack has NetworkPolicies of its own: networkPolicies'),
  ...named(
    ['extraVolumes', 'extraVolumeMounts'],
    unmapped('falcosidekick has only the volumes of the stack'),
  ),
  testConnection: unneeded('a Pod of helm test'),
  ...under('config', config),
  ...under('webui', sidekickUi),
});
