import { createHash } from 'node:crypto';
import { readInventoryRecord } from '../../inventory/read-record';
import { INVENTORY_START, type InventoryRecord } from '../../inventory/record';
import type { Connection } from '../connection';
import { noOthers, type AlertRecord, type NotAConnection } from '../read-connection';
import { printTime } from '../time';
import { readEntry, type LokiEntry } from './entry';
import { LinePages } from './line-pages';
import type { LokiClient } from './loki-client';
import { LokiError } from './loki-error';

/** What is asked of a Loki. */
export interface LokiQuestion {
  readonly queries: readonly string[];
  /** In nanoseconds since 1970: `from` is within, `to` is not. */
  readonly from: bigint;
  readonly to: bigint;
  /** The name of the cluster whose alerts it holds, where they don't say. */
  readonly cluster?: string | undefined;
  /** Entries a page. */
  readonly limit?: number;
}

/** A time of which not all was to be had. */
export interface LokiGap {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

/** What is known of a Loki once it has answered. */
export interface LokiReport {
  readonly name: string;
  /** The cluster whose alerts it holds, where that was said. */
  readonly cluster?: string;
  readonly queries: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly pages: number;
  readonly entries: number;
  /** How many of these are records of the inventory. */
  readonly inventory: number;
  /** Of all its answers, one after the other. */
  readonly sha256: string;
  readonly badCount: number;
  readonly others: Readonly<Record<NotAConnection, number>>;
  readonly gaps: readonly LokiGap[];
  readonly retries: number;
}

/** Who is told of what a Loki holds beside connections. */
export interface LokiTold {
  readonly other?: ((alert: AlertRecord) => void) | undefined;
  readonly inventory?: ((record: InventoryRecord) => void) | undefined;
}

/** Of so much all queries are asked, before any is asked of more; of several times as much where there are few entries. */
const WINDOW = 24n * 3_600_000_000_000n;
const WIDEST = 7n * WINDOW;
const FEW = 1000;

/** The history in one Loki, page by page in the order of time, with two pages in memory. */
export class LokiHistory {
  private readonly hash = createHash('sha256');
  private readonly others = noOthers();
  private readonly gaps: LokiGap[] = [];
  private pages = 0;
  private entries = 0;
  private badCount = 0;
  private inventory = 0;
  private done = 0n;
  private readonly retriesBefore: number;

  /** @param told of alerts that are no connections, and of records of the inventory */
  constructor(
    private readonly client: LokiClient,
    private readonly question: LokiQuestion,
    private readonly told: LokiTold = {},
  ) {
    this.retriesBefore = client.retries;
  }

  /** How much of the time has been asked about, from 0 to 1. */
  get progress(): number {
    const { from, to } = this.question;
    return to > from ? Number((1000n * this.done) / (to - from)) / 1000 : 1;
  }

  /**
   * Connections that may be of interest. Where Loki gives no more, what it gave before counts, and the rest is a gap.
   *
   * @throws LokiError where it has given nothing at all, or refuses
   */
  async *connections(): AsyncGenerator<readonly Connection[], undefined> {
    const { from, to, queries, limit } = this.question;
    const told = {
      answer: (body: string): void => {
        this.hash.update(body);
        this.pages++;
      },
      gap: (begin: bigint, end: bigint, why: string): void => {
        this.gap(begin, end, why);
      },
    };
    const asked = queries.map((query) => new LinePages(this.client, query, told, limit));
    let width = WINDOW;
    let end = from;
    while (end < to) {
      const start = end;
      end = start + width < to ? start + width : to;
      const before = this.entries;
      // Up to when all queries have been answered.
      let whole = start;
      try {
        for (const [index, pages] of asked.entries())
          for await (const { entries, until } of pages.within(start, end)) {
            this.entries += entries.length;
            this.done = start - from + (BigInt(index) * (end - start) + until - start) / BigInt(asked.length);
            if (index === asked.length - 1) whole = until;
            yield this.read(entries);
          }
      } catch (error) {
        if (!(error instanceof LokiError) || this.pages === 0) throw error;
        this.gap(whole, to, error.message);
        return undefined;
      }
      width = this.entries - before > FEW ? WINDOW : 4n * width < WIDEST ? 4n * width : WIDEST;
    }
    this.done = to - from;
    return undefined;
  }

  /** Reads all, for what else than connections it tells of. */
  async readAll(): Promise<void> {
    const pages = this.connections();
    while ((await pages.next()).done !== true);
  }

  report(): LokiReport {
    const { question, pages, entries, inventory, badCount, others, gaps, client } = this;
    return {
      name: client.name,
      ...(question.cluster !== undefined && { cluster: question.cluster }),
      queries: question.queries,
      ...{ from: printTime(question.from), to: printTime(question.to) },
      ...{ pages, entries, inventory, sha256: this.hash.copy().digest('hex'), badCount, others, gaps },
      retries: client.retries - this.retriesBefore,
    };
  }

  private read(entries: readonly LokiEntry[]): Connection[] {
    const found: Connection[] = [];
    for (const entry of entries) {
      if (entry.line.startsWith(INVENTORY_START)) {
        this.record(entry.line);
        continue;
      }
      const content = readEntry(entry);
      if (content.kind === 'connection') found.push(this.inCluster(content.connection));
      else if (content.kind === 'other') {
        this.others[content.why]++;
        this.told.other?.(content.alert);
      } else this.badCount++;
    }
    return found;
  }

  private record(line: string): void {
    const record = readInventoryRecord(line);
    if (record === undefined) this.badCount++;
    else {
      this.inventory++;
      this.told.inventory?.(record);
    }
  }

  private inCluster(connection: Connection): Connection {
    const { cluster } = this.question;
    return connection.cluster === undefined && cluster !== undefined
      ? { ...connection, cluster }
      : connection;
  }

  private gap(from: bigint, to: bigint, why: string): void {
    this.gaps.push({ from: printTime(from), to: printTime(to), why });
  }
}

/** Of a Loki that gave nothing. */
export function withoutAll(report: LokiReport, why: string): LokiReport {
  return { ...report, gaps: [...report.gaps, { from: report.from, to: report.to, why }] };
}
