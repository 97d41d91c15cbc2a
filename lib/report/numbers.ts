import { h, type PageElement } from './element';
import { coverageShort } from './known';
import { whole } from './labels';
import { compares, type Report } from './report';
import { newPairs } from './talkers';

/** The numbers at the top: what somebody takes away who reads no further. */
export function numbers(report: Report): PageElement {
  const { totals, before, data, quarantines } = report;
  const isCompared = compares(report);
  const change = (now: number, then: number): string | undefined =>
    isCompared ? changeText(now, then) : undefined;
  const failedShare = totals.connections === 0 ? 0 : (100 * totals.failed) / totals.connections;
  const fresh = newPairs(data).length;
  return h(
    'dl',
    { class: 'numbers' },
    number('Connections', whole(totals.connections), change(totals.connections, before.connections)),
    number('Workloads', whole(totals.workloads), change(totals.workloads, before.workloads)),
    number('Destinations', whole(totals.endpoints), change(totals.endpoints, before.endpoints)),
    number(
      'New',
      isCompared ? whole(fresh) : '–',
      isCompared ? 'workload and destination' : 'nothing to compare with',
      {
        mark: fresh > 0,
      },
    ),
    number(
      'Failed',
      whole(totals.failed),
      `${failedShare.toFixed(failedShare < 10 ? 1 : 0)} % of connections`,
    ),
    number('Quarantines', whole(quarantines.length), undefined, { mark: quarantines.length > 0 }),
    number('Coverage', ...coverageShort(report)),
  );
}

function number(name: string, value: string, note: string | undefined, { mark = false } = {}): PageElement {
  return h(
    'div',
    { class: mark ? 'mark' : undefined },
    h('dt', {}, name),
    h('dd', { class: 'value' }, value),
    ...(note === undefined ? [] : [h('dd', { class: 'note' }, note)]),
  );
}

function changeText(now: number, then: number): string {
  if (now === then) return 'as many as before';
  if (then === 0) return 'none before';
  const percent = Math.abs((100 * (now - then)) / then);
  const size = percent < 10 ? percent.toFixed(1) : whole(Math.round(percent));
  return `${size} % ${now > then ? 'more' : 'fewer'} than before`;
}
