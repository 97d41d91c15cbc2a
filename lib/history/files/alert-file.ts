import type { Readable } from 'node:stream';
import { readInventoryRecord } from '../../inventory/read-record';
import { INVENTORY_START, type InventoryRecord } from '../../inventory/record';
import { messageOf } from '../../program/failure';
import { readAlertLine, type LineContent } from '../alert-line';
import type { Connection } from '../connection';
import { noOthers, type AlertRecord, type NotAConnection } from '../read-connection';
import { BadLines, type BadLine } from './bad-lines';
import { KnownLines } from './known-lines';
import { BlockReader, LONGEST_LINE, type Block, type FileDigest } from './blocks';
import { LineFilter } from './line-filter';
import { isReadError } from './read-error';
import { TimeSpan } from './time-span';

/** What is known of a file once it has been read. */
export interface FileReport extends FileDigest {
  readonly name: string;
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
  /** What its lines are. @default "alerts" */
  readonly of?: 'requests';
}

/** Who is told of what a file holds beside connections. */
export interface FileTold {
  readonly other?: ((alert: AlertRecord) => void) | undefined;
  readonly inventory?: ((record: InventoryRecord) => void) | undefined;
}

/** So many of the first lines are read whatever they hold: of a file of something else that is told. */
const MOST_FIRST = 20;
const TOO_LONG = `it is longer than ${LONGEST_LINE} bytes`;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const CARRIAGE_RETURN = 0x0d;
/** What the container runtime writes before each line of a Pod's log; `P` is a part of one that goes on. */
const LOG_PREFIX = /\S+ (stdout|stderr) ([FP]) /y;
/** What `kubectl logs` writes before them by `--prefix` and `--timestamps`, and blanks. */
const SHOWN_PREFIX = /[ \t]*(?:\[pod\/[^\]\s]+\] )?(?:\d{4}-\d\d-\d\dT[\d:.]{8,24}(?:Z|[+-]\d\d:\d\d) )?/y;
/** How lines begin in files of Docker's json-file driver. */
const DOCKER = /\{"log" ?: ?"/y;
/** The third characters of a record of the inventory, of a line of the responder's log, and of Docker's; alerts mostly begin with other keys. */
const LETTER_I = 0x69;
const LETTER_T = 0x74;
const LETTER_L = 0x6c;
const SPACE = 0x20;
/** How lines of our own programs' logs begin. */
const OWN_LOG = /\{"time":"[^"]{20,30}","level":"/y;
/** What Falco prints of an alert where it isn't told to print JSON, by either of its formats of time. */
const TEXT_ALERT =
  /^(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d\.\d+(?:[+-]\d{4})?: (?:Emergency|Alert|Critical|Error|Warning|Notice|Informational|Debug) /;
const AS_TEXT = 'it is an alert as text; what can be read comes with json_output: true';
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/**
 * Alerts in a file or a stream, one a line, whichever way they were kept: as Falco prints them, as falcosidekick sends them
 * on, or as the container runtime logs them.
 *
 * Lines that can't hold what is asked for are not read, only looked at: whether they begin and end as alerts do, and their
 * time.
 */
export class AlertFile {
  private readonly reader: BlockReader;
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

  /**
   * @param patterns what the lines of interest hold; see {@link LineFilter}
   * @param told.other of alerts that are no connections, of the lines of interest
   * @param told.inventory of records of the inventory
   * @param texts what further lines of interest hold, as it is written
   */
  constructor(
    private readonly name: string,
    source: string | Readable,
    patterns: readonly string[] | undefined,
    private readonly told: FileTold = {},
    texts: readonly string[] = [],
  ) {
    this.reader = new BlockReader(source);
    this.filter = new LineFilter(patterns, texts);
    this.asks = patterns !== undefined;
  }

  /** Connections that may be of interest, block by block. What can't be read is counted, and ends nothing. */
  async *connections(): AsyncGenerator<readonly Connection[], undefined> {
    try {
      for await (const block of this.reader.blocks()) yield this.scan(block);
    } catch (error) {
      if (!isReadError(error)) throw error;
      this.noteBad(this.lines + 1, `the rest can't be read: ${messageOf(error)}`);
    }
    for (const [stream] of this.parts) this.noteBad(this.lines, `the end of a line of ${stream} is missing`);
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

  report(): FileReport {
    const { name, lines, text, others, holdsAny, inventoryCount: inventory } = this;
    const { count: badCount, named: bad } = this.bad;
    const span = this.span.get();
    const known = { name, ...this.reader.digest(), lines, badCount, bad, text };
    return { ...known, inventory, holdsAny, others, span };
  }

  private scan({ bytes, afterTooLong }: Block): Connection[] {
    const found: Connection[] = [];
    // A byte is a character: places are the same in both.
    const block = bytes.toString('latin1');
    this.filter.begin();
    let isTooLong = afterTooLong;
    let start = 0;
    while (start < block.length) {
      const newline = block.indexOf('\n', start);
      let end = newline < 0 ? block.length : newline;
      const next = end + 1;
      if (block.charCodeAt(end - 1) === CARRIAGE_RETURN) end--;
      this.lines++;
      if (isTooLong) this.noteBad(this.lines, TOO_LONG);
      else if (end > start) this.line(bytes, block, start, end, found);
      isTooLong = false;
      start = next;
    }
    this.span.settle();
    return found;
  }

  private line(bytes: Buffer, block: string, start: number, end: number, found: Connection[]): void {
    if (block.charCodeAt(start) === OPEN && block.charCodeAt(end - 1) === CLOSE)
      this.whole(bytes, block, start, end, found);
    else this.dressed(bytes, block, start, end, found);
  }

  /** A line that begins and ends as an object does. */
  private whole(bytes: Buffer, block: string, from: number, end: number, found: Connection[]): void {
    const third = block.charCodeAt(from + 2);
    if ((third === LETTER_I || third === LETTER_T) && this.isOurs(bytes, block, from, end)) return;
    if (third === LETTER_L && this.isDockers(bytes, block, from, end, found)) return;
    this.object(bytes, this.filter.mayHold(block, from, end), from, end, found);
    this.span.note(block, from, end);
  }

  /** One with something before or behind it, or none. */
  private dressed(bytes: Buffer, block: string, start: number, lineEnd: number, found: Connection[]): void {
    let [from, end] = [start, lineEnd];
    if (block.charCodeAt(from) !== OPEN) {
      if (this.lines === 1 && block.startsWith(BYTE_ORDER_MARK, from)) from += BYTE_ORDER_MARK.length;
      LOG_PREFIX.lastIndex = from;
      const [prefix = '', stream = '', tag] = LOG_PREFIX.exec(block) ?? [];
      from += prefix.length;
      if (tag === 'P' || this.parts.has(stream)) {
        this.part(stream, bytes.subarray(from, end), tag === 'F', found);
        return;
      }
      SHOWN_PREFIX.lastIndex = from;
      from += SHOWN_PREFIX.exec(block)?.[0].length ?? 0;
    }
    while (end > from && block.charCodeAt(end - 1) <= SPACE) end--;
    if (from >= end) return;
    if (block.charCodeAt(from) === OPEN && block.charCodeAt(end - 1) === CLOSE) {
      this.whole(bytes, block, from, end, found);
      return;
    }
    this.noteOdd(block.slice(from, end), this.asks && this.filter.mayHold(block, from, end));
    this.span.note(block, from, end);
  }

  private object(bytes: Buffer, isWanted: boolean, from: number, end: number, found: Connection[]): void {
    if (!isWanted && this.first++ >= MOST_FIRST) return;
    const content = this.known.read(bytes, from, end);
    if (isWanted || content.kind === 'bad') this.take(content, found);
    else this.holdsAny = true;
  }

  private part(stream: string, bytes: Buffer, isLast: boolean, found: Connection[]): void {
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
    if (text.startsWith('{')) this.take(readAlertLine(text), found);
    else this.noteOdd(text.trim(), false);
    this.span.note(text, 0, text.length);
  }

  /** Whether it is a line that Docker put into an object of its own; a long one comes in parts, whose last ends the line. */
  private isDockers(bytes: Buffer, block: string, from: number, end: number, found: Connection[]): boolean {
    DOCKER.lastIndex = from;
    if (!DOCKER.test(block)) return false;
    let body: unknown;
    try {
      body = JSON.parse(bytes.toString('utf8', from, end));
    } catch {
      this.noteBad(this.lines, 'it is no JSON');
      return true;
    }
    const { log, stream } = body as Readonly<Record<string, unknown>>;
    if (typeof log !== 'string' || typeof stream !== 'string') return false;
    this.part(stream, Buffer.from(log.replace(/\r?\n$/, '')), log.endsWith('\n'), found);
    return true;
  }

  /** Whether it is a line of the responder's log, which may hold a record of the inventory. */
  private isOurs(bytes: Buffer, block: string, from: number, end: number): boolean {
    if (block.startsWith(INVENTORY_START, from)) {
      this.record(bytes.toString('utf8', from, end));
      return true;
    }
    OWN_LOG.lastIndex = from;
    if (!OWN_LOG.test(block)) return false;
    this.text++;
    return true;
  }

  private record(text: string): void {
    const record = readInventoryRecord(text);
    if (record === undefined) this.noteBad(this.lines, 'it is no record of an inventory that is known');
    else {
      this.inventoryCount++;
      this.told.inventory?.(record);
    }
  }

  private take(content: LineContent, found: Connection[]): void {
    if (content.kind !== 'bad') this.holdsAny = true;
    if (content.kind === 'connection') found.push(content.connection);
    else if (content.kind === 'other') {
      this.others[content.why]++;
      this.told.other?.(content.alert);
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
