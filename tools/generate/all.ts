import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { generateBrowserScript } from './browser-script';
import { generateConstructsReference } from './constructs-reference';
import { generateDashboards } from './dashboards';
import { generateSettings, settingsSchema } from './settings';
import { generateSettingsReference } from './settings-reference';

/**
 * `npm run generate`: everything that is made from this repository's own sources. With `--check` nothing is written, and
 * what is stale is named.
 */
async function main(): Promise<void> {
  const root = resolve(__dirname, '../..');
  const check = process.argv.includes('--check');
  const options = await resolveConfig(join(root, 'lib/index.ts'));
  const schema = settingsSchema(root);
  const files = [
    generateDashboards(),
    ...generateSettings(schema),
    ...generateSettingsReference(schema),
    generateConstructsReference(root),
    generateBrowserScript(root),
  ];
  for (const { path, text } of files) {
    const target = join(root, path);
    // The formatter would fill every cell of a table to the width of the longest.
    const wanted = path.endsWith('.md') ? text : await format(text, { ...options, filepath: path });
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
