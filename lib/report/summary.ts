import { coverageAsJson } from '../history/coverage';
import { counted } from '../history/holes';
import { minuteOf, whole, workloadPath } from './labels';
import { compares, holesOf, notesOn, type Period, type Report } from './report';
import type { PageData } from './page-data';
import { rowsAsJson } from './rows-json';
import { newPairs } from './talkers';
import { throughProxies } from './through-proxies';

/** What a person at a terminal reads of a report that was written. */
export function reportInLines(report: Report, file: string): readonly string[] {
  const { period, totals, data, quarantines } = report;
  const { connections, workloads, endpoints } = totals;
  const found = `${whole(connections)} ${connections === 1 ? 'connection' : 'connections'} of ${counted(workloads, 'workload')} to ${counted(endpoints, 'destination')}`;
  const fresh = compares(report) ? [counted(newPairs(data).length, 'new pair')] : [];
  const held = quarantines.length === 0 ? [] : [counted(quarantines.length, 'quarantine')];
  return [
    `${file}: ${[found, ...fresh, ...held].join(', ')}`,
    ...(period === undefined
      ? []
      : [`from ${minuteOf(period.from / 1000)} to ${minuteOf(period.to / 1000)} UTC`]),
    ...notesOn(report),
  ];
}

/** The same for programs. */
export function reportAsJson(report: Report, file: string): object {
  const { period, previous, made, totals, before, data, quarantines, files, lokis } = report;
  const holes = holesOf(report);
  const through = throughProxies(data).map(({ workload, behind, ...sums }) => ({
    ...{ workload: workloadAt(data, workload), ...sums },
    behind: behind.map(({ endpoint, times }) => ({ destination: data.endpoints[endpoint]?.label, times })),
  }));
  return {
    ...{ file, made, period: period && periodAsJson(period), previous: previous && periodAsJson(previous) },
    ...{ partial: holes.length > 0, holes, notes: notesOn(report), totals },
    coverage: coverageAsJson(report.coverage),
    ...(compares(report) && {
      before,
      new: newPairs(data).map(({ workload, endpoint, processes, times, first }) => ({
        workload: workloadAt(data, workload),
        destination: data.endpoints[endpoint]?.label,
        ...{ scope: data.endpoints[endpoint]?.scope, processes, times, first: at(1000 * first) },
      })),
    }),
    ...rowsAsJson(data, compares(report)),
    ...(through.length > 0 && { proxies: through }),
    quarantines: quarantines.map(({ since, ended, ...rest }) => ({
      ...rest,
      since: since === undefined ? undefined : at(1000 * since),
      ended: ended === undefined ? undefined : at(1000 * ended),
    })),
    inputs: { files, lokis },
  };
}

function workloadAt({ workloads, hasClusters }: PageData, index: number): string {
  const workload = workloads[index];
  return workload === undefined ? '' : workloadPath(workload, hasClusters);
}

function periodAsJson({ from, to }: Period): object {
  return { from: at(from), to: at(to) };
}

function at(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
