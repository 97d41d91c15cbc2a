import { matches, not, when } from '../decide';
import type { Findings } from '../finding';
import type { Settings } from '../settings';

/** The collector: where it delivers to, and what would end up in its configuration. */
export function checkCollector({ cluster, collector, responder }: Settings): Findings {
  // An environment file may lack it; another check says so.
  const name = (cluster as string | undefined) ?? '';
  return when(collector.enabled, () => [
    when(not(responder.enabled), () => ({
      path: ['collector', 'enabled'],
      message: `the collector delivers to the responder, which is switched off; set responder.enabled to true, or collector.enabled to false`,
    })),
    when(not(matches(collector.stateDirectory, /^\/[^/]/)), () => ({
      path: ['collector', 'stateDirectory'],
      message: `'${collector.stateDirectory}' is not an absolute path of a directory on the node; write one such as '/var/lib/falco-egress/collector'`,
    })),
    when(matches(name, /\$/), () => ({
      path: ['cluster'],
      message: `'${cluster}' holds '$', which the collector would take for a variable; write the cluster's name without it`,
    })),
  ]);
}
