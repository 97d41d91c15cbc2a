import { present, when } from '../settings/decide';
import { hasCanary } from '../settings/has-canary';
import type { Settings } from '../settings/settings';
import { canaryParts } from './collector-canary';
import {
  IS_CANARY,
  logFiles,
  NOT_EMPTY,
  notEmpty,
  onDisk,
  RETRY,
  STORAGE,
  timedAlertTexts,
} from './collector-log';
import { lokiExtensions, lokiParts } from './collector-loki';
import { host, PORTS, scheme, usesTls } from './endpoints';
import { TLS_DIRECTORY } from './tls';

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

/** Names of the parts that lead to the responder. */
const TOKEN = 'bearertokenauth';
const READER = 'file_log';
const SENDER = 'otlp_http';

/** Largest request in bytes; the responder takes 16 MiB, and JSON in JSON is longer than what is counted here. */
const MAX_REQUEST_BYTES = 1024 * 1024;

/**
 * Configuration of the OpenTelemetry Collector: Falco's own log in, alerts out to the responder and to Loki, at least once.
 * Facts: OpenTelemetry Collector contrib 0.160.0; see docs/collector.md for what each choice is for.
 */
export function collectorConfig(settings: Settings): object {
  const responds = settings.responder.enabled;
  const loki = lokiParts(settings);
  const canary = canaryParts(settings);
  return {
    extensions: {
      [TOKEN]: when(responds, () => ({ filename: `${TOKEN_DIRECTORY}/${TOKEN_FILE}` })),
      ...loki.extensions,
      [STORAGE]: {
        directory: STATE_DIRECTORY,
        // After a power cut a broken file is set aside; without checkpoints the logs are read from their beginning.
        recreate: true,
        compaction: { directory: STATE_DIRECTORY, on_start: true, on_rebound: true, cleanup_on_start: true },
      },
      health_check: { endpoint: `:${PORTS.collectorHealth}` },
    },
    receivers: { [READER]: when(responds, () => receiver(settings)), ...loki.receivers, ...canary.receivers },
    processors: { [NOT_EMPTY]: notEmpty, ...loki.processors },
    exporters: { [SENDER]: when(responds, () => exporter(settings)), ...loki.exporters, ...canary.exporters },
    service: {
      extensions: present([
        when(responds, () => TOKEN),
        ...lokiExtensions(settings),
        STORAGE,
        'health_check',
      ]),
      pipelines: {
        logs: when(responds, () => ({ receivers: [READER], processors: [NOT_EMPTY], exporters: [SENDER] })),
        ...loki.pipelines,
        ...canary.pipelines,
      },
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
  return {
    ...logFiles(settings),
    storage: STORAGE,
    resource: {
      'service.name': 'falco',
      'k8s.cluster.name': settings.cluster,
      'k8s.node.name': '${env:K8S_NODE_NAME}',
    },
    // The canary is nothing to respond to.
    operators: present([
      ...timedAlertTexts(),
      when(hasCanary(settings), () => ({ type: 'filter', expr: IS_CANARY })),
    ]),
  };
}

function exporter(settings: Settings): object {
  return {
    endpoint: `${scheme(settings)}://${host(settings, 'responder')}:${PORTS.responder}`,
    encoding: 'json',
    auth: { authenticator: TOKEN },
    timeout: '10s',
    tls: when(usesTls(settings), () => ({
      ca_file: `${TLS_DIRECTORY}/ca.crt`,
      cert_file: `${TLS_DIRECTORY}/tls.crt`,
      key_file: `${TLS_DIRECTORY}/tls.key`,
      reload_interval: '5m',
    })),
    retry_on_failure: { ...RETRY, initial_interval: '500ms' },
    sending_queue: {
      ...onDisk(settings),
      num_consumers: 4,
      // Every batch goes at once; a larger one is cut.
      batch: { sizer: 'bytes', min_size: 0, max_size: MAX_REQUEST_BYTES, flush_timeout: '100ms' },
    },
  };
}
