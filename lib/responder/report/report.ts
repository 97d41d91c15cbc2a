import { createHash } from 'node:crypto';
import type { EventToWrite } from '../cluster/cluster';

/** Something that people are told of: as an Event of the Pod, a line of the log, and an alert back through falcosidekick. */
export interface Report {
  readonly reason: ReportReason;
  /** In one line. */
  readonly line: string;
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid?: string };
  /** What makes it this report and no other; a second one with the same is the same report. */
  readonly about: string;
  readonly rule?: string;
  readonly response?: string;
  /** Identity of the alert. */
  readonly alert?: string;
}

/** Reasons of Events; a label of the metrics too, so the words are few. */
export type ReportReason = keyof typeof KINDS;

/** How loud each is: the type of its Event, and the priority of the alert back. */
const KINDS = {
  Quarantined: ['Warning', 'Warning'],
  NotContained: ['Warning', 'Critical'],
  Contained: ['Normal', 'Notice'],
  WouldRespond: ['Normal', 'Notice'],
  WaitsForApproval: ['Warning', 'Warning'],
  LimitReached: ['Warning', 'Critical'],
  Dismissed: ['Normal', 'Notice'],
  NotQuarantined: ['Warning', 'Warning'],
  ResponsesPaused: ['Warning', 'Warning'],
  LabelsStripped: ['Warning', 'Warning'],
  Labelled: ['Normal', 'Notice'],
  Evicted: ['Warning', 'Warning'],
  Deleted: ['Warning', 'Warning'],
  Alerted: ['Normal', 'Notice'],
  Released: ['Normal', 'Notice'],
  Expired: ['Warning', 'Warning'],
  StaysQuarantined: ['Warning', 'Critical'],
  ResponseFailed: ['Warning', 'Critical'],
} as const satisfies Record<string, readonly ['Normal' | 'Warning', string]>;

/** Events take at most 1024 characters (core/v1 validation). */
const MOST_CHARACTERS = 1024;

/** The name of a report's Event: the same for the same report, by each replica and after each restart. */
export function eventName({ reason, pod, about }: Report): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([reason, pod.namespace, pod.name, pod.uid, about]))
    .digest('hex')
    .slice(0, 20);
  return `falco-egress-${digest}`;
}

/** The Event that tells of it. */
export function eventOf(report: Report, time: Date): EventToWrite {
  const { reason, line, pod } = report;
  return {
    namespace: pod.namespace,
    name: eventName(report),
    type: KINDS[reason][0],
    reason,
    action: 'Respond',
    message: line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS - 1)}…` : line,
    regarding: { kind: 'Pod', apiVersion: 'v1', ...pod },
    time,
  };
}

/** How loud it is, in Falco's words. */
function priorityOf({ reason }: Report): string {
  return KINDS[reason][1];
}

/** What our own alerts call their source; no response ever answers them. */
export const OWN_SOURCE = 'falco-egress';

/** The alert that goes back through falcosidekick, in the form that Falco's own have. */
export function alertOf(report: Report, time: Date, cluster: string): object {
  const { reason, line, pod, rule, response, alert } = report;
  return {
    output: line,
    priority: priorityOf(report),
    rule: `falco-egress: ${reason}`,
    source: OWN_SOURCE,
    tags: ['falco-egress', 'response'],
    time: time.toISOString(),
    hostname: '',
    output_fields: {
      'k8s.ns.name': pod.namespace,
      'k8s.pod.name': pod.name,
      ...(pod.uid !== undefined && { 'k8s.pod.uid': pod.uid }),
      'falco_egress.reason': reason,
      'falco_egress.cluster': cluster,
      ...(rule !== undefined && { 'falco_egress.rule': rule }),
      ...(response !== undefined && { 'falco_egress.response': response }),
      ...(alert !== undefined && { 'falco_egress.alert': alert }),
    },
  };
}
