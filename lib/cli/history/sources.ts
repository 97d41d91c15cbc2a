import { patternsOf, type Asked } from '../../history/asked';
import type { Connection } from '../../history/connection';
import type { Coverage } from '../../history/coverage';
import { COVERAGE_TEXTS, CoverageRecords } from '../../history/coverage-records';
import { AlertFile, type FileReport, type FileTold } from '../../history/files/alert-file';
import { scanOfSize } from '../../history/files/scan-in-thread';
import { atTheTime } from '../../history/inventory/connection-then';
import type { InventoryHistory } from '../../history/inventory/inventory';
import { spanOfPictures } from '../../history/inventory/span-of-pictures';
import type { CanaryReport } from '../../history/loki/loki-canaries';
import type { AskedQuery } from '../../history/loki/asked-queries';
import { queriesFor } from '../../history/loki/logql';
import { AccessLog } from '../../history/proxies/access-log';
import { LokiError } from '../../history/loki/loki-error';
import { LokiHistory, withoutAll, type LokiReport } from '../../history/loki/loki-history';
import type { AlertRecord } from '../../history/read-connection';
import { timeOf } from '../../history/time';
import type { InventoryRecord } from '../../inventory/record';
import { UsageError } from '../../synth/usage-error';
import { askedCoverage, spanOfFiles } from './asked-coverage';
import type { HistoryValues } from './options';
import { plainPath, sizeOf, STDIN } from './paths';
import { InventorySources } from './inventory-sources';
import { Progress } from '../progress';
import { rangeOfLoki, timeRangeOf, type TimeRange } from './time-range';
import type { ProxyLog } from './proxy-logs';
import { lokisOf, type AskedLoki } from './lokis';

/** What is known of the sources once they have been read. */
export interface HistoryReports {
  readonly files: readonly FileReport[];
  readonly lokis: readonly LokiReport[];
  /** What of the time that is asked for is covered, and how the Lokis were asked for that. */
  readonly coverage: Coverage;
  readonly canaries: readonly CanaryReport[];
}

/** Takes connections, block by block. */
type Take = (connections: readonly Connection[]) => void;

/** What else a command wants of the history. */
interface Further {
  /** Told of alerts that are no connections, whenever they were. */
  readonly other?: (alert: AlertRecord) => void;
  /** Gets the records of the inventory that the sources hold, whenever they were. */
  readonly inventory?: InventoryHistory;
  /** By this what connections do not tell of their time is filled in. */
  readonly atTheTime?: InventoryHistory;
}

/** Loki has lines of the collector's by when it sent them: late, where it or Loki had been away. */
const STORED_LATER = 24n * 3_600_000_000_000n;

/** The files and Lokis that a command names, and the time that it asks for. */
export class HistorySources {
  private constructor(
    private readonly files: readonly string[],
    private readonly sizes: readonly number[],
    private readonly lokis: readonly AskedLoki[],
    /** `undefined` where none is asked for. */
    readonly range: TimeRange | undefined,
    private readonly now: Date,
    private readonly proxyLogs: readonly ProxyLog[],
    /** The time that is asked for, where earlier ones are read besides. */
    private readonly covered: TimeRange | undefined = range,
  ) {
    this.inventory = new InventorySources(files, lokis, range, now, this.records);
  }

  private readonly records = new CoverageRecords();
  /** Reads the inventory alone, as often as it is asked. */
  readonly inventory: InventorySources;

  /**
   * All that may be wrong with the options is found before anything large is read.
   *
   * @throws UsageError
   */
  static of(
    values: HistoryValues,
    named: readonly string[],
    now: Date,
    proxyLogs: readonly ProxyLog[] = [],
  ): HistorySources {
    const files = named.map(plainPath);
    const lokis = lokisOf(values.loki ?? [], values.lokis, values.selector, process.env);
    if (lokis.length === 0 && files.length === 0 && proxyLogs.length === 0)
      throw new UsageError('name files of alerts, or a Loki by --loki; see --help');
    for (const { path } of proxyLogs) sizeOf(path);
    return new HistorySources(files, files.map(sizeOf), lokis, timeRangeOf(values, now), now, proxyLogs);
  }

  /** The same sources from an earlier time on. */
  from(from: bigint): HistorySources {
    const { files, sizes, lokis, range, now, proxyLogs } = this;
    return new HistorySources(
      files,
      sizes,
      lokis,
      { from, to: range?.to ?? timeOf(now) },
      now,
      proxyLogs,
      range,
    );
  }

  /** Every query that Lokis were sent so far, whatever for. */
  queries(): readonly AskedQuery[] {
    return this.lokis.flatMap(({ client }) => client.queries());
  }

