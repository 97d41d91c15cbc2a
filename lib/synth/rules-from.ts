import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { RulesPackage } from '../settings/egress';

/**
 * Rules packages out of files and folders: one each, named after the file without its ending or after the folder. Rule
 * tests (`*.test.yaml`) stay where they are.
 */
export function readRulesPackages(paths: readonly string[]): Record<string, RulesPackage> {
  const packages: Record<string, Record<string, string>> = {};
  for (const path of paths) {
    const folder = statSync(path).isDirectory();
    const files = folder
      ? readdirSync(path)
          .sort()
          .filter(isRulesFile)
          .map((name) => join(path, name))
      : [path];
    const name = folder ? basename(path) : basename(path, extname(path));
    const content = (packages[name] ??= {});
    for (const file of files) content[basename(file)] = readFileSync(file, 'utf8');
  }
  return packages;
}

/** Falco reads only these endings in a directory of rules since 0.41. */
function isRulesFile(name: string): boolean {
  return /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name);
}
