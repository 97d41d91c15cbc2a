import type { Connection, Whose } from '../connection';
import { CLIENT } from '../proxies/request';
import type { InventoryHistory } from './inventory';
import { isSameOwner, type Named } from './known';

/**
 * A connection with what the inventory knows of its time: whose the container or the address was, what its Pod belonged to, and what had the
 * destination's address. What an alert tells by itself stays.
 */
export function atTheTime(connection: Connection, inventory: InventoryHistory): Connection {
  const { cluster, destination, first, last } = connection;
  const whose = sourceOf(connection, inventory);
  const client = connection.workload.kind === CLIENT ? clientOf(connection, inventory) : undefined;
  const was = whoHad(inventory.destinations(cluster, destination, first, last));
  if (whose === undefined && client === undefined && was === undefined) return connection;
  return {
    ...connection,
    ...(whose !== undefined && { namespace: whose.namespace, pod: whose.name, workload: whose.workload }),
    ...client,
    ...(was !== undefined && { destination: { ...destination, was } }),
  };
}

function sourceOf(connection: Connection, inventory: InventoryHistory): Named | undefined {
  const { cluster, namespace, pod, containerId, client, workload, first, last } = connection;
  const isTold = workload.kind !== 'Container' && workload.kind !== 'Pod' && !workload.derived;
  if (isTold && client === undefined) return undefined;
  const known = containerId === undefined ? undefined : inventory.ofContainer(cluster, containerId);
  if (known !== undefined) return known;
  if (client !== undefined) return inventory.podWith(cluster, client, first, last);
  if (pod === undefined || namespace === undefined) return undefined;
  const then = inventory
    .named('pod', namespace, pod, cluster)
    .filter(({ from, seen, ended }) => from <= last && (ended ?? seen) >= first);
  return then.length === 1 ? then[0] : undefined;
}

/** Whose the address was of which a proxy's log tells: a Pod's, or a node's, which stands between. */
function clientOf(
  { cluster, workload, first, last }: Connection,
  inventory: InventoryHistory,
): Pick<Connection, 'namespace' | 'pod' | 'workload'> | undefined {
  const [known, ...others] = inventory.holders(cluster, workload.name, first, last);
  if (known === undefined || !others.every((other) => isSameOwner(other, known))) return undefined;
  const { kind, namespace, name } = known;
  return {
    namespace: namespace === '' ? undefined : namespace,
    pod: kind === 'pod' ? name : undefined,
    workload: known.workload,
  };
}

/** Near to a change of hands nobody is named, unless both belong to the same; of Services that all lead there the first. */
function whoHad(holders: readonly Named[]): Whose | undefined {
  const [only, ...others] = holders;
  if (only === undefined) return undefined;
  const { kind, namespace, name, workload } = only;
  const whose = { kind, namespace, name, workload };
  if (only.isEndpoint === true)
    return { ...whose, isEndpoint: true, ...(others.length > 0 && { others: others.length }) };
  const isSame = (other: Named): boolean =>
    other.kind === kind &&
    other.namespace === namespace &&
    other.workload.kind === workload.kind &&
    other.workload.name === workload.name;
  return others.every(isSame) ? whose : undefined;
}
