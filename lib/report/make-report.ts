import type { Coverage } from '../history/coverage';
import type { FileReport } from '../history/files/alert-file';
import type { LokiReport } from '../history/loki/loki-history';
import type { ConnectionTally } from './connection-tally';
import type { Quarantine } from './quarantine';
import type { Period, Report } from './report';
import type { Timeline } from './timeline-tally';

/** What a report is made of. */
interface ReportInputs {
  readonly tally: ConnectionTally;
  /** What was asked for; all that there is where it is `undefined`. */
  readonly period: Period | undefined;
  readonly previous: Period | undefined;
  readonly quarantines: readonly Quarantine[];
  readonly askedCluster: boolean;
  readonly made: Report['made'];
  readonly coverage: Coverage;
  readonly files: readonly FileReport[];
  readonly lokis: readonly LokiReport[];
  readonly missing: readonly string[];
}

/** The report of what was counted. */
export function makeReport({ tally, period, ...inputs }: ReportInputs): Report {
  const { span } = tally;
  const shown = period ?? (span && { from: span.from, to: span.to + 1 });
  const { previous } = inputs;
  const before = tally.totals('before');
  return {
    ...inputs,
    period: shown,
    totals: tally.totals('now'),
    before,
    timeline: shown && timelineOf(tally, 'now', shown),
    timelineBefore: previous && timelineOf(tally, 'before', previous),
    data: tally.data(previous !== undefined && before.connections > 0),
    duplicates: tally.duplicates,
    leftOut: tally.leftOut,
  };
}

/** Both with bars of the same width. */
function timelineOf({ timeline }: ConnectionTally, period: 'now' | 'before', { from, to }: Period): Timeline {
  const width = Math.max(timeline.now.width, timeline.before.width);
  return timeline[period].between(from, to, width);
}
