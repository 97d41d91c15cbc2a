import { CANARY_RULE } from '../../names';
import { alertingRule, type AlertingRule, type WatchedInstallation } from '../alerting-rule';
import { growth } from '../growth';
import { jobName } from '../job';

/** A rules file that Falco is to have loaded. */
export interface ExpectedRulesFile {
  /** Its name in Falco's directory. */
  readonly file: string;
  readonly sha256: string;
}

const job = ({ name }: WatchedInstallation): string => `job="${jobName(name, 'falco')}"`;

/** A node on which no Falco answers. Needs kube-state-metrics, which knows the nodes. */
export function nodeWithoutFalco(watched: WatchedInstallation): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressNodeWithoutFalco',
    severity: 'critical',
    // Falco runs on Linux alone.
    expr: `kube_node_info{os_image!~"Windows.*"} unless on (node) (up{${job(watched)}} == 1)`,
    for: '15m',
    summary: 'No Falco answers on node {{ $labels.node }}: its Pods are not watched',
    description:
      'Connections of Pods on {{ $labels.node }} raise no alert and leave no record, and nothing responds to them. First look: kubectl get pods -A -o wide --field-selector spec.nodeName={{ $labels.node }}.',
  });
}

/** A Falco that answers, and has not told of its node's canary: it may be blind. */
export function nodeWithoutCanary(watched: WatchedInstallation): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressNodeWithoutCanary',
    severity: 'critical',
    // Falco has a counter only of rules that have matched.
    expr: `(up{${job(watched)}} == 1) unless on (pod) (increase(falcosecurity_falco_rules_matches_total{${job(watched)},rule_name="${CANARY_RULE}"}[10m]) > 0)`,
    for: '15m',
    summary:
      'Falco on {{ $labels.node }} runs, and sees not even the connection that is made there every minute',
    description:
      'Either Falco Pod {{ $labels.pod }} is blind, and connections of Pods on {{ $labels.node }} raise no alert, or the collector there makes no canary connection; nobody can tell which minutes are covered. First look: kubectl get pods -A -o wide -l app.kubernetes.io/component=collector --field-selector spec.nodeName={{ $labels.node }}.',
  });
}

/** The kernel hands Falco more events than it reads. */
export function eventsDropped(watched: WatchedInstallation): AlertingRule {
  const selector = `{${job(watched)}}[10m]`;
  return alertingRule(watched, {
    alert: 'FalcoEgressEventsDropped',
    severity: 'warning',
    expr: `sum by (node, pod) (rate(falcosecurity_scap_n_drops_total${selector})) / sum by (node, pod) (rate(falcosecurity_scap_n_evts_total${selector})) > 0.01`,
    for: '10m',
    summary: 'Falco on {{ $labels.node }} loses {{ $value | humanizePercentage }} of the system calls',
    description:
      'What is lost raises no alert: a connection may have been missed on {{ $labels.node }} (Pod {{ $labels.pod }}). First look: the CPU that Falco gets, and which kind of event is lost (falcosecurity_scap_n_drops_buffer_total).',
  });
}

/** Falco's own queue of alerts is full: what sends them on is too slow. */
export function alertsDropped(watched: WatchedInstallation): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressAlertsDropped',
    severity: 'critical',
    expr: `sum by (node, pod) (increase(falcosecurity_falco_outputs_queue_num_drops_total{${job(watched)}}[10m])) > 0`,
    for: '0m',
    summary: 'Falco on {{ $labels.node }} threw alerts away: {{ $value | humanize }} in 10 minutes',
    description:
      'The queue of 50,000 alerts of Falco Pod {{ $labels.pod }} is full: falcosidekick does not take them as fast as they come. They are in no log and not with the collector either.',
  });
}

/**
 * Falco has not loaded a rules file as it was synthesized. The digests stand here and on no Pod template, so that a changed
 * rule replaces no Pod.
 */
export function rulesDiffer(watched: WatchedInstallation, expected: ExpectedRulesFile): AlertingRule {
  const { file, sha256 } = expected;
  return alertingRule(watched, {
    alert: 'FalcoEgressRulesDiffer',
    severity: 'critical',
    expr: `(up{${job(watched)}} == 1) unless on (pod) falcosecurity_falco_sha256_rules_files_info{${job(watched)},file_name="${file}",sha256="${sha256}"}`,
    for: '15m',
    labels: { file },
    summary: `Falco on {{ $labels.node }} does not run the rules in ${file} that were deployed`,
    description: `Falco Pod {{ $labels.pod }} has loaded another ${file}, or none: it was changed in the cluster, is refused, or has not arrived. First look: kubectl -n {{ $labels.namespace }} logs {{ $labels.pod }} -c rules-watch.`,
  });
}

/** Falco has loaded rules that nobody synthesized. */
export function rulesUnknown(watched: WatchedInstallation, digests: string): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressRulesUnknown',
    severity: 'critical',
    // The stock rules are the image's own.
    expr: `falcosecurity_falco_sha256_rules_files_info{${job(watched)},file_name!="falco_rules.yaml",sha256!~"${digests}"}`,
    for: '15m',
    summary: 'Falco on {{ $labels.node }} runs rules that were not deployed: {{ $labels.file_name }}',
    description:
      'The file {{ $labels.file_name }} that Falco Pod {{ $labels.pod }} has loaded (sha256 {{ $labels.sha256 }}) is none of those synthesized. It may switch rules off.',
  });
}

/** Falco's alert that it could not take its new rules comes by falcosidekick, which counts it. */
export function hotReloadFailed(watched: WatchedInstallation): AlertingRule {
  const counters = `falcosecurity_falcosidekick_falco_events_total{job="${jobName(watched.name, 'sidekick')}",rule="Falco internal: hot restart failure"}`;
  return alertingRule(watched, {
    alert: 'FalcoEgressHotReloadFailed',
    severity: 'warning',
    expr: `sum by (hostname) (${growth(counters, '15m')}) > 0`,
    for: '0m',
    summary: 'Falco on {{ $labels.hostname }} refused its new rules or configuration and keeps the old ones',
    description:
      'A change of the rules or of falco.yaml did not pass the dry run. Falco goes on with what it had, but will not take it at its next start. First look: the log of the container rules-watch of the Pod on {{ $labels.hostname }}.',
  });
}
