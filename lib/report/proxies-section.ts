import { counted } from '../history/holes';
import { workloadCell } from './edge-row';
import { h, type PageElement } from './element';
import { whole } from './labels';
import type { Report } from './report';
import { section } from './sections';
import { moreText, table, type Column } from './tables';
import { throughProxies, type ThroughProxies } from './through-proxies';

const MOST_ROWS = 100;
const MOST_BEHIND = 5;

/** Whether anything is known of proxies. */
export function hasProxies({ data }: Report): boolean {
  return data.endpoints.some(({ proxy }) => proxy !== undefined);
}

/** Who went through proxies, and where to; nothing where no proxy is known. */
export function proxiesSection(report: Report): PageElement[] {
  if (!hasProxies(report)) return [];
  const { data } = report;
  const found = throughProxies(data);
  const columns: Column[] = [
    { head: 'Workload' },
    { head: 'Connections to a proxy', kind: 'number' },
    { head: 'Requests in its log', kind: 'number' },
    { head: 'Failed', kind: 'number' },
    { head: 'Behind it' },
  ];
  const rows = found.slice(0, MOST_ROWS).map((each) => {
    const { workload, toProxies, requests, failed } = each;
    return [
      ...[workloadCell(data, workload), [amount(toProxies)], [amount(requests)], [amount(failed)]],
      [behindText(each, report)],
    ];
  });
  const notes = [
    'Falco sees a workload connect to its proxy; where it went from there is what the log of the proxy tells. One connection may carry many requests, or none.',
    ...silent(found),
  ];
  return [
    section(
      'proxies',
      'Through proxies',
      table('Through proxies, by workload', columns, rows, moreText(found.length, rows.length, '')),
      ...notes.map((note) => h('p', { class: 'note' }, note)),
    ),
  ];
}

/** What only one of the two tells. */
function silent(found: readonly ThroughProxies[]): string[] {
  const unlogged = found.filter(({ toProxies, requests }) => toProxies > 0 && requests === 0).length;
  const unseen = found.filter(({ toProxies, requests }) => toProxies === 0 && requests > 0).length;
  return [
    ...(unlogged === 0
      ? []
      : [
          `${counted(unlogged, 'workload')} went to a proxy of whose requests no log that was read tells: continue there, by --proxy-log.`,
        ]),
    ...(unseen === 0
      ? []
      : [
          `${counted(unseen, 'client')} of the logs without a connection to a declared proxy: an address that no inventory resolves, a proxy that --proxy does not name, or somebody whom Falco does not watch.`,
        ]),
  ];
}

function behindText({ behind }: ThroughProxies, { data }: Report): string {
  const shown = behind
    .slice(0, MOST_BEHIND)
    .map(({ endpoint, times }) => `${data.endpoints[endpoint]?.label ?? ''} (${whole(times)})`);
  const more = behind.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${whole(more)} more`] : [])].join(', ');
}

function amount(times: number): string {
  return times === 0 ? '' : whole(times);
}
