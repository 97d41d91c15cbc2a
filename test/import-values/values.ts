import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { importValues, type Imported } from '../../lib/import-values/import-values';
import { loadEnvironment } from '../../lib/synth/environment';
import { synthesize } from '../../lib/synth/synthesize';

/** Imports values, as text or as an object. */
export function imported(values: string | object): Imported {
  const text = typeof values === 'string' ? values : dump(values, { noRefs: true });
  return importValues('values.yaml', text, { name: 'prod' });
}

/** What is said about the values, shortly: place, outcome, value. */
export function said({ lines }: Imported): string[] {
  return lines
    .filter(({ value }) => value !== '')
    .map(({ line, column, outcome, value }) => `${line}:${column} ${outcome} ${value}`);
}

/** Synthesizes what was imported, as an environment file. */
export function synthesized({ settings, rules, rulesPackage }: Imported): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-import-'));
  try {
    const file = join(folder, 'prod.yaml');
    writeFileSync(file, dump({ ...settings, rulesPackages: { [rulesPackage]: rules } }));
    return synthesize(loadEnvironment(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
