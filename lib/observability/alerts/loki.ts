import { objectName } from '../../names';
import { alertingRule, type AlertingRule, type WatchedInstallation } from '../alerting-rule';
import { growth } from '../growth';
import { jobName } from '../job';

const job = ({ name }: WatchedInstallation): string => `job="${jobName(name, 'loki')}"`;

/**
 * How full the volume may be. At 90 % Loki takes no more lines.
 * Fact: Loki 3.7, `ingester.wal.disk_full_threshold`.
 */
const FULL = 0.8;

/** The stack's own Loki is not ready: nobody stores, and nobody asks. */
export function lokiDown(watched: WatchedInstallation, namespace: string): AlertingRule {
  const set = `namespace="${namespace}",statefulset="${objectName(watched.name, 'loki')}"`;
  return alertingRule(watched, {
    alert: 'FalcoEgressLokiDown',
    severity: 'critical',
    expr: `max(kube_statefulset_status_replicas_ready{${set}}) == 0`,
    for: '10m',
    summary: 'Loki has not been ready for 10 minutes: no alert is stored',
    description:
      'The collectors keep what they read on their nodes until their queues are full; falcosidekick, where it stores, loses it. Nothing can be asked meanwhile. First look: the Pod of Loki, and its log.',
  });
}

/** Loki answers, but does not take what it is sent: too much, too late, or there is no room. */
export function lokiRefuses(watched: WatchedInstallation): AlertingRule {
  const refused = `loki_request_duration_seconds_count{${job(watched)},route=~"otlp_v1_logs|loki_api_v1_push",status_code=~"[45].."}`;
  return alertingRule(watched, {
    alert: 'FalcoEgressLokiRefuses',
    severity: 'critical',
    expr: `sum by (status_code) (${growth(refused, '5m')}) > 0`,
    for: '10m',
    summary:
      'Loki refuses lines: it answered {{ $labels.status_code }} to {{ $value | humanize }} requests in 5 minutes',
    description:
      'To 429 and 5xx the collector comes again, so that nothing is lost until its queue is full; what gets another 4xx is lost, and all that falcosidekick sends. First look: the log of Loki, and whether its volume is full.',
  });
}

/** Loki deletes by age and never by size: once its volume is full, it stores no more. */
export function lokiVolumeFull(watched: WatchedInstallation, namespace: string): AlertingRule {
  const claim = `namespace="${namespace}",persistentvolumeclaim="${objectName(watched.name, 'loki')}"`;
  const [free, size] = ['available', 'capacity'].map(
    (what) => `kubelet_volume_stats_${what}_bytes{${claim}}`,
  );
  // The kubelet does not tell of each kind of volume; Loki itself does, as a share of 1.
  const used = `max(1 - ${free ?? ''} / ${size ?? ''} or loki_ingester_wal_disk_usage_percent{${job(watched)}})`;
  return alertingRule(watched, {
    alert: 'FalcoEgressLokiVolumeFull',
    severity: 'warning',
    expr: `${used} > ${FULL}`,
    for: '15m',
    summary:
      'The volume of Loki is {{ $value | humanizePercentage }} full; from 90% on it takes no more lines',
    description:
      'Loki deletes what is older than its retention, and nothing for want of room. First look: how fast it grows; then a larger volume (loki.size) or a shorter retention (loki.retention).',
  });
}
