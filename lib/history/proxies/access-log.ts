import type { Connection } from '../connection';
import type { FileReport } from '../files/alert-file';
import { BadLines } from '../files/bad-lines';
import { BlockReader, LONGEST_LINE, type Block } from '../files/blocks';
import { isReadError } from '../files/read-error';
import { TimeSpan } from '../files/time-span';
import { printTime } from '../time';
import { messageOf } from '../../program/failure';
import { readEnvoyLine } from './envoy-line';
import { connectionOf, type LineContent } from './request';
import { readSquidLine } from './squid-line';

const READERS = { squid: readSquidLine, envoy: readEnvoyLine } as const satisfies Readonly<
  Record<string, (text: string) => LineContent>
>;

/** Whose access log can be read. */
export type AccessLogFormat = keyof typeof READERS;

/** Their names. */
export const ACCESS_LOG_FORMATS = Object.keys(READERS) as readonly AccessLogFormat[];

/** What the container runtime writes before each line of a Pod's log. */
const LOG_PREFIX = /^\d{4}-\S+ (?:stdout|stderr) F /;

/** Requests in the access log of a proxy, as the connections that it made for its clients. */
export class AccessLog {
  private readonly reader: BlockReader;
  private readonly readLine: (text: string) => LineContent;
  private readonly span = new TimeSpan();
  private readonly bad = new BadLines();
  private lines = 0;
  private text = 0;
  private incoming = 0;
  private holdsAny = false;

  /** @param path also its name */
  constructor(
    private readonly format: AccessLogFormat,
    private readonly path: string,
  ) {
    this.reader = new BlockReader(path);
    this.readLine = READERS[format];
  }

  /** So far, as the file lies there. */
  get bytesRead(): number {
    return this.reader.bytesRead;
  }

  /** Connections, block by block. What can't be read is counted, and ends nothing. */
  async *connections(): AsyncGenerator<readonly Connection[], undefined> {
    try {
      for await (const block of this.reader.blocks()) yield this.scan(block);
    } catch (error) {
      if (!isReadError(error)) throw error;
      this.noteBad(this.lines + 1, `the rest can't be read: ${messageOf(error)}`);
    }
    return undefined;
  }

  report(): FileReport {
    const { path: name, lines, text, incoming, holdsAny } = this;
    const { count: badCount, named: bad } = this.bad;
    const others = { incoming, 'no destination': 0, canary: 0 };
    const known = { name, ...this.reader.digest(), lines, badCount, bad, text };
    return { ...known, inventory: 0, holdsAny, others, span: this.span.get(), of: 'requests' };
  }

  private scan({ bytes, afterTooLong }: Block): Connection[] {
    const found: Connection[] = [];
    const lines = bytes.toString().split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const [index, line] of lines.entries()) {
      this.lines++;
      if (index === 0 && afterTooLong) this.noteBad(this.lines, `it is longer than ${LONGEST_LINE} bytes`);
      else this.take(line.replace(LOG_PREFIX, '').trimEnd(), found);
    }
    return found;
  }

  private take(line: string, found: Connection[]): void {
    if (line === '') return;
    const content = this.readLine(line);
    this.holdsAny ||= content.kind === 'request' || content.kind === 'incoming';
    if (content.kind === 'request') {
      const { format: proxy, path: log, lines: line } = this;
      found.push(connectionOf(content.request, { proxy, log, line }));
      this.span.noteTime(printTime(content.request.time));
    } else if (content.kind === 'incoming') this.incoming++;
    else if (content.kind === 'text') this.text++;
    else this.noteBad(this.lines, content.reason);
  }

  private noteBad(line: number, reason: string): void {
    this.bad.note({ line, reason });
  }
}
