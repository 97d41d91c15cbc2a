import { createHash } from 'node:crypto';
import type { Fields } from '../../program/log';
import type { EventToWrite } from '../cluster/cluster';

/** Something that people are told of: as an Event of what it is about, a line of the log, and an alert back through falcosidekick. */
export type Report = PodReport | NamespaceReport;

/** Of one Pod. */
export interface PodReport extends Told {
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid?: string };
}

/** Of a namespace as a whole; its Event is within it. */
export interface NamespaceReport extends Told {
  readonly namespace: string;
}

interface Told {
  readonly reason: ReportReason;
  /** In one line. */
  readonly line: string;
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
  ExemptionChanged: ['Warning', 'Warning'],
} as const satisfies Record<string, readonly ['Normal' | 'Warning', string]>;

/** Events take at most 1024 characters (core/v1 validation). */
const MOST_CHARACTERS = 1024;

/** The name of a report's Event: the same for the same report, by each replica and after each restart. */
export function eventName(report: Report): string {
  const { namespace, name, uid } = regardingOf(report);
  const digest = createHash('sha256')
    .update(JSON.stringify([report.reason, namespace, name, uid, report.about]))
    .digest('hex')
    .slice(0, 20);
  return `falco-egress-${digest}`;
}

/** The Event that tells of it. */
export function eventOf(report: Report, time: Date): EventToWrite {
  const { reason, line } = report;
  const regarding = regardingOf(report);
  return {
    namespace: regarding.namespace,
    name: eventName(report),
    type: KINDS[reason][0],
    reason,
    action: 'Respond',
    message: line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS - 1)}…` : line,
    regarding,
    time,
  };
}

/** What it is about, as Events name it. An Event has to be in the namespace that it names. */
function regardingOf(report: Report): EventToWrite['regarding'] & { readonly namespace: string } {
  return 'pod' in report
    ? { kind: 'Pod', apiVersion: 'v1', ...report.pod }
    : { kind: 'Namespace', apiVersion: 'v1', namespace: report.namespace, name: report.namespace };
}

/** How it stands in the log. */
export function logged(report: Report): Fields {
  if (!('pod' in report)) return { reason: report.reason, namespace: report.namespace };
  const { namespace, name, uid } = report.pod;
  return { reason: report.reason, namespace, pod: name, ...(uid !== undefined && { uid }) };
}

/** How loud it is, in Falco's words. */
function priorityOf({ reason }: Report): string {
  return KINDS[reason][1];
}

/** What our own alerts call their source; no response ever answers them. */
export const OWN_SOURCE = 'falco-egress';

/** How the line of an alert of ours begins. */
export const ALERT_START = '{"output":';

/** The alert that goes back through falcosidekick, in the form that Falco's own have. */
export function alertOf(report: Report, time: Date, cluster: string): object {
  const { reason, line, rule, response, alert } = report;
  const { kind, namespace, name, uid } = regardingOf(report);
  return {
    output: line,
    priority: priorityOf(report),
    rule: `falco-egress: ${reason}`,
    source: OWN_SOURCE,
    tags: ['falco-egress', 'response'],
    time: time.toISOString(),
    hostname: '',
    output_fields: {
      'k8s.ns.name': namespace,
      ...(kind === 'Pod' && { 'k8s.pod.name': name }),
      ...(uid !== undefined && { 'k8s.pod.uid': uid }),
      'falco_egress.reason': reason,
      'falco_egress.cluster': cluster,
      ...(rule !== undefined && { 'falco_egress.rule': rule }),
      ...(response !== undefined && { 'falco_egress.response': response }),
      ...(alert !== undefined && { 'falco_egress.alert': alert }),
    },
  };
}
