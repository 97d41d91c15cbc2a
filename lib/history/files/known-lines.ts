import { COUNT, FIRST_OBSERVED, LAST_OBSERVED, MINUTE, RUN } from '../../observability/egress-stream';
import { Alike } from '../alike';
import { fieldsOfLine, readAlertLine, type LineContent } from '../alert-line';
import type { AlertRecord, NotAConnection } from '../read-connection';
import { isScanned, LineScanner, MOST_WORDS } from './line-scanner';
import { LineTime } from './line-time';

const { imul } = Math;
/** So many kinds of lines are remembered, in pairs of places: each has its pair. */
const PLACES = 1 << 15;
/** What the collector adds to lines that it has counted: these are parsed. */
const COUNTED = [COUNT, FIRST_OBSERVED, LAST_OBSERVED, MINUTE, RUN];

/** Alerts that are no connections, of one kind. */
interface Others extends Pick<AlertRecord, 'rule' | 'priority' | 'hostname' | 'cluster'> {
  readonly why: NotAConnection;
}

/**
 * Reads lines as `readAlertLine` does, most of them without parsing: one that differs from an earlier one in nothing that is
 * read of it but its time tells of the same, at that time.
 */
export class KnownLines {
  private readonly scanner = new LineScanner(COUNTED);
  private readonly time = new LineTime();
  private readonly words = new Uint32Array(PLACES * MOST_WORDS);
  private readonly lengths = new Uint8Array(PLACES);
  private readonly known: (Alike | Others | undefined)[] = new Array<undefined>(PLACES).fill(undefined);
  /** Which place of a pair was used last. */
  private readonly last = new Uint8Array(PLACES >> 1);

  /** @param bytes a line that begins and ends with a brace stands there */
  read(bytes: Buffer, from: number, to: number): LineContent {
    const { scanner } = this;
    const isScanned = scanner.scan(bytes, from, to);
    const time = isScanned ? this.time.read(bytes, scanner.timeFrom, scanner.timeTo) : undefined;
    if (time === undefined) return readAlertLine(bytes.toString('utf8', from, to));
    const pair = this.pair();
    const place = this.find(pair);
    const known = place < 0 ? undefined : this.known[place];
    if (known === undefined) return this.learn(pair, bytes.toString('utf8', from, to));
    this.last[pair] = place & 1;
    if (known instanceof Alike) return { kind: 'connection', connection: known.at(time) };
    const { why, ...told } = known;
    // Nearly nobody asks.
    const fields = fieldsOfLine(() => bytes.toString('utf8', from, to));
    return { kind: 'other', why, alert: { ...told, ...fields, time } };
  }

  private pair(): number {
    const { words, length } = this.scanner;
    let hash = length;
    for (let at = 0; at < length; at++) hash = imul(hash ^ (words[at] ?? 0), 0x9e3779b1) ^ (hash >>> 15);
    return (hash ^ (hash >>> 16)) & ((PLACES >> 1) - 1);
  }

  /** Where what was scanned is known; -1 if it isn't. */
  private find(pair: number): number {
    const place = 2 * pair + (this.last[pair] ?? 0);
    return this.isAt(place) ? place : this.isAt(place ^ 1) ? place ^ 1 : -1;
  }

  private isAt(place: number): boolean {
    const { words, scanner } = this;
    const { words: found, length } = scanner;
    if (this.lengths[place] !== length) return false;
    const from = place * MOST_WORDS;
    for (let at = 0; at < length; at++) if (words[from + at] !== found[at]) return false;
    return true;
  }

  /** Reads the line that was scanned, and remembers its kind: in place of what was used less lately. */
  private learn(pair: number, text: string): LineContent {
    const asked: string[] = [];
    const content = readAlertLine(text, { asked: (name) => asked.push(name) });
    // Whatever is read of alerts one day, and isn't scanned, only costs time.
    if (content.kind === 'bad' || !asked.every(isScanned)) return content;
    const { words, length } = this.scanner;
    const way = (this.last[pair] ?? 0) ^ 1;
    const place = 2 * pair + way;
    this.words.set(words.subarray(0, length), place * MOST_WORDS);
    this.lengths[place] = length;
    this.last[pair] = way;
    this.known[place] =
      content.kind === 'connection' ? new Alike(place, content.connection) : othersOf(content);
    return content;
  }
}

/** Without the fields, which would keep the whole line. */
function othersOf({ why, alert }: Extract<LineContent, { kind: 'other' }>): Others {
  const { rule, priority, hostname, cluster } = alert;
  return { why, rule, priority, hostname, cluster };
}
