import type { CoverageRecords } from '../../history/coverage-records';
import { AlertFile } from '../../history/files/alert-file';
import type { InventoryHistory } from '../../history/inventory/inventory';
import { spanOfPictures } from '../../history/inventory/span-of-pictures';
import { EarlierPictures } from '../../history/loki/earlier-pictures';
import { inventoryQueries, watchedQuery } from '../../history/loki/logql';
import type { LokiClient } from '../../history/loki/loki-client';
import { LokiError } from '../../history/loki/loki-error';
import { LokiHistory, withoutAll, type LokiReport } from '../../history/loki/loki-history';
import { timeOf } from '../../history/time';
import type { InventoryRecord } from '../../inventory/record';
import { canReadAgain } from './paths';
import { rangeOfLoki, type TimeRange } from './time-range';
import type { AskedLoki } from './lokis';

/** The inventory that files and Lokis hold. */
export class InventorySources {
  private readonly pictures = new Map<LokiClient, EarlierPictures>();
  /** For what time Lokis have told of pictures already, and whether of all else that these tell. */
  private known: (TimeRange & { readonly isAll: boolean }) | undefined;

  /** @param records are told of what tells of the coverage */
  constructor(
    private readonly files: readonly string[],
    private readonly lokis: readonly AskedLoki[],
    private readonly range: TimeRange | undefined,
    private readonly now: Date,
    private readonly records: CoverageRecords,
  ) {}

  /**
   * All of the inventory that there is, before connections are read. A file is read for it only where it begins with it, as the
   * log of a responder does.
   */
  async readAll(inventory: InventoryHistory): Promise<readonly LokiReport[]> {
    await this.readFiles(inventory, true);
    return this.readLokis(inventory, undefined);
  }

  /**
   * Reads only the records of the inventory that files hold, which some questions need first; a stream can be read only once.
   *
   * @param begins whether to leave a file whose first megabyte holds none
   */
  async readFiles(inventory: InventoryHistory, begins = false): Promise<void> {
    for (const path of this.files.filter(canReadAgain)) {
      const file = new AlertFile(path, path, { patterns: [], texts: [] }, { inventory: addTo(inventory) });
      const blocks = file.connections();
      while ((await blocks.next()).done !== true)
        if (begins && file.inventory === 0) await blocks.return(undefined);
    }
  }

  /**
   * Reads the records of the inventory that the Lokis hold, from the last picture before the time that is asked for, however long before,
   * to one after it.
   *
   * @param patterns of which a record must hold one; all are read if it is `undefined`
   */
  async readLokis(
    inventory: InventoryHistory,
    patterns: readonly string[] | undefined,
  ): Promise<readonly LokiReport[]> {
    const range = spanOfPictures(rangeOfLoki(this.range, this.now), timeOf(this.now));
    const queries = inventoryQueries(patterns, this.knowsPictures(range) ? 'without' : 'with');
    if (queries.length === 0) return [];
    const reports: LokiReport[] = [];
    let isWhole = true;
    for (const { client } of this.lokis) {
      const pictures = this.picturesOf(client);
      const told = (record: InventoryRecord): void => {
        inventory.add(record);
        this.records.noteInventory(record);
        pictures.add(record);
      };
      let history = new LokiHistory(client, { queries, ...range }, { inventory: told });
      try {
        await history.readAll();
        const since = await pictures.since(range.from, told);
        if (since !== undefined && since < range.from) {
          reports.push(history.report());
          history = new LokiHistory(client, { queries, from: since, to: range.from }, { inventory: told });
          await history.readAll();
        }
        reports.push(history.report());
      } catch (error) {
        if (!(error instanceof LokiError)) throw error;
        isWhole = false;
        // Without names an answer is still one.
        reports.push(withoutAll(history.report(), `the inventory: ${error.message}`));
      }
      for (const line of pictures.remarks()) inventory.remark(line);
    }
    if (isWhole) this.know(range, patterns === undefined);
    return reports;
  }

  private picturesOf(client: LokiClient): EarlierPictures {
    const { from } = rangeOfLoki(this.range, this.now);
    const pictures = this.pictures.get(client) ?? new EarlierPictures(client, from);
    this.pictures.set(client, pictures);
    return pictures;
  }

  private knowsPictures({ from, to }: TimeRange): boolean {
    const { known } = this;
    return known !== undefined && known.from <= from && known.to >= to;
  }

  /** All Lokis have told of pictures in that time, and perhaps of all else. */
  know(range: TimeRange, isAll: boolean): void {
    this.known ??= { ...range, isAll };
  }

  /** Has a Loki tell of nodes and exempt namespaces, and of pictures, as far as it has not told of them yet. */
  async readWatched(
    client: LokiClient,
    range: TimeRange,
    inventory: (record: InventoryRecord) => void,
  ): Promise<void> {
    const isKnown = this.knowsPictures(range);
    if (isKnown && this.known?.isAll === true) return;
    const queries = [watchedQuery(isKnown ? 'without' : 'with')];
    const pictures = this.picturesOf(client);
    const told = (record: InventoryRecord): void => {
      pictures.add(record);
      inventory(record);
    };
    await new LokiHistory(client, { queries, ...range }, { inventory: told }).readAll();
  }
}

function addTo(inventory: InventoryHistory): (record: InventoryRecord) => void {
  return (record) => {
    inventory.add(record);
  };
}
