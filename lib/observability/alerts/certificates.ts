import { alertingRule, type AlertingRule, type WatchedInstallation } from '../alerting-rule';

/** How long before its end a certificate is late enough to be looked at in the night. */
const LITTLE = 3 * 24 * 3600;

/** cert-manager has not renewed a certificate at its time, of which there is plenty left. Needs cert-manager's metrics. */
export function certificateNotRenewed(watched: WatchedInstallation): AlertingRule {
  return late(watched, 'FalcoEgressCertificateNotRenewed', 'warning', '>=');
}

/** It has still not, and there is little time left, or none. */
export function certificateEnds(watched: WatchedInstallation): AlertingRule {
  return late(watched, 'FalcoEgressCertificateEnds', 'critical', '<');
}

function late(
  watched: WatchedInstallation,
  alert: string,
  severity: 'critical' | 'warning',
  left: '<' | '>=',
): AlertingRule {
  // By their names alone: the namespace may stand in another label, that of cert-manager in its place.
  const certificates = `{name=~"${watched.name}-[a-z-]+-tls"}`;
  return alertingRule(watched, {
    alert,
    severity,
    expr: `certmanager_certificate_expiration_timestamp_seconds${certificates} - time() ${left} ${LITTLE} and on (name) (time() - certmanager_certificate_renewal_timestamp_seconds${certificates} > 3600)`,
    for: '15m',
    summary: 'Certificate {{ $labels.name }} is not renewed, and ends in {{ $value | humanizeDuration }}',
    description:
      'cert-manager should have renewed it more than an hour ago. Once it has ended, alerts no longer pass between Falco, falcosidekick and the responder. First look: kubectl describe certificate -A, and cert-manager itself.',
  });
}
