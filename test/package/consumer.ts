import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
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
/** What the projects call our package in their package.json. */
const TARBALL = 'falco-egress.tgz';

/** How a process ended, and all that it printed. */
export interface Ending {
  readonly code: number | null;
  readonly output: string;
}

/** A project of its own, in a file beside this one: `projects/NAME`. */
export type ProjectName = 'commonjs' | 'esm';

/** `npm pack`, which builds the package first, into a folder of its own. Tests take it one after another: it writes dist/. */
export function packPackage(): { readonly tarball: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-pack-'));
  npm(ROOT, 'pack', '--pack-destination', folder);
  const [tarball] = readdirSync(folder);
  if (tarball === undefined) throw new Error('npm pack made no tarball');
  const remove = (): void => {
    rmSync(folder, { recursive: true });
  };
  return { tarball: join(folder, tarball), remove };
}

/**
 * Another project, into which npm has installed our package as `npm pack` makes it.
 *
 * The tarball is installed for real: unpacked, its ranges held against what is there, its command linked. What it depends
 * on is linked from this repository instead of downloaded, so that the test needs no network, takes seconds, and does not
 * fail on the day on which somebody else publishes. `--offline` fails where a dependency is missing or out of range.
 */
export class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), 'falco-egress-consumer-'));
  /** Our package, as it is installed. */
  readonly installed = join(this.folder, 'node_modules', packageJson.name);

  constructor(tarball: string, project?: ProjectName) {
    copyFileSync(tarball, join(this.folder, TARBALL));
    const wanted = new Set(Object.keys({ ...packageJson.dependencies, ...packageJson.peerDependencies }));
    if (project !== undefined) {
      cpSync(join(__dirname, 'projects', project), this.folder, { recursive: true });
      for (const name of dependenciesIn(this.read('package.json'))) wanted.add(name);
    } else {
      const dependencies = { [packageJson.name]: `file:${TARBALL}` };
      this.write('package.json', JSON.stringify({ name: 'consumer', private: true, dependencies }));
    }
    // Of a package that is linked npm would run what its own developers run, here in our node_modules.
    for (const name of wanted) this.link(name);
    const flags = ['--offline', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
    // Where a project itself asks for a peer, npm would ask the registry for it, link or not. Ranges of peers are held
    // against what is there by the consumer without a project.
    if (project !== undefined) flags.push('--legacy-peer-deps');
    npm(this.folder, 'install', ...flags);
    // The compiler and the tests want these, and npm would take away what no package asks for.
    for (const name of ['@types/node', '@types/jest', 'undici-types', 'jest', '.bin/jest']) this.link(name);
  }

  private link(name: string): void {
    const place = join(this.folder, 'node_modules', name);
    if (existsSync(place)) return;
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), place);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  write(path: string, text: string | Buffer): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Files below a folder, by their paths from there. */
  files(folder: string): string[] {
    const top = join(this.folder, folder);
    return readdirSync(top, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(top.length + 1))
      .sort();
  }

  node(...args: string[]): Ending {
    return this.execute(process.execPath, ...args);
  }

  /** The TypeScript compiler, as strict as it can be, the declarations of all packages included. */
  tsc(...args: string[]): Ending {
    const strict = ['--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--types', 'node'];
    return this.node(join(ROOT, 'node_modules/typescript/bin/tsc'), ...strict, ...args);
  }

  execute(command: string, ...args: string[]): Ending {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: environment(),
    });
    if (error !== undefined) throw error;
    return { code: status, output: `${stdout}${stderr}` };
  }
}

/** What a project's package.json asks for beside our package. */
function dependenciesIn(text: string): string[] {
  const { dependencies, devDependencies } = JSON.parse(text) as Record<string, object | undefined>;
  return Object.keys({ ...dependencies, ...devDependencies }).filter((name) => name !== packageJson.name);
}

function npm(cwd: string, ...args: string[]): void {
  execFileSync('npm', args, { cwd, env: environment(), stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * Without what npm tells the scripts that it runs: this test may be one. And without colours, which some tools print wherever
 * CI is set.
 */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_|^NODE_ENV$|^JEST_|^FORCE_COLOR$/.test(name),
  );
  return { ...Object.fromEntries(own), npm_config_loglevel: 'error', NO_COLOR: '1' };
}
