import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { chartFiles } from '../../lib/helm/chart';
import type { EnvironmentSchema } from '../../lib/helm/values-schema';
import { chartReadme } from './chart-readme';

/**
 * Writes charts/falco-egress, from the constructs and the settings. With `--check` nothing is written, and what is stale is
 * named. The bundle of the program must have been made before: it is a part of the chart.
 */
function main(): void {
  const root = resolve(__dirname, '../..');
  const target = join(root, 'charts/falco-egress');
  const schema = JSON.parse(
    readFileSync(join(root, 'environments/settings.schema.json'), 'utf8'),
  ) as EnvironmentSchema;
  const files = chartFiles(schema).set('README.md', chartReadme(schema));
  const gone = filesIn(target).filter((path) => !files.has(path));
  const stale = [...files].filter(([path, text]) => {
    const place = join(target, path);
    return !existsSync(place) || readFileSync(place, 'utf8') !== text;
  });
  if (process.argv.includes('--check')) {
    for (const path of [...stale.map(([name]) => name), ...gone])
      console.error(`charts/falco-egress/${path} is stale: run npm run synth`);
    process.exitCode = stale.length + gone.length > 0 ? 1 : 0;
    return;
  }
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), text);
  }
  for (const path of gone) rmSync(join(target, path));
  console.log(`charts/falco-egress  ${files.size} files`);
}

function filesIn(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    : [];
}

main();
