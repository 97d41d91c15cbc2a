import { all, when } from '../settings/decide';
import type { Settings } from '../settings/settings';
import { PORTS } from './endpoints';

/** Names of the parts of the collector that make the connection. */
const CHECK = 'http_check';
const NOWHERE = 'nop';

/** What the collector needs beside the rest so that it is the canary; nothing where it isn't. */
interface CanaryParts {
  readonly receivers: object;
  readonly exporters: object;
  readonly pipelines: object;
}

/** Whether the collector of each node makes a connection a minute, and a rule tells of it. */
export function usesCanary({ collector }: Settings): boolean {
  return all(collector.enabled, collector.canary.enabled);
}

/** Once a minute the collector asks itself for its health, by a connection of its own each time; docs/coverage.md. */
export function canaryParts(settings: Settings): CanaryParts {
  const on = usesCanary(settings);
  return {
    receivers: { [CHECK]: when(on, check) },
    // What the check measures is of no interest: that it connects is.
    exporters: { [NOWHERE]: when(on, () => ({})) },
    pipelines: { 'metrics/canary': when(on, () => ({ receivers: [CHECK], exporters: [NOWHERE] })) },
  };
}

function check(): object {
  return {
    collection_interval: '60s',
    targets: [
      {
        method: 'GET',
        endpoint: `http://127.0.0.1:${PORTS.collectorHealth}/`,
        timeout: '10s',
        // Else one connection would do for all checks: Falco sees connects, not requests.
        keepalive: { enabled: false },
      },
    ],
  };
}
