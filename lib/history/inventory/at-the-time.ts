import { literal } from '../asked';
import { byWhose, merged, type Row } from '../tally';
import type { Workload } from '../workload';
import type { InventoryHistory } from './inventory';
import { CLIENT } from '../proxies/request';
import { isSameOwner, type Named } from './known';

/** A row with what the inventory knows of its time. */
export interface RowAtTheTime extends Row {
  /**
   * What had the destination's address then, one after the other; or else the Services that led to it. Most often there is one, or
   * none that is known.
   */
  readonly destinationWas: readonly Named[];
}

/**
 * Rows with the names that the inventory gives: whose a container was of which the alert knew no Pod, or else the
 * address that it connected from, what a Pod belonged to that the alert only named, and what had the destination's address at that time. Rows that turn out to be of the same become one.
 */
export function rowsAtTheTime(rows: readonly Row[], inventory: InventoryHistory): readonly RowAtTheTime[] {
  const byKey = new Map<string, Row>();
  for (const row of rows.map((each) => ofWhom(each, inventory))) {
    const key = keyOf(row);
    const before = byKey.get(key);
    byKey.set(key, before === undefined ? row : merged(before, row));
  }
  return [...byKey.values()].sort(byWhose).map((row) => {
    const { cluster, destination, first, last } = row;
    return { ...row, destinationWas: inventory.destinations(cluster, destination, first, last) };
  });
}

/** What records of the inventory hold by which these rows may be told of: ids of containers, addresses of clients, and names of Pods. */
export function patternsOfRows(rows: readonly Row[]): readonly string[] {
  const found = rows.flatMap(({ client, workload, pods }) => {
    const from = client === undefined ? [] : [`"${literal(client)}"`];
    if (workload.kind === 'Container' || workload.kind === CLIENT) return [literal(workload.name), ...from];
    if (client !== undefined) return from;
    return isOnlyNamed(workload) ? [...pods].map((pod) => `"name":"${literal(pod)}"`) : [];
  });
  return [...new Set(found)];
}

function isOnlyNamed({ kind, derived }: Workload): boolean {
  return derived || kind === 'Pod';
}

function ofWhom(row: Row, inventory: InventoryHistory): Row {
  const { cluster, namespace, client, workload, pods, first, last } = row;
  if (workload.kind === 'Container' || client !== undefined) {
    const known =
      (workload.kind === 'Container' ? inventory.ofContainer(cluster, workload.name) : undefined) ??
      (client === undefined ? undefined : inventory.podWith(cluster, client, first, last));
    if (known === undefined) return row;
    return { ...row, namespace: known.namespace, workload: known.workload, pods: new Set([known.name]) };
  }
  if (workload.kind === CLIENT) return ofClient(row, inventory);
  if (namespace === undefined || !isOnlyNamed(workload)) return row;
  const found = [...pods].flatMap((pod) => {
    const all = inventory.named('pod', namespace, pod, cluster);
    // A name may have been another Pod's at another time.
    const then = all.filter((known) => known.from <= last && (known.ended ?? known.seen) >= first);
    return then.length > 0 ? then : all;
  });
  const [known] = found;
  if (known === undefined || !found.every((other) => isSameOwner(other, known))) return row;
  return { ...row, workload: known.workload };
}

/** Of whom a proxy's log tells the address: one after the other may have had it, and then it stays an address. */
function ofClient(row: Row, inventory: InventoryHistory): Row {
  const { cluster, workload, first, last } = row;
  const found = inventory.holders(cluster, workload.name, first, last);
  const [known] = found;
  if (known === undefined || !found.every((other) => isSameOwner(other, known))) return row;
  const { namespace } = known;
  return {
    ...row,

    namespace,
    workload: known.workload,
    pods: new Set(found.map(({ name }) => name)),
  };
}

function keyOf({ cluster, namespace, workload, process, path, destination, error }: Row): string {
  const { address, port, protocol } = destination;
  const { kind, name } = workload;
  return [cluster, namespace, kind, name, process, path, address, port, protocol, error].join('\0');
}
