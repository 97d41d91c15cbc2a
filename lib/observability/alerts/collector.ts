import { alertingRule, type AlertingRule, type WatchedInstallation } from '../alerting-rule';
import { growth } from '../growth';
import { jobName } from '../job';

const job = ({ name }: WatchedInstallation): string => `job="${jobName(name, 'collector')}"`;

/** How full a queue on disk may be. */
const HALF = 0.5;

/**
 * Loki or the responder refuses what the collector sends: that it drops, and only that; whatever may pass, it sends again.
 * Fact: exporterhelper 0.160 counts as failed what it gives up.
 */
export function collectorLoses(watched: WatchedInstallation): AlertingRule {
  const refused = `otelcol_exporter_send_failed_log_records{${job(watched)}}`;
  return alertingRule(watched, {
    alert: 'FalcoEgressCollectorLoses',
    severity: 'critical',
    expr: `sum by (exporter) (${growth(refused, '15m')}) > 0`,
    for: '0m',
    summary:
      'The collector lost {{ $value | humanize }} lines in 15 minutes: {{ $labels.exporter }} was refused',
    description:
      'otlp_http is the responder, otlp_http/loki is Loki. What was refused is not sent again: those alerts are not kept, or not acted on. First look: the log of the collector, which has the answer.',
  });
}

/** Which of the collector's readers bring alerts to Loki: each counts one by one, before those of the record are counted together. */
export const READ_FOR_LOKI = 'receiver=~"file_log/(alerts|records)"';

/**
 * Falco raised more alerts on a node than the collector there has read for Loki.
 * Fact: Collector 0.160, a file_log receiver counts what its operators have left, in this case one for each alert.
 */
export function collectorMisses(watched: WatchedInstallation): AlertingRule {
  const falco = `job="${jobName(watched.name, 'falco')}"`;
  const raised = `sum by (node) (${growth(`falcosecurity_falco_rules_matches_total{${falco}}`, '15m')})`;
  const read = `sum by (node) (${growth(`otelcol_receiver_accepted_log_records{${job(watched)},${READ_FOR_LOKI}}`, '15m')})`;
  const missing = `(${raised} - (${read} or 0 * ${raised}))`;
  return alertingRule(watched, {
    alert: 'FalcoEgressCollectorMisses',
    severity: 'critical',
    // Scrapes are not at the same time: a few at the edges of the window are nothing.
    expr: `${missing} > 10 and ${missing} / ${raised} > 0.05`,
    for: '10m',
    summary:
      'The collector on {{ $labels.node }} has not read {{ $value | humanize }} alerts that Falco raised in 15 minutes',
    description:
      'They wait in the log of Falco on {{ $labels.node }}, or the kubelet has rotated them away: then Loki never has them, and an answer to who connected lacks them. First look: kubectl get pods -A -o wide -l app.kubernetes.io/component=collector --field-selector spec.nodeName={{ $labels.node }}.',
  });
}

/** Nobody takes what the collector has, for so long that its queue fills. */
export function collectorBehind(watched: WatchedInstallation): AlertingRule {
  const [size, capacity] = ['size', 'capacity'].map(
    (what) => `otelcol_exporter_queue_${what}{${job(watched)}}`,
  );
  return alertingRule(watched, {
    alert: 'FalcoEgressCollectorBehind',
    severity: 'warning',
    expr: `max by (node, exporter) (${size ?? ''} / ${capacity ?? ''}) > ${HALF}`,
    for: '5m',
    summary:
      'The queue of the collector on {{ $labels.node }} for {{ $labels.exporter }} is {{ $value | humanizePercentage }} full',
    description:
      'otlp_http is the responder, otlp_http/loki is Loki: it is away, or slower than alerts come. Once the queue is full, alerts wait in the log of Falco, until the kubelet rotates it away. First look: the log of the collector.',
  });
}
