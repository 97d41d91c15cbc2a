import type { Readable } from 'node:stream';
import { messageOf } from '../../program/failure';
import type { InventoryRecord } from '../../inventory/record';
import type { Connection } from '../connection';
import { noOthers, type AlertRecord } from '../read-connection';
import type { LinesAsked, ScanReport } from './alert-scan';
import { BlockReader, type FileDigest } from './blocks';
import { isReadError } from './read-error';
import type { Found, Scan } from './scan';
import { scanHere } from './scan-here';

/** What is known of a file once it has been read. */
export interface FileReport extends FileDigest, ScanReport {
  readonly name: string;
  /** What its lines are. @default "alerts" */
  readonly of?: 'requests';
}

/** Who is told of what a file holds beside connections. */
export interface FileTold {
  readonly other?: ((alert: AlertRecord) => void) | undefined;
  readonly inventory?: ((record: InventoryRecord) => void) | undefined;
}

/** Of a file that was not read to its end. */
const NOTHING: ScanReport = {
  ...{ lines: 0, badCount: 0, bad: [], text: 0, inventory: 0, holdsAny: false, others: noOthers() },
  span: undefined,
};

/**
 * Alerts in a file or a stream, one a line, whichever way they were kept: as Falco prints them, as falcosidekick sends them
 * on, or as the container runtime logs them. See {@link AlertScan}.
 */
export class AlertFile {
  private readonly reader: BlockReader;
  private scanned = NOTHING;
  private inventoryCount = 0;

  /**
   * @param told.other of alerts that are no connections, of the lines of interest
   * @param told.inventory of records of the inventory
   * @param scanOf scans the blocks. @default in this thread
   */
  constructor(
    private readonly name: string,
    source: string | Readable,
    private readonly asked: LinesAsked,
    private readonly told: FileTold = {},
    private readonly scanOf: (asked: LinesAsked) => Scan = scanHere,
  ) {
    this.reader = new BlockReader(source);
  }

  /** Connections that may be of interest, block by block. What can't be read is counted, and ends nothing. */
  async *connections(): AsyncGenerator<readonly Connection[], undefined> {
    const { reader } = this;
    const scan = this.scanOf(this.asked);
    const pending: Promise<Found>[] = [];
    let failure: string | undefined;
    try {
      try {
        for await (const block of reader.blocks(scan.space)) {
          const found = scan.scan(block);
          // Whoever waits for it is told of its failure.
          found.catch(() => undefined);
          pending.push(found);
          if (pending.length >= scan.depth) yield* this.next(pending);
        }
      } catch (error) {
        if (!isReadError(error)) throw error;
        failure = messageOf(error);
      }
      while (pending.length > 0) yield* this.next(pending);
      this.scanned = await scan.end(failure);
    } finally {
      await scan.close();
    }
    return undefined;
  }

  /** So far, as the file lies there. */
  get bytesRead(): number {
    return this.reader.bytesRead;
  }

  /** Records of the inventory so far. */
  get inventory(): number {
    return this.inventoryCount;
  }

  /** Once all connections were taken. */
  report(): FileReport {
    return { name: this.name, ...this.reader.digest(), ...this.scanned };
  }

  private async *next(pending: Promise<Found>[]): AsyncGenerator<readonly Connection[], undefined> {
    const found = await pending.shift();
    if (found !== undefined) yield this.take(found);
    return undefined;
  }

  private take({ connections, others, inventory }: Found): readonly Connection[] {
    this.inventoryCount += inventory.length;
    for (const record of inventory) this.told.inventory?.(record);
    for (const alert of others) this.told.other?.(alert);
    return connections;
  }
}
