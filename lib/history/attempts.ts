import { alikeOf, ByAlike } from './alike';
import type { Connection } from './connection';
import { Digest } from './digest';
import { MinuteCounts } from './minute-counts';
import { millisecondsOf } from './time';

const MINUTE = 60_000;
/** Hours share as many tables: each is small enough to stay near the processor while its hour is read. */
const TABLES = 256;

/**
 * How many attempts there were, whatever ways they were told of: stored twice, sent on by falcosidekick and by the collector,
 * raised by two rules, counted before they were stored, or counted again by a collector that was killed before it had sent them.
 *
 * - The same attempt, told of by itself, has the same time to the nanosecond, node, container and destination; a store adds,
 *   sorts and cuts what else there is.
 * - Each line of a proxy's log is one of its own.
 * - What a process of the collector counted in a minute may be in several lines, whose counts add up. Another process, or alerts
 *   one by one, tell of the same minute again: the most that one of them tells of counts.
 *
 * All that is kept are digests of 64 bits: some 20 bytes for each that is told of by itself, and three times as much where some
 * are counted before they are stored.
 */
export class Attempts {
  private readonly digests = new ByAlike<Digests>();
  private readonly tables: (MinuteCounts | undefined)[] = [];
  private readonly digest = new Digest();
  private readonly time = new BigUint64Array(1);
  private readonly halves = new Uint32Array(this.time.buffer);

  /** How many attempts more are known by this one. */
  add(connection: Connection): number {
    const { first, last, run, count } = connection;
    const { identity, minute } = this.digestsOf(connection);
    const { digest } = this;
    this.note(digest.from(identity.low, identity.high), first);
    if (last !== first) this.note(digest, last);
    if (run !== undefined) digest.text(run);
    const number = Math.floor(millisecondsOf(first) / MINUTE);
    const table = (this.tables[Math.floor(number / 60) % TABLES] ??= new MinuteCounts());
    if (!table.isNew(digest)) return 0;
    return table.add(digest.from(minute.low, minute.high).number(number), run, count);
  }

  private note(digest: Digest, time: bigint): void {
    this.time[0] = time;
    digest.number(this.halves[0] ?? 0).number(this.halves[1] ?? 0);
  }

  private digestsOf(connection: Connection): Digests {
    const alike = alikeOf(connection);
    if (alike === undefined) return digestsOf(connection);
    const known = this.digests.get(alike);
    if (known !== undefined) return known;
    const digests = digestsOf(connection);
    this.digests.set(alike, digests);
    return digests;
  }
}

/** Of all but the times. */
interface Digests {
  /** What tells an attempt from others of the same time. */
  readonly identity: Digest;
  /** What lines of one minute have in common that may tell of the same; never less than what rows have. */
  readonly minute: Digest;
}

function digestsOf(connection: Connection): Digests {
  const { cluster, node, namespace, pod, containerId, client, line, workload, program, destination } =
    connection;
  const { address, port, protocol } = destination;
  const place = [node, containerId ?? line, namespace, pod, address, port];
  const more = [cluster, client, workload.kind, workload.name, program.name, program.path, protocol];
  const result = [connection.outcome, connection.error];
  return {
    identity: new Digest().text(place.join('\0')),
    minute: new Digest().text([...place, ...more, ...result].join('\0')),
  };
}