  /**
   * Reads all of them once, and gives what lies within the time. Where connections to some addresses alone are asked for, others
   * may come too.
   *
   * @param command as the progress calls it
   */
  async read(
    command: string,
    asked: Asked | undefined,
    take: Take,
    further: Further = {},
  ): Promise<HistoryReports> {
    const progress = new Progress(command, process.stderr);
    const { atTheTime: inventory } = further;
    const within: Take = (connections) => {
      const held = this.range === undefined ? connections : connections.filter((each) => this.holds(each));
      take(
        inventory === undefined || inventory.count === 0
          ? held
          : held.map((connection) => atTheTime(connection, inventory)),
      );
    };
    try {
      const { records } = this;
      const other = (alert: AlertRecord): void => {
        if (!records.note(alert)) further.other?.(alert);
      };
      const inventory = (record: InventoryRecord): void => {
        records.noteInventory(record);
        further.inventory?.add(record);
      };
      const clusters = new Set<string | undefined>();
      const noting: Take = (connections) => {
        for (const { cluster } of connections) clusters.add(cluster);
        within(connections);
      };
      const alerts = await this.readFiles(asked, noting, progress, { other, inventory });
      const lokis = await this.readLokis(asked, noting, progress, { other });
      const files = [...alerts, ...(await this.readProxyLogs(clusters, within))];
      const span = this.spanFor(files);
      const now = timeOf(this.now);
      let told = 0;
      const found = await askedCoverage(this.lokis, records, span, now, clusters, async (client, time) => {
        await this.inventory.readWatched(client, spanOfPictures(time, now), inventory);
        told++;
      });
      if (span !== undefined && told === this.lokis.length)
        this.inventory.know(spanOfPictures(span, now), false);
      return { files, lokis, ...found };
    } finally {
      progress.end();
    }
  }

  private async readFiles(
    asked: Asked | undefined,
    take: Take,
    progress: Progress,
    told: FileTold,
  ): Promise<FileReport[]> {
    const patterns = asked && patternsOf(asked, 'any');
    const sum = this.sizes.reduce((all, size) => all + size, 0);
    const total = Math.max(1, sum) * (this.lokis.length > 0 ? 2 : 1);
    const reports: FileReport[] = [];
    let before = 0;
    for (const [index, path] of this.files.entries()) {
      const [name, source] = path === STDIN ? ['<stdin>', process.stdin] : [path, path];
      const size = this.sizes[index] ?? 0;
      const file = new AlertFile(name, source, { patterns, texts: COVERAGE_TEXTS }, told, scanOfSize(size));
      for await (const connections of file.connections()) {
        take(connections);
        progress.show((before + file.bytesRead) / total);
      }
      before += size;
      reports.push(file.report());
    }
    return reports;
  }

  /** After all else: these tell no cluster, and are of the one that all else is of. */
  private async readProxyLogs(clusters: ReadonlySet<string | undefined>, take: Take): Promise<FileReport[]> {
    const [only] = clusters;
    const cluster = clusters.size === 1 ? only : undefined;
    const reports: FileReport[] = [];
    for (const { format, path } of this.proxyLogs) {
      const log = new AccessLog(format, path);
      for await (const connections of log.connections())
        take(cluster === undefined ? connections : connections.map((each) => ({ ...each, cluster })));
      reports.push(log.report());
    }
    return reports;
  }

  private async readLokis(
    asked: Asked | undefined,
    take: Take,
    progress: Progress,
    { other }: Further,
  ): Promise<LokiReport[]> {
    const { lokis, files, now } = this;
    const patterns = asked && patternsOf(asked, 'falco');
    const range = rangeOfLoki(this.range, now);
    const later = range.to + STORED_LATER;
    const to = later < timeOf(now) ? later : timeOf(now);
    const reports: LokiReport[] = [];
    const away: LokiError[] = [];
    const begins = files.length > 0 ? 0.5 : 0;
    for (const [index, loki] of lokis.entries()) {
      const queries = queriesFor(loki.selector, patterns);
      const question = { queries, from: range.from, to, cluster: loki.cluster };
      loki.client.onWait = ({ message }, pause) => {
        progress.wait(`${message}; asked again in ${Math.ceil(pause / 1000)} s`);
      };
      const history = new LokiHistory(loki.client, question, { other });
      try {
        for await (const connections of history.connections()) {
          take(connections);
          progress.show(begins + ((1 - begins) * (index + history.progress)) / lokis.length);
        }
        reports.push(history.report());
      } catch (error) {
        if (!(error instanceof LokiError) || !error.passing) throw error;
        away.push(error);
        reports.push(withoutAll(history.report(), error.message));
      }
    }
    const [first] = away;
    // What other sources tell is an answer, though a partial one.
    if (first !== undefined && away.length === lokis.length && files.length + this.proxyLogs.length === 0)
      throw first;
    return reports;
  }

  /** For what time the coverage is told: for what is asked for, or else for all that was read. */
  private spanFor(files: readonly FileReport[]): TimeRange | undefined {
    const { covered, lokis, now } = this;
    if (covered !== undefined && covered.from > 0n) return covered;
    const spans = [spanOfFiles(files), lokis.length === 0 ? undefined : rangeOfLoki(covered, now)];
    const [first, second] = spans.filter((span) => span !== undefined);
    if (first === undefined) return undefined;
    const from = second === undefined || first.from < second.from ? first.from : second.from;
    const to = second === undefined || first.to > second.to ? first.to : second.to;
    return { from, to: covered?.to ?? to };
  }

  private holds({ first, last }: Connection): boolean {
    return this.range === undefined || (first < this.range.to && last >= this.range.from);
  }
}
