import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { BadLines, type BadLine } from '../history/files/bad-lines';
import { readRecord, type RecordedLine } from '../rules/tune/record';
import { UsageError } from '../synth/usage-error';

/** A line that holds no alert, and where it stands. */
export interface BadLineOfFile extends BadLine {
  readonly file: string;
}

/** No alert is longer: falcosidekick cuts at 4 KB, and a line without an end may not fill the memory. */
const LONGEST_LINE = 4 * 1024 * 1024;
const STDIN = '-';

interface Source {
  /** As people know it. */
  readonly name: string;
  readonly path: string;
}

/** Recorded alerts in files, which may be compressed, or from standard input; read line by line, as often as needed. */
export class AlertFiles {
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
  static async open(paths: readonly string[]): Promise<AlertFiles> {
    for (const path of paths) {
      if (path !== STDIN && statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
        throw new UsageError(`there is no file ${path}`);
    }
    const files = new AlertFiles();
    files.sources = await Promise.all(
      paths.map(async (path) =>
        path === STDIN ? { name: '<stdin>', path: await files.keepStdin() } : { name: path, path },
      ),
    );
    return files;
  }

  /** Standard input can be read once only, and alerts are needed twice. */
  private async keepStdin(): Promise<string> {
    this.spool ??= mkdtempSync(join(tmpdir(), 'falco-egress-'));
    const path = join(this.spool, 'alerts');
    await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }));
    return path;
  }

  close(): void {
    if (this.spool !== undefined) rmSync(this.spool, { recursive: true, force: true });
  }

  async *read(): AsyncGenerator<RecordedLine, undefined> {
    const isFirst = this.reads++ === 0;
    for (const source of this.sources) {
      let number = 0;
      try {
        for await (const line of linesOf(source.path)) {
          number++;
          const record = line === undefined ? TOO_LONG : readRecord(line);
          if (record === undefined) continue;
          if (record.kind === 'bad') {
            if (isFirst) this.note(source, number, record.reason);
          } else {
            if (isFirst) this.count++;
            yield record;
          }
        }
      } catch (error) {
        if (!isReadError(error)) throw error;
        if (isFirst) this.note(source, number + 1, `the rest can't be read: ${error.message}`);
      }
    }
    return undefined;
  }

  private note({ name }: Source, line: number, reason: string): void {
    this.bad.note({ file: name, line, reason });
  }
}

const TOO_LONG = { kind: 'bad', reason: `it is longer than ${LONGEST_LINE} characters` } as const;

/** Of a file that is cut off, or damaged within. */
function isReadError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^Z_|^ERR_|^E[A-Z]+$/.test(String(error.code));
}

/** The lines of a file, uncompressed; `undefined` for one that is too long. */
async function* linesOf(path: string): AsyncGenerator<string | undefined, undefined> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const isCompressed = await startsAsGzip(path);
  const gunzip = isCompressed ? createGunzip() : undefined;
  // An error of the file ends the reading of what comes out of it.
  if (gunzip !== undefined) file.on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let isTooLong = false;
  for await (const chunk of (gunzip ?? file) as AsyncIterable<Buffer>) {
    const lines = `${rest}${decoder.write(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield isTooLong || line.length > LONGEST_LINE ? undefined : line;
      isTooLong = false;
    }
    if (rest.length > LONGEST_LINE) {
      isTooLong = true;
      rest = '';
    }
  }
  rest += decoder.end();
  if (isTooLong) yield undefined;
  else if (rest !== '') yield rest;
  return undefined;
}

async function startsAsGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.readUInt16BE(0) === 0x1f8b;
  } finally {
    await file.close();
  }
}
