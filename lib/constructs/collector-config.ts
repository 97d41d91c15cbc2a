import { objectName } from '../names';
import { either, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { host, PORTS, scheme, usesTls } from './endpoints';
import { TLS_DIRECTORY } from './tls';

/** Where the node keeps the logs of its containers; mounted at the same path. */
export const LOGS_DIRECTORY = '/var/log/pods';

/** Where the collector keeps checkpoints and its queue. */
export const STATE_DIRECTORY = '/var/lib/otelcol';

/** Where the token for the responder lies. */
export const TOKEN_DIRECTORY = '/var/run/secrets/falco-egress';

/** Name of the file with that token. */
export const TOKEN_FILE = 'token';

/**
 * A gate of the collector's: each batch of lines is in the queue on disk before the checkpoint moves past it. Without it,
 * lines of up to 100 ms lie in memory, read but not stored, and are lost if the process is killed.
 * Fact: pkg/stanza 0.160.0, adapter/factory.go and operator/helper/emitter.go.
 */
export const FEATURE_GATES = 'stanza.synchronousLogEmitter';

/** Largest request in bytes; the responder takes 16 MiB, and JSON in JSON is longer than what is counted here. */
const MAX_REQUEST_BYTES = 1024 * 1024;

/**
 * One record of Falco's stdout or stderr in the log format of the container runtime interface: `time stream tag text`, where
 * the tag `P` marks a part of a long line and `F` its end. A record ends with its last part, so that a checkpoint never lies
 * between two parts; the operator `container`, which joins parts in memory, would lose them when the process is killed.
 * Fact: Kubernetes' kuberuntime/logs; containerd cuts at 16 KiB.
 */
const RECORD = [
  String.raw`\S+ stdout F [^\n]*\n`,
  String.raw`\S+ stdout P [^\n]*\n(?:\S+ (?:stdout P|stderr [FP]) [^\n]*\n)*\S+ stdout F [^\n]*\n`,
  String.raw`\S+ stderr [FP] [^\n]*\n`,
  // What is no record cannot be an alert; it must not hold up what follows.
  String.raw`[^0-9\n][^\n]*\n`,
  String.raw`\n`,
].join('|');

/** Reads a line's time, then leaves Falco's own text, and of these texts only alerts. */
const OPERATORS = [
  {
    type: 'regex_parser',
    regex: String.raw`^(?P<time>\S+) `,
    parse_to: 'attributes',
    timestamp: {
      parse_from: 'attributes.time',
      layout_type: 'gotime',
      layout: '2006-01-02T15:04:05.999999999Z07:00',
    },
    on_error: 'send_quiet',
  },
  { type: 'remove', field: 'attributes.time', on_error: 'send_quiet' },
  // Lines of stderr between the parts of a line of stdout.
  { type: 'regex_replace', field: 'body', regex: String.raw`\n\S+ stderr [FP] [^\n]*`, replace_with: '' },
  {
    type: 'regex_replace',
    field: 'body',
    regex: String.raw`(?:\A|\n)\S+ stdout [FP] `,
    replace_with: '',
  },
  {
    type: 'filter',
    expr: `not (body startsWith '{' and body contains '"rule":' and body contains '"output_fields":')`,
  },
];

/** For ever: what cannot be delivered waits on disk. */
const RETRY = { enabled: true, max_interval: '10s', max_elapsed_time: '0s' };

/**
 * Configuration of the OpenTelemetry Collector: Falco's own log in, alerts out to the responder, at least once.
 * Facts: OpenTelemetry Collector contrib 0.160.0; see docs/collector.md for what each choice is for.
 */
export function collectorConfig(settings: Settings): object {
  return {
    extensions: {
      bearertokenauth: { filename: `${TOKEN_DIRECTORY}/${TOKEN_FILE}` },
      file_storage: {
        directory: STATE_DIRECTORY,
        // After a power cut a broken file is set aside; without checkpoints the logs are read from their beginning.
        recreate: true,
        compaction: { directory: STATE_DIRECTORY, on_start: true, on_rebound: true, cleanup_on_start: true },
      },
      health_check: { endpoint: `:${PORTS.collectorHealth}` },
    },
    receivers: { file_log: receiver(settings) },
    exporters: { otlp_http: exporter(settings) },
    service: {
      extensions: ['bearertokenauth', 'file_storage', 'health_check'],
      pipelines: { logs: { receivers: ['file_log'], exporters: ['otlp_http'] } },
      telemetry: {
        logs: { encoding: 'json' },
        metrics: {
          readers: [{ pull: { exporter: { prometheus: { host: '', port: PORTS.collectorMetrics } } } }],
        },
      },
    },
  };
}

function receiver(settings: Settings): object {
  const log = `${LOGS_DIRECTORY}/${falcoPods(settings)}/falco/*.log`;
  return {
    // The kubelet renames a full log to *.log.<time>, and later packs all but the newest of these.
    include: [log, `${log}.2*`],
    exclude: [`${log}.2*.gz`, `${log}.2*.tmp`],
    include_file_name: false,
    start_at: 'beginning',
    poll_interval: '100ms',
    storage: 'file_storage',
    multiline: { line_end_pattern: String.raw`\A(?:${RECORD})` },
    // An unfinished record waits for its end.
    force_flush_period: '0s',
    retry_on_failure: RETRY,
    resource: {
      'service.name': 'falco',
      'k8s.cluster.name': settings.cluster,
      'k8s.node.name': '${env:K8S_NODE_NAME}',
    },
    operators: OPERATORS,
  };
}

/** Folders of Falco's Pods: `namespace_pod_uid`. Of a Falco that somebody else installs only the container's name is known. */
function falcoPods(settings: Settings): string {
  return either(
    settings.falco.install,
    () => `${settings.namespaces.node}_${objectName(settings.name, 'falco')}-*_*`,
    () => `${settings.falco.external.namespace}_*_*`,
  );
}

function exporter(settings: Settings): object {
  return {
    endpoint: `${scheme(settings)}://${host(settings, 'responder')}:${PORTS.responder}`,
    encoding: 'json',
    auth: { authenticator: 'bearertokenauth' },
    timeout: '10s',
    tls: when(usesTls(settings), () => ({
      ca_file: `${TLS_DIRECTORY}/ca.crt`,
      cert_file: `${TLS_DIRECTORY}/tls.crt`,
      key_file: `${TLS_DIRECTORY}/tls.key`,
      reload_interval: '5m',
    })),
    retry_on_failure: { ...RETRY, initial_interval: '500ms' },
    sending_queue: {
      enabled: true,
      storage: 'file_storage',
      sizer: 'bytes',
      queue_size: settings.collector.queueBytes,
      block_on_overflow: true,
      num_consumers: 4,
      // Every batch goes at once; a larger one is cut.
      batch: { sizer: 'bytes', min_size: 0, max_size: MAX_REQUEST_BYTES, flush_timeout: '100ms' },
    },
  };
}
