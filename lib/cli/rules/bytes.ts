import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { UsageError } from '../../synth/usage-error';
import { CommandError } from '../command-error';

const MEGABYTE = 1024 * 1024;
/** A ConfigMap holds one megabyte; what is larger than a few of them is no rules file, and reading it costs much memory. */
const MOST_MEGABYTES = 4;
const MOST_BYTES = MOST_MEGABYTES * MEGABYTE;
const PIECE = 64 * 1024;
const LINE_FEED = 0x0a;

/**
 * The bytes of a file.
 *
 * @throws CommandError if it is too large
 * @throws UsageError for a named pipe: reading one waits for whoever may write to it
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
 * @throws CommandError if that is too much
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
    if (size > MOST_BYTES) throw tooLarge(name, Buffer.concat(pieces));
  }
}

/** Points at the line with the first byte that is too many. */
function tooLarge(name: string, bytes: Buffer): CommandError {
  const kept = bytes.subarray(0, MOST_BYTES);
  const line = kept.reduce((count, byte) => (byte === LINE_FEED ? count + 1 : count), 1);
  const column = MOST_BYTES - kept.lastIndexOf(LINE_FEED);
  return new CommandError(
    'RULES_FILE_TOO_LARGE',
    `${name}:${line}:${column} has more than ${MOST_MEGABYTES} MB, the most that is read as one file of rules (a ConfigMap holds 1 MB): split it`,
  );
}
