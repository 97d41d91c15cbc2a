import { spawnSync } from 'node:child_process';
import { ReleaseError } from './release-error';

/** Runs a command of a release and shows what it says. Throws where it fails; returns what it wrote to stdout and stderr. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined)
    throw new ReleaseError('TOOL_MISSING', `${command} can't be run: ${error.message}`);
  const said = `${stdout}${stderr}`;
  if (status !== 0)
    throw new ReleaseError('TOOL_FAILED', `${[command, ...args].join(' ')} failed:\n${said.trimEnd()}`);
  return said;
}
