import { CANARY_RULE } from '../names';
import { STREAM_LABELS } from '../observability/egress-stream';
import type { Settings } from '../settings/settings';
import { PORTS } from './endpoints';

/** Where Loki keeps all that it stores. */
export const LOKI_DIRECTORY = '/loki';

/** The record tier by labels of its streams. Canaries tell how much an answer about alerts covers: they stay as long as these. */
const RECORD_STREAMS = `{priority="Informational",rule!="${CANARY_RULE}"}`;

const THIS_POD = '127.0.0.1';
const GRPC_PORT = 9095;

/**
 * Configuration of Loki in one process, on a disk. Facts: Loki 3.7.8; the integration tests run it by exactly this, but for
 * directory and ports.
 */
export function lokiConfig(settings: Settings): object {
  const { alerts, record } = settings.loki.retention;
  return {
    // One tenant. Who may reach it, a NetworkPolicy says; a tenant's name in a header would keep nobody out.
    auth_enabled: false,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_port: PORTS.loki,
      // Only its own parts talk by it.
      grpc_listen_address: THIS_POD,
      grpc_listen_port: GRPC_PORT,
      log_level: 'warn',
    },
    common: {
      instance_addr: THIS_POD,
      path_prefix: LOKI_DIRECTORY,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: {
        filesystem: {
          chunks_directory: `${LOKI_DIRECTORY}/chunks`,
          rules_directory: `${LOKI_DIRECTORY}/rules`,
        },
      },
    },
    // Lines of one stream come from all nodes. They may be older than its newest by half of this: a node that was cut off.
    ingester: {
      max_chunk_age: '24h',
      chunk_idle_period: '1h',
      // No others to wait for when it starts or ends.
      lifecycler: { join_after: '0s', min_ready_duration: '0s', final_sleep: '0s' },
    },
    // Not only for the last hours: what is older may not be on the disk yet.
    querier: { query_ingesters_within: '0s' },
    // Its parts find one another by a list that is looked at every 10 s: named, it is ready at once, with the queue as long as else.
    frontend_worker: { frontend_address: `${THIS_POD}:${GRPC_PORT}` },
    frontend: { max_outstanding_per_tenant: 32000 },
    schema_config: {
      configs: [
        {
          from: '2024-01-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    compactor: { retention_enabled: true, delete_request_store: 'filesystem' },
    limits_config: {
      retention_period: alerts,
      retention_stream: [{ selector: RECORD_STREAMS, priority: 1, period: record }],
      // The collector delivers what is late, and tries again what is too much at once.
      reject_old_samples: false,
      ingestion_rate_mb: 32,
      ingestion_burst_size_mb: 64,
      per_stream_rate_limit: '16MB',
      per_stream_rate_limit_burst: '64MB',
      // Different destinations in one table of the dashboards.
      max_query_series: 10000,
      allow_structured_metadata: true,
      otlp_config: {
        resource_attributes: {
          attributes_config: [{ action: 'index_label', attributes: STREAM_LABELS }],
        },
      },
    },
  };
}
