import { readInventoryRecord } from '../../inventory/read-record';
import { INVENTORY_START, type InventoryRecord } from '../../inventory/record';
import { FIELDS_BESIDE } from '../../observability/egress-stream';
import { readAlertLine, type LineContent } from '../alert-line';
import type { Connection } from '../connection';
import { readEntry, type LokiEntry } from '../loki/entry';
import { noOthers, type AlertRecord, type NotAConnection } from '../read-connection';
import { printTime } from '../time';
import { BadLines, type BadLine } from './bad-lines';
import { BlockLines, type LineVisitor } from './block-lines';
import type { Block } from './blocks';
import { KnownLines } from './known-lines';
import { LineFilter } from './line-filter';
import type { StoredEntry } from './stored-entry';
import { TimeSpan } from './time-span';

/** What the lines of a file are, once they have been scanned. */
export interface ScanReport {
  readonly lines: number;
  /** Lines that were begun or ended as no JSON object is, or could not be read. */
  readonly badCount: number;
  /** The first of them. */
  readonly bad: readonly BadLine[];
  /** Lines of text, such as Falco's own messages, and of the responder's log. */
  readonly text: number;
  /** Records of the inventory. */
  readonly inventory: number;
  /** Whether any line of it is an alert; of a proxy's log, a request. */
  readonly holdsAny: boolean;
  /** Alerts that were read, and are no connections. */
  readonly others: Readonly<Record<NotAConnection, number>>;
  /** The first and the last second of its alerts. */
  readonly span: { readonly first: string; readonly last: string } | undefined;
}

/** Which lines of a file are of interest. */
export interface LinesAsked {
  /** What they hold; see {@link LineFilter}. All are of interest if it is `undefined`. */
  readonly patterns: readonly string[] | undefined;
  /** What further ones hold, as it is written. */
  readonly texts: readonly string[];
}

/** Is told of what lies in the lines of interest. */
export interface ScanTold {
  readonly connection: (connection: Connection) => void;
  /**
   * Of an alert that is no connection.
   *
   * @param text the line of it, to be asked for before the next block is scanned
   */
  readonly other: (alert: AlertRecord, text: () => string) => void;
  readonly inventory: (record: InventoryRecord) => void;
}

