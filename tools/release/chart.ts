import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { releaseArguments } from './arguments';
import { oneVersion } from './places';
import { release, ReleaseError } from './release-error';
import { run } from './run';

const ROOT = resolve(__dirname, '../..');

/** What goes with the chart, which holds the program: our licence, and those of what is in the program. */
const BESIDE = ['LICENSE', 'dist/program/THIRD-PARTY-NOTICES.txt'];

const USAGE = 'npm run release:chart -- FOLDER [--helm PROGRAM] [--dry-run]';

/**
 * `npm run release:chart -- FOLDER [--helm PROGRAM] [--dry-run]`: packs charts/falco-egress, with the licences, into a folder. Helm is
 * `--helm`, one that tools/control-plane has built, or the one on the PATH. A dry run
 * says which, and what it would make.
 */
function chart(): void {
  const { values, positionals } = releaseArguments(
    { helm: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
    USAGE,
  );
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) throw new ReleaseError('USAGE', USAGE);
  const version = oneVersion(ROOT);
  const absent = BESIDE.find((file) => !existsSync(join(ROOT, file)));
  if (absent !== undefined)
    throw new ReleaseError('FILE_MISSING', `${absent} is not there: run npm run build`);
  const helm = values.helm ?? builtHelm() ?? 'helm';
  const packing = (folder: string): readonly string[] => [
    'package',
    folder,
    '--destination',
    resolve(target),
  ];
  if (values['dry-run']) console.log([helm, ...packing('charts/falco-egress')].join(' '));
  else pack((folder) => run(helm, packing(folder), ROOT));
  console.log(join(resolve(target), `falco-egress-${version}.tgz`));
}

/** Lays the chart and what goes with it into a folder of its own, for a moment. */
function pack(packed: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-chart-'));
  try {
    const copy = join(folder, 'falco-egress');
    cpSync(join(ROOT, 'charts/falco-egress'), copy, { recursive: true });
    for (const file of BESIDE) cpSync(join(ROOT, file), join(copy, basename(file)));
    packed(copy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The Helm that the integration tests have built; tools/control-plane/build.mjs says where. */
function builtHelm(): string | undefined {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const programs = join(process.env['FALCO_EGRESS_CACHE'] ?? join(cache, 'falco-egress'), 'control-plane');
  if (!existsSync(programs)) return undefined;
  return readdirSync(programs)
    .map((name) => join(programs, name, 'bin/helm4'))
    .find((file) => existsSync(file));
}

void release(chart);
