import type { InventoryRecord, NodeRecord } from '../../inventory/record';
import { parseTime } from '../time';
import { Pictures } from './pictures';

/** So many are kept at most. */
const MOST_KEPT = 200_000;

/** A time in which a cluster had a node, which should have been watched then. */
export interface NodeLife {
  readonly cluster: string;
  readonly node: string;
  /** In nanoseconds since 1970: `from` is within, `to` is not. */
  readonly from: bigint;
  readonly to: bigint;
  /** Whether its end was seen; else it may have been there for longer. */
  readonly isEndKnown: boolean;
}

/** What records tell of one node. */
interface Seen {
  readonly cluster: string;
  readonly node: string;
  from: bigint;
  seen: bigint;
  ended: bigint | undefined;
}

/** From when to when clusters had which nodes, out of records in any order, told by any number of replicas. */
export class NodeLives {
  /** By cluster and UID: one that comes back by the same name is another. */
  private readonly all = new Map<string, Seen>();
  private readonly pictures = new Pictures();

  add(record: InventoryRecord): void {
    if (record.kind === 'node') this.note(record);
    if (record.kind === 'picture') this.pictures.add(record);
  }

  get(): readonly NodeLife[] {
    return [...this.all.values()].map(({ cluster, node, from, seen, ended }) => ({
      ...{ cluster, node, from, isEndKnown: ended !== undefined },
      to: ended ?? this.knownUntil(cluster, seen),
    }));
  }

  /** A node that no later picture tells of was last seen then; one of the latest picture is there until the one after it is late. */
  private knownUntil(cluster: string, seen: bigint): bigint {
    const { pictures } = this;
    return pictures.hasPassedOver(cluster, seen) ? seen : seen + 2n * pictures.every(cluster);
  }

  private note({ cluster, name, uid, ...times }: NodeRecord): void {
    const [since, seen] = [parseTime(times.since), parseTime(times.time)];
    const ended = times.ended === undefined ? undefined : parseTime(times.ended);
    if (since === undefined || seen === undefined) return;
    const key = `${cluster}\0${uid}`;
    const known = this.all.get(key);
    if (known !== undefined) {
      if (since < known.from) known.from = since;
      if (seen > known.seen) known.seen = seen;
      // Of several who saw it gone, the first was nearest to it.
      if (ended !== undefined && (known.ended === undefined || ended < known.ended)) known.ended = ended;
    } else if (this.all.size < MOST_KEPT)
      this.all.set(key, { cluster, node: name, from: since, seen, ended });
  }
}
