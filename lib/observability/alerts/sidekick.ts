import { alertingRule, type AlertingRule, type WatchedInstallation } from '../alerting-rule';
import { growth } from '../growth';
import { jobName } from '../job';

const job = ({ name }: WatchedInstallation): string => `job="${jobName(name, 'sidekick')}"`;

/** An output of falcosidekick fails: it sends each alert once, so each failure is an alert lost there. */
export function outputFailing(watched: WatchedInstallation): AlertingRule {
  const errors = `falcosecurity_falcosidekick_outputs_total{${job(watched)},status="error"}`;
  const all = `falcosecurity_falcosidekick_outputs_total{${job(watched)}}`;
  return alertingRule(watched, {
    alert: 'FalcoEgressOutputFailing',
    severity: 'warning',
    expr: `sum by (destination) (${growth(errors, '1h')}) / sum by (destination) (${growth(all, '1h')}) > 0.01`,
    for: '0m',
    summary:
      'falcosidekick lost {{ $value | humanizePercentage }} of the alerts for {{ $labels.destination }} in the last hour',
    description:
      'falcosidekick sends an alert once and keeps nothing: what {{ $labels.destination }} did not take is not there. First look: the log of falcosidekick, which says why.',
  });
}

/** Falco raised more alerts than falcosidekick has taken. */
export function alertsLost(watched: WatchedInstallation): AlertingRule {
  const raised = `falcosecurity_falco_rules_matches_total{job="${jobName(watched.name, 'falco')}"}`;
  const taken = `falcosecurity_falcosidekick_inputs_total{${job(watched)},status="accepted"}`;
  const lost = `(sum(${growth(raised, '15m')}) - (sum(${growth(taken, '15m')}) or vector(0)))`;
  return alertingRule(watched, {
    alert: 'FalcoEgressAlertsLost',
    severity: 'critical',
    // Scrapes are not at the same time: a few at the edges of the window are nothing.
    expr: `${lost} > 10 and ${lost} / sum(${growth(raised, '15m')}) > 0.05`,
    for: '10m',
    summary: '{{ $value | humanize }} alerts of Falco did not reach falcosidekick in 15 minutes',
    description:
      'They are missing in the UI, in Slack and wherever else falcosidekick sends. What the collector reads, it reads out of Falco\'s log: the responder and Loki have them from it all the same. First look: is falcosidekick running, and what do the logs of Falco say of "http output".',
  });
}

/** Alerts of our rules name no Pod: the container plugin does not know it. */
export function unattributed(watched: WatchedInstallation, rules: string): AlertingRule {
  const counters = (more: string): string =>
    `falcosecurity_falcosidekick_falco_events_total{${job(watched)},rule=~"${rules}"${more}}`;
  const all = `sum(${growth(counters(''), '30m')})`;
  return alertingRule(watched, {
    alert: 'FalcoEgressUnattributed',
    severity: 'warning',
    expr: `sum(${growth(counters(',k8s_pod_name=""'), '30m')}) / ${all} > 0.05 and ${all} > 20`,
    for: '30m',
    summary: '{{ $value | humanizePercentage }} of the connections that Falco sees name no Pod',
    description:
      'Nobody can tell later whose connections these were, and no response can act on them. First look: does Falco reach the socket of the container runtime on every node (falco.runtimeSocketDirectories).',
  });
}
