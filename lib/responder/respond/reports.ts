import type { QuarantineRecord, RecordedVerdict, StripEffect } from '../../containment';
import type { WatchedPod } from '../cluster/cluster';
import type { PodReport, Report, ReportReason } from '../report/report';
import type { Task } from './inbox';

/** The Pod of a report. */
export function podOf({ metadata }: WatchedPod): PodReport['pod'] {
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    ...(metadata?.uid !== undefined && { uid: metadata.uid }),
  };
}

/** What is told of a decision on a task; the same is told once in a cooldown, by whichever replica. */
export function taskReport(
  { alert, response }: Task,
  pod: WatchedPod | undefined,
  reason: ReportReason,
  line: string,
): Report {
  const bucket = Math.floor(new Date(alert.time).getTime() / (response.cooldownSeconds * 1000));
  return {
    reason,
    line,
    pod: pod === undefined ? { namespace: alert.namespace, name: alert.pod } : podOf(pod),
    about: JSON.stringify([response.name, bucket]),
    rule: alert.rule,
    response: response.name,
    alert: alert.id,
  };
}

/** A quarantine has begun: what its record says, so that a restart tells the same and not again. */
export function quarantinedReport(pod: WatchedPod, record: QuarantineRecord): Report {
  const { namespace, name } = podOf(pod);
  const until = record.expires === undefined ? 'until it is released' : `until ${record.expires}`;
  const again = record.before === undefined ? '' : `; ${record.before} of ${record.owner ?? ''} before it`;
  return {
    reason: 'Quarantined',
    line: `quarantined ${namespace}/${name} ${until}: ${record.reason}${again}; ${record.verdict?.summary ?? 'not judged yet'}`,
    pod: podOf(pod),
    about: record.since,
    rule: record.reason,
    response: record.by,
    ...(record.alerts[0] !== undefined && { alert: record.alerts[0] }),
  };
}

/** A verdict has changed. */
export function verdictReport(pod: WatchedPod, record: QuarantineRecord, verdict: RecordedVerdict): Report {
  const { namespace, name } = podOf(pod);
  return {
    reason: verdict.verdict === 'contained' ? 'Contained' : 'NotContained',
    line: `${namespace}/${name} (quarantined: ${record.reason}) is ${verdict.summary}`,
    pod: podOf(pod),
    about: `${record.since} ${verdict.summary}`,
    response: record.by,
  };
}

/** Labels have been taken, and what that does to others. */
export function strippedReport(
  pod: WatchedPod,
  { since, by }: QuarantineRecord,
  stripped: readonly string[],
  effects: readonly StripEffect[],
): Report {
  const { namespace, name } = podOf(pod);
  const labels = stripped.join(', ');
  return {
    reason: 'LabelsStripped',
    line: `took ${labels} from ${namespace}/${name}${effects.map(({ line }) => `; ${line}`).join('')}`,
    pod: podOf(pod),
    about: `${since} ${labels}`,
    response: by,
  };
}
