#!/usr/bin/env node
/**
 * Checks the package as others get it: `npm run lint:package`, or for a tarball that is there already
 *
 *     node tools/package/check.mjs TARBALL
 *
 * publint looks at package.json and the files that it names, "are the types wrong?" at what TypeScript sees in every mode
 * of module resolution. The last line is the size. Exit code 1 where something is wrong.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = dirname(dirname(import.meta.dirname));

/**
 * Bytes that the tarball may have. A third of it is the command line, a fifth the program for the cluster, the rest the
 * library. Who bundles a whole client of Kubernetes into the command line by mistake (0.4 MB more) comes to stand above it.
 */
const MOST_BYTES = 1_300_000;

/**
 * Rules of "are the types wrong?" that are wrong here.
 * - `named-exports` takes the constants behind `export type *` of lib/index.ts for values that are missing. TypeScript
 *   itself refuses them as values; that every value can be imported is held by test/package.
 */
const IGNORED = ['named-exports'];

/** Runs a tool of node_modules on the tarball. */
function passes(tool, ...args) {
  const command = join(ROOT, 'node_modules/.bin', tool);
  return spawnSync(process.execPath, [command, ...args], { stdio: 'inherit' }).status === 0;
}

function pack(folder) {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(folder, readdirSync(folder)[0]);
}

function check(tarball) {
  const bytes = statSync(tarball).size;
  const results = [
    passes('publint', 'run', '--strict', tarball),
    passes(
      'attw',
      tarball,
      '--no-definitely-typed',
      '--no-emoji',
      '--format',
      'ascii',
      '--ignore-rules',
      ...IGNORED,
    ),
    bytes <= MOST_BYTES,
  ];
  console.log(`${Math.ceil(bytes / 1000)} kB packed, of at most ${MOST_BYTES / 1000} kB`);
  return results.every(Boolean);
}

const [given] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'falco-egress-pack-'));
try {
  process.exitCode = check(given === undefined ? pack(folder) : resolve(given)) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
