import type { Connection } from './connection';
import { HashedCounts } from './hashed-counts';

const MINUTE = 60_000_000_000n;

/**
 * How many attempts there were, whatever ways they were told of: stored twice, sent on by falcosidekick and by the collector,
 * raised by two rules, counted before they were stored, or counted again by a collector that was killed before it had sent them.
 *
 * - The same attempt, told of by itself, has the same time to the nanosecond, node, container and destination; a store adds,
 *   sorts and cuts what else there is.
 * - What a process of the collector counted in a minute may be in several lines, whose counts add up. Another process, or alerts
 *   one by one, tell of the same minute again: the most that one of them tells of counts.
 */
export class Attempts {
  private readonly seen = new HashedCounts();
  private readonly sums = new HashedCounts();
  private readonly most = new HashedCounts();

  /** How many attempts more are known by this one. */
  add(connection: Connection): number {
    const run = connection.run ?? '';
    if (this.seen.add(`${identityOf(connection)}\0${run}`, 1) > 1) return 0;
    const minute = minuteOf(connection);
    return this.most.raise(minute, this.sums.add(`${minute}\0${run}`, connection.count));
  }
}

function identityOf({ first, last, node, containerId, pod, namespace, destination }: Connection): string {
  const { address, port } = destination;
  const span = first === last ? String(first) : `${first}-${last}`;
  return [span, node, containerId, namespace, pod, address, port].join('\0');
}

/** What lines of one minute have in common; never less than what rows have. */
function minuteOf({ first, node, containerId, pod, namespace, ...rest }: Connection): string {
  const { cluster, workload, program, destination, outcome, error } = rest;
  const { address, port, protocol } = destination;
  return [
    ...[first / MINUTE, cluster, node, namespace, pod, containerId, workload.kind, workload.name],
    ...[program.name, program.path, address, port, protocol, outcome, error],
  ].join('\0');
}
