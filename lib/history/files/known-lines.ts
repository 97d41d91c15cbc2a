import { COUNT, FIRST_OBSERVED, LAST_OBSERVED, MINUTE, RUN } from '../../observability/egress-stream';
import { Alike } from '../alike';
import { fieldsOfLine, readAlertLine, type LineContent } from '../alert-line';
import type { AlertRecord, NotAConnection } from '../read-connection';
import { isScanned, LineScanner } from './line-scanner';
import { LineTime } from './line-time';

/** So many kinds of lines are remembered, each in one of four places. */
const PLACES = 1 << 15;
const WAYS = 4;
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
  /** Of what stands in each place, in two halves. */
  private readonly digests = new Int32Array(2 * PLACES);
  private readonly known: (Alike | Others | undefined)[] = new Array<undefined>(PLACES).fill(undefined);
  /** The next to go, of each four. */
  private readonly next = new Uint8Array(PLACES / WAYS);

  /** @param bytes a line that begins and ends with a brace stands there */
  read(bytes: Buffer, from: number, to: number): LineContent {
    const { scanner } = this;
    const isScanned = scanner.scan(bytes, from, to);
    const time = isScanned ? this.time.read(bytes, scanner.timeFrom, scanner.timeTo) : undefined;
    if (time === undefined) return readAlertLine(bytes.toString('utf8', from, to));
    const known = this.find();
    if (known === undefined) return this.learn(bytes.toString('utf8', from, to));
    if (known instanceof Alike) return { kind: 'connection', connection: known.at(time) };
    const { why, ...told } = known;
    // Nearly nobody asks.
    const fields = fieldsOfLine(() => bytes.toString('utf8', from, to));
    return { kind: 'other', why, alert: { ...told, ...fields, time } };
  }

  /** What is known of the line that was scanned. */
  private find(): Alike | Others | undefined {
    const { digests } = this;
    const { low, high } = this.scanner.digest;
    const first = firstOf(low);
    for (let place = first; place < first + WAYS; place++)
      if (digests[2 * place] === low && digests[2 * place + 1] === high) return this.known[place];
    return undefined;
  }

  /** Reads the line that was scanned, and remembers its kind in place of another. */
  private learn(text: string): LineContent {
    const asked: string[] = [];
    const content = readAlertLine(text, { asked: (name) => asked.push(name) });
    // Whatever is read of alerts one day, and isn't scanned, only costs time.
    if (content.kind === 'bad' || !asked.every(isScanned)) return content;
    const { low, high } = this.scanner.digest;
    const first = firstOf(low);
    const way = this.next[first / WAYS] ?? 0;
    this.next[first / WAYS] = (way + 1) % WAYS;
    const place = first + way;
    this.digests[2 * place] = low;
    this.digests[2 * place + 1] = high;
    this.known[place] =
      content.kind === 'connection' ? new Alike(place, content.connection) : othersOf(content);
    return content;
  }
}

/** The first of its four places. */
function firstOf(digest: number): number {
  return WAYS * (digest & (PLACES / WAYS - 1));
}

/** Without the fields, which would keep the whole line. */
function othersOf({ why, alert }: Extract<LineContent, { kind: 'other' }>): Others {
  const { rule, priority, hostname, cluster } = alert;
  return { why, rule, priority, hostname, cluster };
}