/** So many of the first lines are read whatever they hold: of a file of something else that is told. */
const MOST_FIRST = 20;
/** The third characters of a record of the inventory, and of a line of the responder's log; alerts mostly begin with other keys. */
const LETTER_I = 0x69;
const LETTER_T = 0x74;
/** How lines of our own programs' logs begin. */
const OWN_LOG = /^\{"time":"[^"]{20,30}","level":"/;
/** What Falco prints of an alert where it isn't told to print JSON, by either of its formats of time. */
const TEXT_ALERT =
  /^(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d\.\d+(?:[+-]\d{4})?: (?:Emergency|Alert|Critical|Error|Warning|Notice|Informational|Debug) /;
const AS_TEXT = 'it is an alert as text; what can be read comes with json_output: true';
/** What `logcli` and Grafana say of all lines of a stream. */
const OF_ALL_LINES =
  /^(?:\d{4}\/\d\d\/\d\d [\d:]{8} )?(?:Common labels|Ignoring labels key|Print only labels key): /;
/** A record of the inventory within an entry of Loki's. */
const STORED_RECORD = JSON.stringify(INVENTORY_START).slice(1, -1);
const WITHOUT_RULE =
  "its rule is missing, which stands beside the collector's lines; give logcli --include-common-labels";

/** By so much of a line it is known whose it is. */
const BEGINNING = 64;

/**
 * Finds alerts in the blocks of a file. Lines that can't hold what is asked for are not read, only looked at: whether they begin
 * and end as alerts do, and their time.
 */
export class AlertScan implements LineVisitor {
  private readonly lines = new BlockLines(this);
  private readonly filter: LineFilter;
  /** Whether something is looked for. */
  private readonly asks: boolean;
  private readonly span = new TimeSpan();
  private readonly known = new KnownLines();
  private readonly others = noOthers();
  private readonly badLines = new BadLines();
  private textCount = 0;
  private inventoryCount = 0;
  private first = 0;
  private holdsAny = false;

  constructor(
    { patterns, texts }: LinesAsked,
    private readonly told: ScanTold,
  ) {
    this.filter = new LineFilter(patterns, texts);
    this.asks = patterns !== undefined;
  }

  /**
   * After the last block.
   *
   * @param error why the rest can't be read
   */
  end(error: string | undefined): ScanReport {
    this.lines.end(error);
    const { textCount: text, others, holdsAny, inventoryCount: inventory } = this;
    const { count: badCount, named: bad } = this.badLines;
    const known = { lines: this.lines.count, badCount, bad, text, inventory };
    return { ...known, holdsAny, others, span: this.span.get() };
  }

  /** Blocks in their order; none of their bytes is needed later. */
  scan(block: Block): void {
    this.lines.scan(block);
  }

  begin(bytes: Buffer): void {
    this.filter.begin(bytes);
  }

  object(bytes: Buffer, from: number, end: number): void {
    const third = bytes[from + 2];
    if ((third === LETTER_I || third === LETTER_T) && this.isOurs(bytes, from, end)) return;
    const isWanted = this.filter.mayHold(from, end);
    if (isWanted || this.first++ < MOST_FIRST)
      this.takeOf(this.known.read(bytes, from, end), isWanted, () => bytes.toString('utf8', from, end));
    this.span.note(bytes, from, end);
  }

  text(text: string): void {
    if (text.startsWith(INVENTORY_START)) {
      this.record(text);
      return;
    }
    if (text.startsWith('{')) this.take(readAlertLine(text), () => text);
    else this.noteOdd(text.trim(), false);
    const whole = Buffer.from(text);
    this.span.note(whole, 0, whole.length);
  }

  entry(bytes: Buffer, from: number, end: number, stored: StoredEntry): void {
    const isWanted = this.filter.mayHold(from, end);
    if (!isWanted && this.first++ >= MOST_FIRST && !bytes.subarray(from, end).includes(STORED_RECORD)) {
      const time = stored.time();
      if (time !== undefined) this.span.noteTime(printTime(time));
      return;
    }
    const entry = stored.read();
    if (entry === undefined) this.noteBad('it is no entry of Loki');
    else this.stored(entry, isWanted);
  }

  odd(bytes: Buffer, from: number, end: number): void {
    this.noteOdd(bytes.toString('latin1', from, end), this.asks && this.filter.mayHold(from, end));
    this.span.note(bytes, from, end);
  }

  bad(line: number, reason: string): void {
    this.badLines.note({ line, reason });
  }

  private stored(entry: LokiEntry, isWanted: boolean): void {
    const { line, metadata } = entry;
    if (line.startsWith(INVENTORY_START)) this.record(line);
    else if (OWN_LOG.test(line)) this.textCount++;
    else if (line.startsWith('{') || metadata['rule'] !== undefined) {
      const content = readEntry(entry);
      const time = content.kind === 'connection' ? content.connection.first : entry.time;
      if (content.kind !== 'bad') this.span.noteTime(printTime(time));
      this.takeOf(content, isWanted, () => (line.startsWith('{') ? line : JSON.stringify(metadata)));
    } else if (Object.keys(metadata).some((name) => name.startsWith(FIELDS_BESIDE)))
      this.noteBad(WITHOUT_RULE);
    else this.noteOdd(line.trim(), false);
  }

  /** Whether it is a line of the responder's log, which may hold a record of the inventory. */
  private isOurs(bytes: Buffer, from: number, end: number): boolean {
    const beginning = beginningOf(bytes, from, end);
    if (beginning.startsWith(INVENTORY_START)) {
      this.record(bytes.toString('utf8', from, end));
      return true;
    }
    if (!OWN_LOG.test(beginning)) return false;
    this.textCount++;
    return true;
  }

  private record(text: string): void {
    const record = readInventoryRecord(text);
    if (record === undefined) this.noteBad('it is no record of an inventory that is known');
    else {
      this.inventoryCount++;
      this.told.inventory(record);
    }
  }

  /** Of what is not looked for only that it can be read. */
  private takeOf(content: LineContent, isWanted: boolean, text: () => string): void {
    if (isWanted || content.kind === 'bad') this.take(content, text);
    else this.holdsAny = true;
  }

  private take(content: LineContent, text: () => string): void {
    if (content.kind !== 'bad') this.holdsAny = true;
    if (content.kind === 'connection') this.told.connection(content.connection);
    else if (content.kind === 'other') {
      this.others[content.why]++;
      this.told.other(content.alert, text);
    } else this.noteBad(content.reason);
  }

  /** A line that is no whole object: half of one, or no JSON at all. */
  private noteOdd(text: string, isWanted: boolean): void {
    if (text === '') return;
    if (text.startsWith('{')) this.noteBad('its end is missing');
    else if (OF_ALL_LINES.test(text)) this.textCount++;
    else if (text.endsWith('}')) this.noteBad('its beginning is missing');
    else if (TEXT_ALERT.test(text)) this.noteBad(AS_TEXT);
    else if (isWanted) this.noteBad('it holds what is looked for, and is no alert');
    else this.textCount++;
  }

  private noteBad(reason: string): void {
    this.bad(this.lines.count, reason);
  }
}

function beginningOf(bytes: Buffer, from: number, end: number): string {
  return bytes.toString('latin1', from, Math.min(end, from + BEGINNING));
}
