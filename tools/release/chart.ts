import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { oneVersion } from './places';
import { release, ReleaseError } from './release-error';
import { run } from './run';

const ROOT = resolve(__dirname, '../..');

/** What goes with the chart, which holds the program: our licence, and those of what is in the program. */
const BESIDE = ['LICENSE', 'dist/program/THIRD-PARTY-NOTICES.txt'];

/**
 * `npm run release:chart -- FOLDER [--helm PROGRAM]`: packs charts/falco-egress, with the licences, into a folder. Helm is
 * `--helm`, one that tools/control-plane has built, or the one on the PATH.
 */
function chart(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { helm: { type: 'string' } },
  });
  const [target] = positionals;
  if (target === undefined)
    throw new ReleaseError('USAGE', 'npm run release:chart -- FOLDER [--helm PROGRAM]');
  const version = oneVersion(ROOT);
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-chart-'));
  try {
    const copy = join(folder, 'falco-egress');
    cpSync(join(ROOT, 'charts/falco-egress'), copy, { recursive: true });
    for (const file of BESIDE) cpSync(join(ROOT, file), join(copy, file.slice(file.lastIndexOf('/') + 1)));
    run(values.helm ?? builtHelm() ?? 'helm', ['package', copy, '--destination', resolve(target)], ROOT);
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(join(resolve(target), `falco-egress-${version}.tgz`));
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
