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
    return new ServerProcess(name, log, [GUARD, folder, log, path, ...args]);
  }

  private failure: Error | undefined;
  private guard: ChildProcess;
  /** Ended on purpose, and not begun again yet. */
  private down = false;

  private constructor(
    private readonly name: string,
    private readonly log: string,
    private readonly command: readonly string[],
  ) {
    this.guard = this.spawn();
  }

  /** Ends the server as a crash does; what it has stored stays. */
  async crash(): Promise<void> {
    this.down = true;
    const gone = once(this.guard, 'exit');
    this.guard.ref();
    this.guard.stdin?.write('crash');
    await gone;
  }

  /** Begins it again after a crash, with the same flags and what it has stored. */
  begin(): void {
    this.guard = this.spawn();
    this.down = false;
  }

  private spawn(): ChildProcess {
    const guard = spawn(process.execPath, [...this.command], { stdio: ['pipe', 'ignore', 'inherit'] });
    guard.once('error', (error) => (this.failure = error));
    // A test run must be able to end without having waited for the servers.
    guard.unref();
    return guard;
  }

  /** Throws, with the end of the log, when the server is no longer running. */
  async check(): Promise<void> {
    if (this.down) return;
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
