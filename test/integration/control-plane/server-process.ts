import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { GUARD } from './binaries';

const LOG_TAIL_LINES = 25;

/** One running server, its log in the control plane's temporary folder. */
export class ServerProcess {
  /** Starts the program at `path`; a guard stops it and removes `folder` however this process ends. */
  static start(
    name: string,
    path: string,
    flags: Readonly<Record<string, string>>,
    folder: string,
  ): ServerProcess {
    const log = join(folder, `${name}.log`);
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const guard = spawn(process.execPath, [GUARD, folder, log, path, ...args], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    return new ServerProcess(name, log, guard);
  }

  private failure: Error | undefined;

  private constructor(
    private readonly name: string,
    private readonly log: string,
    private readonly guard: ChildProcess,
  ) {
    guard.once('error', (error) => (this.failure = error));
    // A test run must be able to end without having waited for the servers.
    guard.unref();
  }

  /** Throws, with the end of the log, when the server is no longer running. */
  async check(): Promise<void> {
    if (this.failure === undefined && this.guard.exitCode === null && this.guard.signalCode === null) return;
    throw await this.error(`ended (exit ${String(this.guard.exitCode)})`);
  }

  /** An error about this server that shows the end of its log. */
  async error(what: string): Promise<Error> {
    const text = await readFile(this.log, 'utf8').catch(() => '');
    const tail = text.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
    return new Error(`${this.name} ${what}; the end of its log:\n${tail}`, { cause: this.failure });
  }

  /** Stops the server and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.guard.exitCode !== null || this.guard.signalCode !== null || this.failure !== undefined) return;
    const gone = once(this.guard, 'exit');
    this.guard.ref();
    this.guard.stdin?.end();
    await gone;
  }
}
