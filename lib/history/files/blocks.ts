import { createReadStream } from 'node:fs';
import { createHash, type Hash } from 'node:crypto';
import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { itemsAsLines } from './array-lines';

/** As much is read, and unpacked, at once. */
const CHUNK = 1 << 20;
const NOTHING: Buffer = Buffer.alloc(0);
/** Bytes by which a compression is known. */
const MAGIC = 4;
/** No alert is longer: a line without an end may not fill the memory. */
export const LONGEST_LINE = 4 * 1024 * 1024;

/** A part of a file that begins and ends with a line. */
export interface Block {
  /** There until the next block is asked for. */
  readonly bytes: Buffer;
  /** Its first line is the rest of one that is too long, and was left out. */
  readonly afterTooLong: boolean;
}

/** Room for as many bytes at least, which the next block is written to. */
export type BlockSpace = (length: number) => Buffer;

/** What of a file is known once it is read. */
export interface FileDigest {
  /** Of the file as it lies there, compressed or not. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A file that is compressed in a way that this Node can't unpack. */
class CompressionError extends Error {
  override readonly name = 'CompressionError';
  readonly code = 'COMPRESSION';
}

/** A file of lines as blocks: unpacked where it is compressed by gzip or zstd, with as much in memory as one block needs. */
export class BlockReader {
  private readonly hash: Hash = createHash('sha256');
  private read = 0;

  /** @param source path of the file, or a stream of it */
  constructor(private readonly source: string | Readable) {}

  /** So far, as the file lies there. */
  get bytesRead(): number {
    return this.read;
  }

  digest(): FileDigest {
    return { sha256: this.hash.copy().digest('hex'), bytes: this.read };
  }

  /** @param space where to put each. @default one place for all */
  async *blocks(space: BlockSpace = oneSpace()): AsyncGenerator<Block, undefined> {
    let rest = NOTHING;
    let afterTooLong = false;
    for await (const chunk of itemsAsLines(this.unpacked())) {
      const end = chunk.lastIndexOf(0x0a);
      if (end < 0) {
        rest = Buffer.concat([rest, chunk]);
        if (rest.length <= LONGEST_LINE) continue;
        afterTooLong = true;
        rest = NOTHING;
        continue;
      }
      yield { bytes: joined(rest, chunk.subarray(0, end + 1), space), afterTooLong };
      afterTooLong = false;
      // A copy, so that the chunk can go.
      rest = Buffer.from(chunk.subarray(end + 1));
    }
    if (rest.length > 0 || afterTooLong) yield { bytes: joined(rest, NOTHING, space), afterTooLong };
    return undefined;
  }

  private async *unpacked(): AsyncGenerator<Buffer, undefined> {
    const file =
      typeof this.source === 'string' ? createReadStream(this.source, { highWaterMark: CHUNK }) : this.source;
    const chunks = this.hashed(file);
    const first = await beginningOf(chunks);
    const unpack = unpackerOf(first);
    const all = startingWith(first, chunks);
    if (unpack === undefined) yield* all;
    // What goes wrong on the way ends the reading of what comes out.
    else yield* pipeline(Readable.from(all, { highWaterMark: 2 }), unpack, () => undefined);
    return undefined;
  }

  private async *hashed(file: Readable): AsyncGenerator<Buffer, undefined> {
    for await (const chunk of file as AsyncIterable<Buffer>) {
      this.hash.update(chunk);
      this.read += chunk.length;
      yield chunk;
    }
    return undefined;
  }
}

/** New memory for each block would keep the garbage collector busy. */
function oneSpace(): BlockSpace {
  let space = NOTHING;
  return (length) => {
    if (space.length < length) space = Buffer.allocUnsafe(length + CHUNK);
    return space;
  };
}

function joined(rest: Buffer, lines: Buffer, space: BlockSpace): Buffer {
  const bytes = space(rest.length + lines.length).subarray(0, rest.length + lines.length);
  rest.copy(bytes);
  lines.copy(bytes, rest.length);
  return bytes;
}

/** Enough to tell what it is. */
async function beginningOf(chunks: AsyncGenerator<Buffer, undefined>): Promise<Buffer> {
  let first: Buffer = Buffer.alloc(0);
  while (first.length < MAGIC) {
    const { value } = await chunks.next();
    if (value === undefined) break;
    first = Buffer.concat([first, value]);
  }
  return first;
}

function unpackerOf(start: Buffer): Transform | undefined {
  if (start.length >= 2 && start.readUInt16BE(0) === 0x1f8b) return zlib.createGunzip({ chunkSize: CHUNK });
  if (start.length < MAGIC || start.readUInt32LE(0) !== 0xfd2fb528) return undefined;
  const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: object) => Transform };
  if (createZstdDecompress === undefined)
    throw new CompressionError(
      `it is compressed by zstd, which Node ${process.versions.node} can't unpack; use Node 22.15 or later, or unpack it before`,
    );
  return createZstdDecompress({ chunkSize: CHUNK });
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  yield first;
  yield* rest;
  return undefined;
}
