import { Alike, alikeOf } from '../alike';
import { fieldsOfLine } from '../alert-line';
import type { Connection } from '../connection';
import type { InventoryRecord } from '../../inventory/record';
import type { AlertRecord } from '../read-connection';
import type { ScanTold } from './alert-scan';
import type { Found } from './scan';

/** What lies in a block, as one thread tells it another: as little as possible of what was told before. */
export interface ScanBatch {
  /** Connections in their order: the place of each one's kind, or {@link ALONE}. */
  readonly places: Int32Array;
  /** The times of those that are of a kind. */
  readonly times: BigInt64Array;
  /** Those of no kind. */
  readonly alone: readonly Connection[];
  /** Kinds that are new in their places before the connection at that position. */
  readonly kinds: readonly { readonly at: number; readonly place: number; readonly first: Connection }[];
  /** Alerts that are no connections, with their lines. */
  readonly others: readonly (Omit<AlertRecord, 'fields' | 'counted'> & { readonly text: string })[];
  readonly inventory: readonly InventoryRecord[];
}

const ALONE = -1;

/** Collects what lies in a block. */
export class ScanBatchWriter implements ScanTold {
  private readonly kindOf: (Alike | undefined)[] = [];
  private places: number[] = [];
  private times: bigint[] = [];
  private alone: Connection[] = [];
  private kinds: ScanBatch['kinds'][number][] = [];
  private others: ScanBatch['others'][number][] = [];
  private records: InventoryRecord[] = [];

  connection(connection: Connection): void {
    const alike = alikeOf(connection);
    if (alike === undefined) {
      this.places.push(ALONE);
      this.alone.push(connection);
      return;
    }
    const { place, first } = alike;
    if (this.kindOf[place] !== alike) {
      this.kindOf[place] = alike;
      this.kinds.push({ at: this.places.length, place, first });
    }
    this.places.push(place);
    this.times.push(connection.first);
  }

  other({ rule, priority, time, hostname, cluster }: AlertRecord, text: () => string): void {
    this.others.push({ rule, priority, time, hostname, cluster, text: text() });
  }

  inventory(record: InventoryRecord): void {
    this.records.push(record);
  }

  /** All since the last one that was taken. */
  take(): ScanBatch {
    const { alone, kinds, others, records: inventory } = this;
    const [places, times] = [Int32Array.from(this.places), BigInt64Array.from(this.times)];
    [this.places, this.times, this.alone, this.kinds, this.others, this.records] = [[], [], [], [], [], []];
    return { places, times, alone, kinds, others, inventory };
  }
}

/** Reads batches of one {@link ScanBatchWriter}, in their order. */
export class ScanBatchReader {
  private readonly kinds: (Alike | undefined)[] = [];

  read({ places, times, alone, kinds, others, inventory }: ScanBatch): Found {
    const connections: Connection[] = [];
    let [nextKind, nextTime, nextAlone] = [0, 0, 0];
    for (let at = 0; at < places.length; at++) {
      for (let kind = kinds[nextKind]; kind?.at === at; kind = kinds[++nextKind])
        this.learn(kind.place, kind.first);
      const alike = this.kinds[places[at] ?? ALONE];
      const connection = alike === undefined ? alone[nextAlone++] : alike.at(times[nextTime++] ?? 0n);
      if (connection !== undefined) connections.push(connection);
    }
    return {
      connections,
      others: others.map(({ text, ...alert }) => ({ ...alert, ...fieldsOfLine(() => text) })),
      inventory,
    };
  }

  private learn(place: number, first: Connection): void {
    while (this.kinds.length <= place) this.kinds.push(undefined);
    this.kinds[place] = new Alike(place, first);
  }
}
