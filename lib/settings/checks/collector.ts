import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';

/** The collector: where it delivers to, and what would end up in its configuration. */
export function checkCollector({ cluster, collector, responder }: Settings): SettingsFinding[] {
  if (!collector.enabled) return [];
  const findings: SettingsFinding[] = [];
  if (!responder.enabled)
    findings.push({
      path: ['collector', 'enabled'],
      message: `the collector delivers to the responder, which is switched off; set responder.enabled to true, or collector.enabled to false`,
    });
  if (!/^\/[^/]/.test(collector.stateDirectory))
    findings.push({
      path: ['collector', 'stateDirectory'],
      message: `'${collector.stateDirectory}' is not an absolute path of a directory on the node; write one such as '/var/lib/falco-egress/collector'`,
    });
  // An environment file may lack it; another check says so.
  if ((cluster as string | undefined)?.includes('$'))
    findings.push({
      path: ['cluster'],
      message: `'${cluster}' holds '$', which the collector would take for a variable; write the cluster's name without it`,
    });
  return findings;
}
