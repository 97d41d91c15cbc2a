import { readInventoryRecord } from '../../inventory/read-record';
import { INVENTORY_START, type InventoryRecord } from '../../inventory/record';
import { readAlertLine, type LineContent } from '../alert-line';
import type { Connection } from '../connection';
import { noOthers, type AlertRecord, type NotAConnection } from '../read-connection';
import { BadLines, type BadLine } from './bad-lines';
import { LONGEST_LINE, type Block } from './blocks';
import { KnownLines } from './known-lines';
import { LineFilter } from './line-filter';
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
const TOO_LONG = `it is longer than ${LONGEST_LINE} bytes`;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** What the container runtime writes before each line of a Pod's log; `P` is a part of one that goes on. */
const LOG_PREFIX = /\S+ (stdout|stderr) ([FP]) /y;
/** What `kubectl logs` writes before them by `--prefix` and `--timestamps`, and blanks. */
const SHOWN_PREFIX = /[ \t]*(?:\[pod\/[^\]\s]+\] )?(?:\d{4}-\d\d-\d\dT[\d:.]{8,24}(?:Z|[+-]\d\d:\d\d) )?/y;
/** How lines begin in files of Docker's json-file driver. */
const DOCKER = /^\{"log" ?: ?"/;
/** The third characters of a record of the inventory, of a line of the responder's log, and of Docker's; alerts mostly begin with other keys. */
const LETTER_I = 0x69;
const LETTER_T = 0x74;
const LETTER_L = 0x6c;
const SPACE = 0x20;
/** How lines of our own programs' logs begin. */
const OWN_LOG = /^\{"time":"[^"]{20,30}","level":"/;
/** What Falco prints of an alert where it isn't told to print JSON, by either of its formats of time. */
const TEXT_ALERT =
  /^(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d\.\d+(?:[+-]\d{4})?: (?:Emergency|Alert|Critical|Error|Warning|Notice|Informational|Debug) /;
const AS_TEXT = 'it is an alert as text; what can be read comes with json_output: true';
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/** By so much of a line it is known whose it is. */
const BEGINNING = 64;

/**
 * Finds alerts in the blocks of a file. Lines that can't hold what is asked for are not read, only looked at: whether they begin
 * and end as alerts do, and their time.
 */
export class AlertScan {
  private readonly filter: LineFilter;
  /** Whether something is looked for. */
  private readonly asks: boolean;
  private readonly span = new TimeSpan();
  private readonly known = new KnownLines();
  private readonly others = noOthers();
  private readonly bad = new BadLines();
  private lines = 0;
  private text = 0;
  private inventoryCount = 0;
  private first = 0;
  private holdsAny = false;
  /** Parts of long lines of a log, until the last comes; `undefined` for those that are too long together. */
  private readonly parts = new Map<string, Buffer[] | undefined>();

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
    if (error !== undefined) this.noteBad(this.lines + 1, `the rest can't be read: ${error}`);
    for (const [stream] of this.parts) this.noteBad(this.lines, `the end of a line of ${stream} is missing`);
    const { lines, text, others, holdsAny, inventoryCount: inventory } = this;
    const { count: badCount, named: bad } = this.bad;
    return { lines, badCount, bad, text, inventory, holdsAny, others, span: this.span.get() };
  }

  /** Blocks in their order; none of their bytes is needed later. */
  scan({ bytes, afterTooLong }: Block): void {
    this.filter.begin(bytes);
    let isTooLong = afterTooLong;
    let start = 0;
    while (start < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, start);
      let end = newline < 0 ? bytes.length : newline;
      const next = end + 1;
      if (bytes[end - 1] === CARRIAGE_RETURN) end--;
      this.lines++;
      if (isTooLong) this.noteBad(this.lines, TOO_LONG);
      else if (end > start) this.line(bytes, start, end);
      isTooLong = false;
      start = next;
    }
  }

  private line(bytes: Buffer, start: number, end: number): void {
    if (bytes[start] === OPEN && bytes[end - 1] === CLOSE) this.whole(bytes, start, end);
    else this.dressed(bytes, start, end);
  }

  /** A line that begins and ends as an object does. */
  private whole(bytes: Buffer, from: number, end: number): void {
    const third = bytes[from + 2];
    if ((third === LETTER_I || third === LETTER_T) && this.isOurs(bytes, from, end)) return;
    if (third === LETTER_L && this.isDockers(bytes, from, end)) return;
    this.object(bytes, this.filter.mayHold(from, end), from, end);
    this.span.note(bytes, from, end);
  }

  /** One with something before or behind it, or none. */
  private dressed(bytes: Buffer, start: number, end: number): void {
    // A byte is a character: places are the same in both.
    const line = bytes.toString('latin1', start, end);
    let [from, to] = [0, line.length];
    if (!line.startsWith('{')) {
      if (this.lines === 1 && line.startsWith(BYTE_ORDER_MARK)) from += BYTE_ORDER_MARK.length;
      LOG_PREFIX.lastIndex = from;
      const [prefix = '', stream = '', tag] = LOG_PREFIX.exec(line) ?? [];
      from += prefix.length;
      if (tag === 'P' || this.parts.has(stream)) {
        this.part(stream, bytes.subarray(start + from, end), tag === 'F');
        return;
      }
      SHOWN_PREFIX.lastIndex = from;
      from += SHOWN_PREFIX.exec(line)?.[0].length ?? 0;
    }
    while (to > from && line.charCodeAt(to - 1) <= SPACE) to--;
    if (from >= to) return;
    const [begin, last] = [start + from, start + to];
    if (bytes[begin] === OPEN && bytes[last - 1] === CLOSE) {
      this.whole(bytes, begin, last);
      return;
    }
    this.noteOdd(line.slice(from, to), this.asks && this.filter.mayHold(begin, last));
    this.span.note(bytes, begin, last);
  }

  private object(bytes: Buffer, isWanted: boolean, from: number, end: number): void {
    if (!isWanted && this.first++ >= MOST_FIRST) return;
    const content = this.known.read(bytes, from, end);
    if (isWanted || content.kind === 'bad') this.take(content, () => bytes.toString('utf8', from, end));
    else this.holdsAny = true;
  }

  private part(stream: string, bytes: Buffer, isLast: boolean): void {
    const before = this.parts.has(stream) ? this.parts.get(stream) : [];
    const parts = before && [...before, Buffer.from(bytes)];
    const isTooLong =
      parts === undefined || parts.reduce((sum, { length }) => sum + length, 0) > LONGEST_LINE;
    if (!isLast) {
      this.parts.set(stream, isTooLong ? undefined : parts);
      return;
    }
    this.parts.delete(stream);
    if (isTooLong) {
      this.noteBad(this.lines, TOO_LONG);
      return;
    }
    const text = Buffer.concat(parts).toString();
    if (text.startsWith(INVENTORY_START)) {
      this.record(text);
      return;
    }
    if (text.startsWith('{')) this.take(readAlertLine(text), () => text);
    else this.noteOdd(text.trim(), false);
    const whole = Buffer.from(text);
    this.span.note(whole, 0, whole.length);
  }

  /** Whether it is a line that Docker put into an object of its own; a long one comes in parts, whose last ends the line. */
  private isDockers(bytes: Buffer, from: number, end: number): boolean {
    if (!DOCKER.test(beginningOf(bytes, from, end))) return false;
    let body: unknown;
    try {
      body = JSON.parse(bytes.toString('utf8', from, end));
    } catch {
      this.noteBad(this.lines, 'it is no JSON');
      return true;
    }
    const { log, stream } = body as Readonly<Record<string, unknown>>;
    if (typeof log !== 'string' || typeof stream !== 'string') return false;
    this.part(stream, Buffer.from(log.replace(/\r?\n$/, '')), log.endsWith('\n'));
    return true;
  }

  /** Whether it is a line of the responder's log, which may hold a record of the inventory. */
  private isOurs(bytes: Buffer, from: number, end: number): boolean {
    const beginning = beginningOf(bytes, from, end);
    if (beginning.startsWith(INVENTORY_START)) {
      this.record(bytes.toString('utf8', from, end));
      return true;
    }
    if (!OWN_LOG.test(beginning)) return false;
    this.text++;
    return true;
  }

  private record(text: string): void {
    const record = readInventoryRecord(text);
    if (record === undefined) this.noteBad(this.lines, 'it is no record of an inventory that is known');
    else {
      this.inventoryCount++;
      this.told.inventory(record);
    }
  }

  private take(content: LineContent, text: () => string): void {
    if (content.kind !== 'bad') this.holdsAny = true;
    if (content.kind === 'connection') this.told.connection(content.connection);
    else if (content.kind === 'other') {
      this.others[content.why]++;
      this.told.other(content.alert, text);
    } else this.noteBad(this.lines, content.reason);
  }

  /** A line that is no whole object: half of one, or no JSON at all. */
  private noteOdd(text: string, isWanted: boolean): void {
    if (text === '') return;
    if (text.startsWith('{')) this.noteBad(this.lines, 'its end is missing');
    else if (text.endsWith('}')) this.noteBad(this.lines, 'its beginning is missing');
    else if (TEXT_ALERT.test(text)) this.noteBad(this.lines, AS_TEXT);
    else if (isWanted) this.noteBad(this.lines, 'it holds what is looked for, and is no alert');
    else this.text++;
  }

  private noteBad(line: number, reason: string): void {
    this.bad.note({ line, reason });
  }
}

function beginningOf(bytes: Buffer, from: number, end: number): string {
  return bytes.toString('latin1', from, Math.min(end, from + BEGINNING));
}
