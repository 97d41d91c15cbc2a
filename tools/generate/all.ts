import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { generateSettings } from './settings';

/** `npm run generate`: everything that is made from this repository's own sources. */
async function main(): Promise<void> {
  const root = resolve(__dirname, '../..');
  const options = await resolveConfig(join(root, 'lib/index.ts'));
  for (const { path, text } of generateSettings(root)) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, await format(text, { ...options, filepath: path }));
    console.error(`wrote ${path}`);
  }
}

void main();
