import { QUARANTINE_POLICY } from '../../names';
import { alertingRule, type AlertingRule, type WatchedInstallation } from '../alerting-rule';
import { growth } from '../growth';
import { jobName } from '../job';

const job = ({ name }: WatchedInstallation): string => `job="${jobName(name, 'responder')}"`;

const reports = (watched: WatchedInstallation, reason: string): string =>
  `sum(${growth(`falco_egress_responder_reports_total{${job(watched)},reason="${reason}"}`, '15m')}) > 0`;

/** Pods wait to be worked on. */
export function responderBehind(watched: WatchedInstallation): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressResponderBehind',
    severity: 'critical',
    expr: `max by (pod) (falco_egress_responder_queue_oldest_seconds{${job(watched)}}) > 60`,
    for: '2m',
    summary: 'The responder is {{ $value | humanizeDuration }} behind: Pods are not cut off in time',
    description:
      'A Pod has waited that long in the queue of {{ $labels.pod }}. First look: does the API server answer (falco_egress_responder_api_calls_total by outcome), and does the responder get CPU.',
  });
}

/** Limits of senders put alerts off, again and again. */
export function responderThrottles(watched: WatchedInstallation): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressResponderThrottles',
    severity: 'warning',
    expr: `sum by (way, limit) (${growth(`falco_egress_responder_throttled_total{${job(watched)}}`, '15m')}) > 20`,
    for: '5m',
    summary:
      'The responder put off {{ $value | humanize }} requests in 15 minutes ({{ $labels.way }}, {{ $labels.limit }})',
    description:
      'Alerts of a node come late, or those of falcosidekick not at all; or somebody knocks with wrong tokens. Who it is: the line "request put off" of the responder\'s log names the sender.',
  });
}

/** How many Pods are in a state now, as the replica that knows most tells; or what people were told of it within 15 minutes. */
const pods = (watched: WatchedInstallation, gauge: string, reason: string, labels = ''): string =>
  `max(falco_egress_responder_${gauge}{${job(watched)}${labels}}) > 0 or ${reports(watched, reason)}`;

/** A response failed, and the responder has said so: until it is done, or the Pod is gone. */
export function responseFailed(watched: WatchedInstallation): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressResponseFailed',
    severity: 'critical',
    expr: pods(watched, 'failing_pods', 'ResponseFailed'),
    for: '0m',
    summary: 'Responses fail on {{ $value | humanize }} Pods that should be cut off',
    description:
      'It goes out once they are done, the Pods are gone, or are cut off otherwise. Which, and why: kubectl get events -A --field-selector reason=ResponseFailed. Cut the Pod off by hand meanwhile: falco-egress quarantine add NAMESPACE/POD --reason TEXT.',
  });
}

/** A limit is reached: the responder has stopped, and waits for a person, until one has answered. */
export function limitReached(watched: WatchedInstallation): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressLimitReached',
    severity: 'critical',
    expr: pods(watched, 'waiting_pods', 'LimitReached', ',why="limit"'),
    for: '0m',
    summary: 'The responder reached a limit: {{ $value | humanize }} Pods wait for a person',
    description:
      'More Pods would be cut off than responder.limits allow: an attack that spreads, or a rule that matches too much. Which Pods wait: falco-egress quarantine list. Agree by: falco-egress quarantine approve NAMESPACE/POD; refuse by: falco-egress quarantine dismiss.',
  });
}

/** A namespace has become exempt, or is no longer. */
export function exemptionChanged(watched: WatchedInstallation): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressExemptionChanged',
    severity: 'warning',
    expr: reports(watched, 'ExemptionChanged'),
    for: '0m',
    summary: 'The exemption of {{ $value | humanize }} namespaces changed in 15 minutes',
    description:
      'A namespace that is exempt raises none of our alerts. Which, and what set the label: kubectl get events -A --field-selector reason=ExemptionChanged.',
  });
}

/** The responder runs and can do nothing. */
export function responderNotReady(watched: WatchedInstallation): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressResponderNotReady',
    severity: 'critical',
    expr: `max(falco_egress_responder_api_server_ready{${job(watched)}}) == 0`,
    for: '5m',
    summary: 'No responder can use the API server: nothing is cut off, released or expired',
    description:
      'Alerts are refused with 503; the collector keeps them, falcosidekick does not. First look: /readyz of the responder, which says why.',
  });
}

/** Somebody is cut off, and nobody is there to release, to expire or to check it. */
export function responderAbsent(watched: WatchedInstallation): AlertingRule {
  const standing = `count(kube_networkpolicy_created{networkpolicy="${QUARANTINE_POLICY}"}) > 0`;
  // Without kube-state-metrics the responder's own last word counts, for a day.
  const lastSeen = `sum(max by (verdict) (last_over_time(falco_egress_responder_quarantined_pods{${job(watched)}}[1d]))) > 0 unless on () kube_node_info`;
  return alertingRule(watched, {
    alert: 'FalcoEgressResponderAbsent',
    severity: 'critical',
    expr: `(${standing} or ${lastSeen}) unless on () (up{${job(watched)}} == 1)`,
    for: '10m',
    summary: 'Pods are quarantined, and no responder is there to release them',
    description:
      'They stay cut off, past their time too, and what contains them is no longer checked. First look: kubectl get pods -A -l app.kubernetes.io/component=responder. By hand: falco-egress quarantine list, and release.',
  });
}

/** A quarantine does not hold. */
export function notContained(watched: WatchedInstallation): AlertingRule {
  return alertingRule(watched, {
    alert: 'FalcoEgressNotContained',
    severity: 'critical',
    expr: `max by (verdict) (falco_egress_responder_quarantined_pods{${job(watched)},verdict!="contained"}) > 0`,
    for: '2m',
    summary: '{{ $value }} quarantined Pods can still connect ({{ $labels.verdict }})',
    description:
      'Another policy lets them out. Which, and whose: falco-egress quarantine list names it in the column VERDICT.',
  });
}
