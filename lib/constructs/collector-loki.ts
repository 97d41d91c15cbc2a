import type { V1EnvVar } from '@kubernetes/client-node';
import { STREAM_LABELS } from '../observability/egress-stream';
import { all, either, given, not, some, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { HAS_LINES, logFiles, NOT_EMPTY, onDisk, RETRY, STORAGE, timedAlertTexts } from './collector-log';
import { RECORD_PROCESSORS, recordProcessors, recordReader } from './collector-records';
import { inventoryLines, responderAlerts, tellsInventory } from './collector-responder-log';
import { ownLokiUrl } from './endpoints';
import { secretEnv } from './secret-env';

/** Names of the parts of the collector that Loki needs. */
const ALERTS = 'file_log/alerts';
const RECORDS = 'file_log/records';
const INVENTORY = 'file_log/inventory';
const RESPONDER = 'file_log/responder';
const LOKI = 'otlp_http/loki';
const LOGIN = 'basicauth';

/** Variables with the user and the API key; `LOKI_USER` and `LOKI_APIKEY` as in falcosidekick. */
const LOKI_USER = 'LOKI_USER';
const LOKI_APIKEY = 'LOKI_APIKEY';

/** A request is as large as alerts of a second fill it, and Loki takes 4 MiB. */
const MAX_REQUEST_BYTES = 1024 * 1024;

/**
 * Falco's tags tell the tiers apart, and nothing else in an alert is a list. Within a text of the alert a quotation mark has a
 * backslash before it, so that no process can make this fit by its name.
 */
const IS_RECORD = ['["record"]', '["record",', ',"record",', ',"record"]']
  .map((tag) => `body contains '${tag}'`)
  .join(' or ');

/** What an alert says in words; all else stands beside it. */
const OUTPUT_AS_BODY = { type: 'move', from: 'attributes.output', to: 'body', on_error: 'send_quiet' };

/** What the collector needs beside the rest so that alerts come into Loki; nothing where they don't. */
export interface LokiParts {
  readonly extensions: object;
  readonly receivers: object;
  readonly processors: object | undefined;
  readonly exporters: object;
  readonly pipelines: object;
}

/**
 * Alerts into Loki: those of the record tier counted first, on the node, all others one by one; docs/loki.md.
 *
 * They are read on their own, as the responder's log is, not by the reader of the responder's: if Loki is away longer than the queue lasts, only they stop.
 */
export function lokiParts(settings: Settings): LokiParts {
  const stores = storesInLoki(settings);
  const storesInventory = all(stores, tellsInventory(settings));
  return {
    extensions: { [LOGIN]: when(authenticates(settings), login) },
    receivers: {
      [ALERTS]: when(stores, () => alerts(settings)),
      [RECORDS]: when(stores, () => recordReader(settings, resource(settings), IS_RECORD)),
      [INVENTORY]: when(storesInventory, () => inventoryLines(settings)),
      [RESPONDER]: when(keepsResponderAlerts(settings), () =>
        responderAlerts(settings, [...takenApart(), OUTPUT_AS_BODY]),
      ),
    },
    processors: when(stores, recordProcessors),
    exporters: { [LOKI]: when(stores, () => exporter(settings)) },
    pipelines: {
      'logs/alerts': when(stores, () => ({
        receivers: [ALERTS],
        processors: [NOT_EMPTY],
        exporters: [LOKI],
      })),
      'logs/records': when(stores, () => ({
        receivers: [RECORDS],
        processors: RECORD_PROCESSORS,
        exporters: [LOKI],
      })),
      'logs/inventory': when(storesInventory, () => ({
        receivers: [INVENTORY],
        processors: [NOT_EMPTY],
        exporters: [LOKI],
      })),
      'logs/responder': when(keepsResponderAlerts(settings), () => ({
        receivers: [RESPONDER],
        processors: [NOT_EMPTY],
        exporters: [LOKI],
      })),
    },
  };
}

/** Extensions that have to be started for it. */
export function lokiExtensions(settings: Settings): readonly (string | undefined)[] {
  return [when(authenticates(settings), () => LOGIN)];
}

/** Whether the collector has Loki keep alerts. */
export function storesInLoki({ collector, loki }: Settings): boolean {
  return some(given(collector.loki.url), loki.enabled);
}

/** Whether it has Loki keep the alerts of the responder as well, which go to falcosidekick and to its log. */
export function keepsResponderAlerts(settings: Settings): boolean {
  return all(settings.collector.enabled, settings.responder.enabled, storesInLoki(settings));
}

/** Whether the collector has the stack's own Loki keep them. */
export function collectorUsesOwnLoki({ collector, loki }: Settings): boolean {
  return all(collector.enabled, loki.enabled, not(given(collector.loki.url)));
}

/** The variables that Loki is told who writes by. */
export function lokiVariables(settings: Settings): readonly (V1EnvVar | undefined)[] {
  const { secret, userKey, apiKeyKey } = settings.collector.loki.credentials;
  return [
    when(authenticates(settings), () => secretEnv(LOKI_USER, secret, userKey)),
    when(authenticates(settings), () => secretEnv(LOKI_APIKEY, secret, apiKeyKey)),
  ];
}

function authenticates(settings: Settings): boolean {
  const { url, credentials } = settings.collector.loki;
  return all(given(url), given(credentials.secret));
}

function login(): object {
  return {
    client_auth: { username: `\${env:${LOKI_USER}}`, password: `\${env:${LOKI_APIKEY}}` },
  };
}

function alerts(settings: Settings): object {
  return {
    ...logFiles(settings),
    storage: STORAGE,
    resource: resource(settings),
    operators: [
      // Most lines of a busy node, before anything is done with them.
      { type: 'filter', expr: `not (${HAS_LINES}) and (${IS_RECORD})` },
      ...timedAlertTexts(`not (${IS_RECORD})`),
      ...takenApart(),
      OUTPUT_AS_BODY,
    ],
  };
}

/** An alert's keys and output fields as attributes, and those that become labels of the stream at the resource. */
function takenApart(): object[] {
  return [
    // Without parse_ints numbers beyond 2^53 would lose digits.
    { type: 'json_parser', parse_to: 'attributes', parse_ints: true, on_error: 'drop' },
    ...['rule', 'source', 'priority'].map((label) => ({
      type: 'move',
      from: `attributes.${label}`,
      to: `resource.${label}`,
      on_error: 'send_quiet',
    })),
    {
      type: 'copy',
      from: field('k8s.ns.name'),
      to: 'resource.namespace',
      on_error: 'send_quiet',
      if: `${field('k8s.ns.name')} != nil`,
    },
  ];
}

function resource(settings: Settings): Readonly<Record<string, string>> {
  const label: (typeof STREAM_LABELS)[number] = 'cluster';
  return { 'service.name': 'falco', [label]: settings.cluster, 'k8s.node.name': '${env:K8S_NODE_NAME}' };
}

function field(name: string): string {
  return `attributes.output_fields["${name}"]`;
}

function exporter(settings: Settings): object {
  const { url, tenant } = settings.collector.loki;
  return {
    endpoint: either(
      given(url),
      () => `${url}/otlp`,
      () => `${ownLokiUrl(settings)}/otlp`,
    ),
    auth: when(authenticates(settings), () => ({ authenticator: LOGIN })),
    headers: when(given(tenant), () => ({ 'X-Scope-OrgID': tenant })),
    timeout: '30s',
    retry_on_failure: { ...RETRY, initial_interval: '500ms' },
    sending_queue: {
      ...onDisk(settings),
      num_consumers: 4,
      batch: {
        sizer: 'bytes',
        min_size: MAX_REQUEST_BYTES / 2,
        max_size: MAX_REQUEST_BYTES,
        flush_timeout: '1s',
      },
    },
  };
}
