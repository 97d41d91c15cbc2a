import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { generateSettings } from './settings';

/**
 * `npm run generate`: everything that is made from this repository's own sources. With `--check` nothing is written, and
 * what is stale is named.
 */
async function main(): Promise<void> {
  const root = resolve(__dirname, '../..');
  const check = process.argv.includes('--check');
  const options = await resolveConfig(join(root, 'lib/index.ts'));
  for (const { path, text } of generateSettings(root)) {
    const target = join(root, path);
    const wanted = await format(text, { ...options, filepath: path });
    if (existsSync(target) && readFileSync(target, 'utf8') === wanted) continue;
    if (check) {
      console.error(`${path} is stale: run npm run generate`);
      process.exitCode = 1;
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, wanted);
    console.error(`wrote ${path}`);
  }
}

void main();
