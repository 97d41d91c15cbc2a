import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const DIST = resolve(__dirname, '../../dist');

/** The built programs, each with what comes before the arguments of `synth`. */
export const SYNTH_PROGRAMS: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ['falco-egress synth', join(DIST, 'falco-egress.js'), 'synth'],
  ['main.js', join(DIST, 'main.js')],
];

/** How a process ended, and what it said. */
export interface Ending {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** A folder of somebody else, in which the built programs run as processes. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'falco-egress-cli-'));

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** `falco-egress …` */
  run(...args: string[]): Ending {
    return this.node([join(DIST, 'falco-egress.js'), ...args]);
  }

  node(args: readonly string[], env: NodeJS.ProcessEnv = {}): Ending {
    return this.execute(process.execPath, args, env);
  }

  execute(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ending {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
      maxBuffer: 1 << 28,
    });
    if (error !== undefined) throw error;
    return { code: status, out: stdout, error: stderr };
  }

  /** Every file below a folder, by its path. */
  files(folder: string): Record<string, string> {
    const top = join(this.folder, folder);
    const entries = readdirSync(top, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return Object.fromEntries(
      entries
        .map(({ parentPath, name }) => join(parentPath, name))
        .sort()
        .map((file) => [file.slice(top.length + 1), readFileSync(file, 'utf8')]),
    );
  }
}

/** Settings of the least: a small installation, which takes little time. */
export const SMALL = ['sidekickUi: { enabled: false }', 'collector: { enabled: false }', ''].join('\n');
