import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BadLines, type BadLine } from '../../history/files/bad-lines';
import { BlockLines, type LineVisitor } from '../../history/files/block-lines';
import { BlockReader } from '../../history/files/blocks';
import { isReadError } from '../../history/files/read-error';
import type { StoredEntry } from '../../history/files/stored-entry';
import { messageOf } from '../../program/failure';
import { readRecord, type RecordedLine } from '../../rules/tune/record';
import { canReadAgain, plainPath, sizeOf, STDIN } from '../history/paths';

/** A line that holds no alert, and where it stands. */
export interface BadLineOfFile extends BadLine {
  readonly file: string;
}

interface Source {
  /** As people know it. */
  readonly name: string;
  readonly path: string;
}

/** Recorded alerts in files or streams, kept in any of the ways in which other commands read them; read as often as needed. */
export class Recordings {
  readonly bad = new BadLines<BadLineOfFile>();
  /** Lines with an alert or an event. */
  count = 0;
  private reads = 0;
  private spool: string | undefined;
  private sources: readonly Source[] = [];

  private constructor() {
    // Made by open.
  }

  /** @throws UsageError for a file that isn't there */
  static async open(paths: readonly string[]): Promise<Recordings> {
    const named = paths.map(plainPath);
    for (const path of named) sizeOf(path);
    const recordings = new Recordings();
    const sources: Source[] = [];
    for (const path of named)
      sources.push({
        name: path === STDIN ? '<stdin>' : path,
        path: canReadAgain(path) ? path : await recordings.keep(path, sources.length),
      });
    recordings.sources = sources;
    return recordings;
  }

  /** A stream can be read once only, and alerts are needed twice. */
  private async keep(path: string, index: number): Promise<string> {
    this.spool ??= mkdtempSync(join(tmpdir(), 'falco-egress-'));
    const kept = join(this.spool, String(index));
    const stream = path === STDIN ? process.stdin : createReadStream(path);
    await pipeline(stream, createWriteStream(kept, { mode: 0o600 }));
    return kept;
  }

  close(): void {
    if (this.spool !== undefined) rmSync(this.spool, { recursive: true, force: true });
  }

  async *read(): AsyncGenerator<RecordedLine, undefined> {
    const isFirst = this.reads++ === 0;
    for (const { name, path } of this.sources) {
      const texts: LineTexts = new LineTexts(() => lines.count);
      const lines = new BlockLines(texts);
      const taken = (): RecordedLine[] =>
        texts.take().flatMap(({ line, record }) => {
          if (record.kind === 'bad') {
            if (isFirst) this.bad.note({ file: name, line, reason: record.reason });
            return [];
          }
          if (isFirst) this.count++;
          return [record];
        });
      let failure: string | undefined;
      try {
        for await (const block of new BlockReader(path).blocks()) {
          lines.scan(block);
          yield* taken();
        }
      } catch (error) {
        if (!isReadError(error)) throw error;
        failure = messageOf(error);
      }
      lines.end(failure);
      yield* taken();
    }
    return undefined;
  }
}

const FIELDS_BESIDE =
  "its fields stand beside the line, under names that don't tell Falco's; take alerts as Falco prints them";

interface Recorded {
  readonly line: number;
  readonly record: RecordedLine;
}

/** Reads each line as a record. */
class LineTexts implements LineVisitor {
  private records: Recorded[] = [];

  constructor(private readonly number: () => number) {}

  take(): readonly Recorded[] {
    const { records } = this;
    this.records = [];
    return records;
  }

  begin(): void {
    // A line needs no other.
  }

  object(bytes: Buffer, from: number, end: number): void {
    this.text(bytes.toString('utf8', from, end));
  }

  odd(bytes: Buffer, from: number, end: number): void {
    this.text(bytes.toString('utf8', from, end));
  }

  text(text: string): void {
    const record = readRecord(text);
    if (record !== undefined) this.records.push({ line: this.number(), record });
  }

  entry(_bytes: Buffer, _from: number, _end: number, stored: StoredEntry): void {
    const line = stored.read()?.line;
    if (line?.startsWith('{') === true) this.text(line);
    else this.bad(this.number(), line === undefined ? 'it is no entry of Loki' : FIELDS_BESIDE);
  }

  bad(line: number, reason: string): void {
    this.records.push({ line, record: { kind: 'bad', reason } });
  }
}
