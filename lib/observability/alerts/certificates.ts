import { alertingRule, type AlertingRule, type WatchedInstallation } from '../alerting-rule';

/** cert-manager has not renewed a certificate at its time. Needs cert-manager's metrics. */
export function certificateNotRenewed(watched: WatchedInstallation): AlertingRule {
  // By their names alone: the namespace may stand in another label, that of cert-manager in its place.
  const certificates = `{name=~"${watched.name}-[a-z-]+-tls"}`;
  return alertingRule(watched, {
    alert: 'FalcoEgressCertificateNotRenewed',
    severity: 'critical',
    expr: `certmanager_certificate_expiration_timestamp_seconds${certificates} - time() and on (name) (time() - certmanager_certificate_renewal_timestamp_seconds${certificates} > 3600)`,
    for: '15m',
    summary: 'Certificate {{ $labels.name }} is not renewed, and ends in {{ $value | humanizeDuration }}',
    description:
      'cert-manager should have renewed it more than an hour ago. Once it has ended, alerts no longer pass between Falco, falcosidekick and the responder. First look: kubectl describe certificate -A, and cert-manager itself.',
  });
}
