import { when } from '../settings/decide';
import { hasCanary } from '../settings/has-canary';
import type { Settings } from '../settings/settings';
import { PORTS } from './endpoints';

/** Names of the parts of the collector that make the connection. */
const CLOCK = 'host_metrics/canary';
const CONNECT = 'otlp_http/canary';

/** What the collector needs beside the rest so that it is the canary; nothing where it isn't. */
interface CanaryParts {
  readonly receivers: object;
  readonly exporters: object;
  readonly pipelines: object;
}

/**
 * Once a minute the collector says to the port of its own health how long the node has been up, by a connection of its own each
 * time; docs/coverage.md. Nobody reads what it says: that it connects is what Falco sees.
 *
 * Not the receiver `http_check`, which would do the same: there is no module of it from which tests could build a collector.
 */
export function canaryParts(settings: Settings): CanaryParts {
  const on = hasCanary(settings);
  return {
    receivers: { [CLOCK]: when(on, () => ({ collection_interval: '60s', scrapers: { system: {} } })) },
    exporters: { [CONNECT]: when(on, connect) },
    pipelines: { 'metrics/canary': when(on, () => ({ receivers: [CLOCK], exporters: [CONNECT] })) },
  };
}

function connect(): object {
  return {
    endpoint: `http://127.0.0.1:${PORTS.collectorHealth}`,
    timeout: '10s',
    compression: 'none',
    // Else one connection would do for all minutes: Falco sees connects, not requests, and Go keeps an idle one for 90 s.
    keepalive: { enabled: false },
    // One connection a minute, not more where one fails, and none later for a minute that is over.
    retry_on_failure: { enabled: false },
    sending_queue: { enabled: false },
  };
}
