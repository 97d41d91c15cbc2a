import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { UsageError } from '../synth/usage-error';

const MEGABYTE = 1024 * 1024;
/** A ConfigMap holds one megabyte; what is larger than a few of them is no rules file, and reading it costs much memory. */
const MOST_MEGABYTES = 4;
const PIECE = 64 * 1024;

/**
 * The bytes of a file.
 *
 * @throws UsageError if it is too large, or a named pipe: reading one waits for whoever may write to it
 */
export function bytesOf(path: string): Buffer {
  // The shell's `<(…)` is a pipe too, but has its writer.
  if (statSync(path).isFIFO() && !/^\/(?:dev|proc\/[^/]+)\/fd\//.test(path))
    throw new UsageError(`${path} is a named pipe: give it as standard input, - < ${path}`);
  const file = openSync(path, 'r');
  try {
    return bytesFrom(file, path);
  } finally {
    closeSync(file);
  }
}

/**
 * What standard input holds.
 *
 * @throws UsageError if that is too much
 */
export function bytesOfStdin(): Buffer {
  return bytesFrom(0, 'standard input');
}

/** Reads to the end, whatever size the file says it has: pipes and devices say 0. */
function bytesFrom(file: number, name: string): Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  for (;;) {
    const piece = Buffer.alloc(PIECE);
    const length = readSync(file, piece);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, length));
    size += length;
    if (size > MOST_MEGABYTES * MEGABYTE)
      throw new UsageError(
        `${name} has more than ${MOST_MEGABYTES} MB, the most that is read as one file of rules (a ConfigMap holds 1 MB): split it`,
      );
  }
}
