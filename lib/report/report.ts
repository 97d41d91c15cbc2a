import { coverageText, type Coverage } from '../history/coverage';
import type { FileReport } from '../history/files/alert-file';
import { counted, holesIn } from '../history/holes';
import type { LokiReport } from '../history/loki/loki-history';
import type { PeriodTotals } from './connection-tally';
import type { PageData } from './page-data';
import type { Quarantine } from './quarantine';
import { throughProxies } from './through-proxies';
import type { Timeline } from './timeline-tally';

/** From when to when, in milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** All that a report says. */
export interface Report {
  /** `undefined` where nothing was asked for and nothing found. */
  readonly period: Period | undefined;
  /** The time of the same length before it; `undefined` where it isn't looked at. */
  readonly previous: Period | undefined;
  readonly made: {
    readonly user: string;
    readonly host: string;
    readonly at: string;
    readonly program: string;
  };
  readonly totals: PeriodTotals;
  readonly before: PeriodTotals;
  readonly timeline: Timeline | undefined;
  /** Of the previous period, with as many bars. */
  readonly timelineBefore: Timeline | undefined;
  readonly data: PageData;
  readonly quarantines: readonly Quarantine[];
  /** Whether the cluster was asked for those that there are now. */
  readonly askedCluster: boolean;
  readonly coverage: Coverage;
  readonly duplicates: number;
  /** Connections that are in no row. */
  readonly leftOut: number;
  readonly files: readonly FileReport[];
  readonly lokis: readonly LokiReport[];
  /** What else is missing, a line each. */
  readonly missing: readonly string[];
}

/** Whether there is something to compare with: of a previous period of which nothing is known, nothing is new. */
export function compares({ previous, before }: Pick<Report, 'previous' | 'before'>): boolean {
  return previous !== undefined && before.connections > 0;
}

/** Why the report is not whole: a line each. */
export function holesOf({ files, lokis, leftOut, missing }: Report): readonly string[] {
  return [
    ...holesIn(files, lokis),
    ...(leftOut === 0
      ? []
      : [`${counted(leftOut, 'connection')} of further workloads or destinations stand in no row`]),
    ...missing,
  ];
}

/** What can be said about the report as a whole: a line each. */
export function notesOn({ data, coverage, duplicates }: Report): readonly string[] {
  const requests = throughProxies(data).reduce((sum, each) => sum + each.requests, 0);
  const isDerived = data.workloads.some(({ derived }) => derived);
  return [
    coverageText(coverage),
    ...(duplicates === 0
      ? []
      : [`${counted(duplicates, 'alert')} told of a connection that is counted already`]),
    ...(requests === 0
      ? []
      : [
          `${counted(requests, 'connection')} of these told by logs of proxies, beside the connections to these`,
        ]),
    ...(isDerived ? ["~ read off the Pod's name"] : []),
  ];
}
