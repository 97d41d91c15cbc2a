import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import packageJson from '../../package.json';

const ROOT = join(__dirname, '../..');
const scripts: Readonly<Record<string, string>> = packageJson.scripts;

/** This repository as it lies here, committed elsewhere: what a release may change. */
export class WorkingCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'falco-egress-release-'));

  constructor() {
    const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    for (const file of files.split('\0').filter((name) => name !== '')) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(ROOT, file), join(this.folder, file));
    }
    // Not as one link: the bundler keeps its notes there.
    mkdirSync(join(this.folder, 'node_modules'));
    for (const name of readdirSync(join(ROOT, 'node_modules')).filter((each) => each !== '.cache'))
      symlinkSync(join(ROOT, 'node_modules', name), join(this.folder, 'node_modules', name));
    this.git('init', '-q');
    this.commit();
  }

  commit(): void {
    this.git('add', '-A');
    this.git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '-qm', 'All');
  }

  git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.folder, encoding: 'utf8' });
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** What `npm run SCRIPT` runs, with more variables of the environment. */
  npm(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', `${scripts[script] ?? 'false'} "$@"`, script, ...args],
      {
        cwd: this.folder,
        encoding: 'utf8',
        env: {
          ...process.env,
          npm_config_loglevel: 'silent',
          PATH: `${join(this.folder, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
          ...env,
        },
      },
    );
    return { code: status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
