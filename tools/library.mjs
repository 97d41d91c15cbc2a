/**
 * Makes the library that other projects import: dist/lib/, of what lib/index.ts reaches, and dist/package.json, where
 * dist/lib/version.js finds the version. `npm run build` runs it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// What a file that is gone has left behind would be packed too.
rmSync(join(root, 'dist/lib'), { recursive: true, force: true });
try {
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
    { stdio: 'inherit' },
  );
} catch {
  process.exit(1);
}

// The compiler copies the whole of package.json; beside the library its exports and scripts mean nothing.
const { name, version, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(join(root, 'dist/package.json'), `${JSON.stringify({ name, version, type }, null, 2)}\n`);
