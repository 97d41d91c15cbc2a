import type { Resolved } from '../settings/resolved';
import type { PodSettings } from '../settings/workload';

/** Where a component's Pods may run, without what would keep a Pod of a hook from ending or give it a rank. */
export function quiet(pod: Resolved<PodSettings>): Resolved<PodSettings> {
  return { ...pod, sidecars: [], env: {}, priorityClassName: '' };
}
