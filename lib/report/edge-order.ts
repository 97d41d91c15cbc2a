import type { EdgeColumnKey } from './edge-row';
import { destinationText } from '../history/endpoint-text';
import { workloadPath } from './labels';
import type { EdgeData, PageData } from './page-data';

/** Orders connections by a column; what is the same there stays in the order in which it was. */
export function edgeOrder(
  data: PageData,
  edges: readonly EdgeData[],
  { key, isDescending }: { readonly key: EdgeColumnKey; readonly isDescending: boolean },
): readonly EdgeData[] {
  const value = ranksBy(data, key);
  const sign = isDescending ? -1 : 1;
  return [...edges].sort((a, b) => sign * (value(a) - value(b)));
}

/** Names are compared once each, and not once a pair of rows. */
function ranksBy(data: PageData, key: EdgeColumnKey): (edge: EdgeData) => number {
  const { workloads, destinations, processes, hasClusters } = data;
  const texts =
    key === 'workload'
      ? workloads.map((each) => workloadPath(each, hasClusters))
      : key === 'destination'
        ? destinations.map(destinationText)
        : key === 'process'
          ? processes
          : undefined;
  if (texts === undefined) return (edge) => edge[key];
  const compare = new Intl.Collator('en', { numeric: true }).compare;
  const ranks: number[] = [];
  const order = texts.map((text, index) => ({ text, index })).sort((a, b) => compare(a.text, b.text));
  for (const [rank, { index }] of order.entries()) ranks[index] = rank;
  return (edge) => ranks[edge[key]] ?? 0;
}
