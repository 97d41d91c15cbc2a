import type { Component } from '../../names';
import { alertingRule, type AlertingRule, type WatchedInstallation } from '../alerting-rule';
import { jobName } from '../job';

/** Prometheus hears nothing of a component, so that no other alert about it can fire. */
export function metricsAbsent(watched: WatchedInstallation, component: Component): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressMetricsAbsent',
    severity: 'warning',
    expr: `absent(up{job="${jobName(watched.name, component)}"} == 1)`,
    for: '15m',
    labels: { component },
    summary: `Prometheus gets no metrics of ${component}: its other alerts can not fire`,
    description:
      'Either none of its Pods runs, or Prometheus does not find or reach them. First look: the targets of Prometheus, and the PodMonitors.',
  });
}
