import { objectName } from '../../names';
import { alertingRule, type AlertingRule, type WatchedInstallation } from '../alerting-rule';

/** The stack's own Grafana shows nothing. */
export function grafanaDown(watched: WatchedInstallation, namespace: string): AlertingRule {
  const deployment = `namespace="${namespace}",deployment="${objectName(watched.name, 'grafana')}"`;
  return alertingRule(watched, {
    alert: 'FalcoEgressGrafanaDown',
    severity: 'warning',
    expr: `max(kube_deployment_status_replicas_available{${deployment}}) == 0`,
    for: '15m',
    summary: 'Grafana has not been ready for 15 minutes: the dashboards can not be seen',
    description:
      'Nothing is lost: it keeps nothing, and `falco-egress who` asks Loki without it. First look: the Pod of Grafana, and its log.',
  });
}
