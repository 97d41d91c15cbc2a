import { statSync } from 'node:fs';
import { UsageError } from '../../synth/usage-error';

/** How a command line names standard input. */
export const STDIN = '-';
/** Opened by its path it couldn't be read where it is a socket. */
const STDIN_PATHS = ['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/** A path, or `-` for what is standard input by any of its names. */
export function plainPath(path: string): string {
  return STDIN_PATHS.includes(path) ? STDIN : path;
}

/**
 * How many bytes a file has; 0 for a stream, of which nobody knows how much will come.
 *
 * @throws UsageError for what can't be read
 */
export function sizeOf(path: string): number {
  if (path === STDIN) return 0;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`there is no file ${path}`);
  if (stat.isDirectory())
    throw new UsageError(`${path} is a folder: name the files in it, such as ${path.replace(/\/+$/, '')}/*`);
  return stat.isFile() ? stat.size : 0;
}

/** Whether it can be read again: no stream can, such as standard input, a named pipe, or what `<(…)` of a shell stands for. */
export function canReadAgain(path: string): boolean {
  return path !== STDIN && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
