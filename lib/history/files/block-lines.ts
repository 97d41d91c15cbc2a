import { parseTime } from '../time';
import { LONGEST_LINE, type Block } from './blocks';
import {
  behindLabels,
  isStoredObject,
  readLabelledLine,
  readStoredObject,
  timeOfObject,
  type StoredEntry,
} from './stored-entry';

/** Takes the lines of a file, without what was put around them. */
export interface LineVisitor {
  /** A block begins. */
  begin(bytes: Buffer): void;
  /** What stands there begins and ends as an object does. */
  object(bytes: Buffer, from: number, end: number): void;
  /** A line that was put together of parts, or stood in an object of Docker's. */
  text(text: string): void;
  /** What stands there is an entry of Loki's. */
  entry(bytes: Buffer, from: number, end: number, stored: StoredEntry): void;
  /** What stands there is no object, or not all of one. */
  odd(bytes: Buffer, from: number, end: number): void;
  /** A line that can't be read. */
  bad(line: number, reason: string): void;
}

const TOO_LONG = `it is longer than ${LONGEST_LINE} bytes`;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
/** The third character of Docker's lines, and of entries of Loki's; alerts mostly begin with other keys. */
const LETTER_L = 0x6c;
/** What the container runtime writes before each line of a Pod's log; `P` is a part of one that goes on. */
const LOG_PREFIX = /\S+ (stdout|stderr) ([FP]) /y;
/**
 * What `kubectl logs` writes before them by `--prefix` and `--timestamps`, `logcli` by its default output, and Grafana's Explore into
 * a text; and blanks.
 */
const SHOWN_PREFIX =
  /[ \t]*(?:\[pod\/[^\]\s]+\] )?(?:\d{13}\t)?(?:(\d{4}-\d\d-\d\dT[\d:.]{8,24}(?:Z|[+-]\d\d:\d\d))[ \t]|\d{4}-\d\d-\d\d [\d:.]{8,24}\t)?/y;
/** How lines begin in files of Docker's json-file driver. */
const DOCKER = /^\{"log" ?: ?"/;
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
/** By so much of a line it is known whose it is. */
const BEGINNING = 64;

/** Finds the lines in the blocks of a file, whichever way they were kept. */
export class BlockLines {
  private lines = 0;
  /** Parts of long lines of a log, until the last comes; `undefined` for those that are too long together. */
  private readonly parts = new Map<string, Buffer[] | undefined>();

  constructor(private readonly visitor: LineVisitor) {}

  /** Which one is at hand, or how many there were. */
  get count(): number {
    return this.lines;
  }

  /** Blocks in their order; none of their bytes is needed later. */
  scan({ bytes, afterTooLong }: Block): void {
    this.visitor.begin(bytes);
    let isTooLong = afterTooLong;
    let start = 0;
    while (start < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, start);
      let end = newline < 0 ? bytes.length : newline;
      const next = end + 1;
      if (bytes[end - 1] === CARRIAGE_RETURN) end--;
      this.lines++;
      if (isTooLong) this.bad(TOO_LONG);
      else if (end > start) this.line(bytes, start, end);
      isTooLong = false;
      start = next;
    }
  }

  /**
   * After the last block.
   *
   * @param error why the rest can't be read
   */
  end(error: string | undefined): void {
    if (error !== undefined) this.visitor.bad(this.lines + 1, `the rest can't be read: ${error}`);
    for (const [stream] of this.parts) this.bad(`the end of a line of ${stream} is missing`);
  }

  private line(bytes: Buffer, start: number, end: number): void {
    if (bytes[start] === OPEN && bytes[end - 1] === CLOSE) this.whole(bytes, start, end);
    else this.dressed(bytes, start, end);
  }

  /** A line that begins and ends as an object does. */
  private whole(bytes: Buffer, from: number, end: number): void {
    if (bytes[from + 2] === LETTER_L && this.isWrapped(bytes, from, end)) return;
    this.visitor.object(bytes, from, end);
  }

  /** One with something before or behind it, or none. */
  private dressed(bytes: Buffer, start: number, end: number): void {
    // A byte is a character: places are the same in both.
    const line = bytes.toString('latin1', start, end);
    let [from, to] = [0, line.length];
    let time: string | undefined;
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
      const shown = SHOWN_PREFIX.exec(line);
      from += shown?.[0].length ?? 0;
      time = shown?.[1];
    }
    while (to > from && line.charCodeAt(to - 1) <= SPACE) to--;
    if (from >= to) return;
    const [begin, last] = [start + from, start + to];
    if (time !== undefined && this.isLabelled(time, bytes, begin, last)) return;
    if (bytes[begin] === OPEN && bytes[last - 1] === CLOSE) this.whole(bytes, begin, last);
    else this.visitor.odd(bytes, begin, last);
  }

  /** Whether labels of Loki's stand before it. */
  private isLabelled(text: string, bytes: Buffer, from: number, end: number): boolean {
    if (bytes[from] !== OPEN) return false;
    const time = parseTime(text);
    const line = bytes.toString('utf8', from, end);
    const at = behindLabels(line);
    if (at === undefined || time === undefined) return false;
    this.visitor.entry(bytes, from, end, {
      time: () => time,
      read: () => readLabelledLine(line.slice(0, at), time, line.slice(at)),
    });
    return true;
  }

  /** Whether it is an object that Docker or a reader of Loki put a line into. */
  private isWrapped(bytes: Buffer, from: number, end: number): boolean {
    const beginning = bytes.toString('latin1', from, Math.min(end, from + BEGINNING));
    if (DOCKER.test(beginning)) return this.isDockers(bytes, from, end);
    if (!isStoredObject(beginning)) return false;
    const text = (): string => bytes.toString('utf8', from, end);
    this.visitor.entry(bytes, from, end, {
      time: () => timeOfObject(text()),
      read: () => readStoredObject(text()),
    });
    return true;
  }

  /** A long line comes in parts, whose last ends the line. */
  private isDockers(bytes: Buffer, from: number, end: number): boolean {
    let body: unknown;
    try {
      body = JSON.parse(bytes.toString('utf8', from, end));
    } catch {
      this.bad('it is no JSON');
      return true;
    }
    const { log, stream } = body as Readonly<Record<string, unknown>>;
    if (typeof log !== 'string' || typeof stream !== 'string') return false;
    this.part(stream, Buffer.from(log.replace(/\r?\n$/, '')), log.endsWith('\n'));
    return true;
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
    if (isTooLong) this.bad(TOO_LONG);
    else this.visitor.text(Buffer.concat(parts).toString());
  }

  private bad(reason: string): void {
    this.visitor.bad(this.lines, reason);
  }
}
