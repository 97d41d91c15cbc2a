import { objectName, type Component } from '../names';

/**
 * The value of the label `job` on the metrics of a component: the PodMonitors set it, and whoever scrapes without them has
 * to (docs/monitoring.md).
 */
export function jobName(installation: string, component: Component): string {
  return objectName(installation, component);
}
