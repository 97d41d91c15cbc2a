import { readInventoryRecord } from '../../inventory/read-record';
import type { InventoryRecord, PictureRecord } from '../../inventory/record';
import { dateOf, parseTime, printMinute } from '../time';
import { lastPicturesQuery } from './logql';
import type { LokiClient } from './loki-client';
import { readPage } from './page';

const SECOND = 1_000_000_000n;
/** Below the longest range that Loki takes by default. */
const FURTHEST = 29n * 86_400n * SECOND;
/** Some of each cluster, where there are several. */
const MOST = 50;

interface Picture {
  readonly began: bigint;
  readonly every: number;
}

/** The last picture that the inventory in a Loki has of each cluster before a time: what was there then is told of since it began. */
export class EarlierPictures {
  /** By cluster; `undefined` for one that is heard of, and has none yet. */
  private readonly last = new Map<string, Picture | undefined>();
  private begin: Promise<bigint | undefined> | undefined;

  /** @param from the time, in nanoseconds since 1970 */
  constructor(
    private readonly client: LokiClient,
    private readonly from: bigint,
  ) {}

  add(record: InventoryRecord): void {
    const { cluster } = record;
    const before = this.last.get(cluster);
    this.last.set(cluster, (record.kind === 'picture' ? this.later(record, before) : undefined) ?? before);
  }

  /**
   * Since when records have to be read for what pictures from a later time on do not tell of; `undefined` where nothing earlier is
   * wanted, or had. Loki is asked once.
   *
   * @param start that later time
   * @param told of pictures that were found
   * @throws LokiError
   */
  since(start: bigint, told: (record: PictureRecord) => void): Promise<bigint | undefined> {
    return (this.begin ??= this.ask(start, told));
  }

  /** Of which clusters the last picture is older than it should be: a line each. */
  remarks(): readonly string[] {
    return [...this.last].flatMap(([cluster, picture]) => {
      if (picture === undefined || picture.began + BigInt(picture.every) * SECOND >= this.from) return [];
      const [at, from] = [picture.began, this.from].map((time) => printMinute(dateOf(time)));
      const every = `${Math.round(picture.every / 360) / 10} hours`;
      return [
        `the inventory of ${cluster} has no picture between ${at} and ${from}, though one comes every ${every}: what changed there meanwhile may have no name`,
      ];
    });
  }

  private async ask(start: bigint, told: (record: PictureRecord) => void): Promise<bigint | undefined> {
    const known = [...this.last].filter(([, picture]) => picture !== undefined).map(([cluster]) => cluster);
    if (known.length > 0 && known.length === this.last.size) return undefined;
    const earliest = start > FURTHEST ? start - FURTHEST : 0n;
    const range = { query: lastPicturesQuery(known), start: earliest, end: start, limit: MOST };
    const { client } = this;
    const entries = await client.queryRange({ ...range, direction: 'backward' }, (body) =>
      readPage(body, client.name),
    );
    const found = new Set<string>();
    for (const { line } of entries) {
      const record = readInventoryRecord(line);
      if (record?.kind !== 'picture' || known.includes(record.cluster)) continue;
      this.add(record);
      found.add(record.cluster);
      told(record);
    }
    const begins = [...found].flatMap((cluster) => this.last.get(cluster)?.began ?? []);
    return begins.length === 0 ? undefined : begins.reduce((a, b) => (a < b ? a : b));
  }

  private later({ began: text, every }: PictureRecord, before: Picture | undefined): Picture | undefined {
    const began = parseTime(text);
    const isLater =
      began !== undefined && began <= this.from && (before === undefined || began > before.began);
    return isLater ? { began, every } : undefined;
  }
}
