import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { rulesFileName } from '../constructs/rules';
import type { RulesFile } from '../rules';
import type { RulesPackage } from '../settings/egress';
import { EnvironmentError, wholeFile } from './environment-error';

/** Rules packages out of files and folders. */
export interface RulesFrom {
  readonly packages: Readonly<Record<string, RulesPackage>>;
  /** The path of each file, as it was given, by the name that it has in Falco's directory. */
  readonly paths: ReadonlyMap<string, string>;
  /** The files themselves, each named by its path, in the order of the places. */
  readonly files: readonly RulesFile[];
}

/**
 * Reads rules files and folders of them: one package each, named after the file without its ending or after the folder.
 * Rule tests (`*.test.yaml`) stay where they are.
 *
 * @param taken paths of files that are there already
 * @throws {@link EnvironmentError} where two files would have one name in Falco's directory, or a folder has none
 */
export function readRulesFrom(places: readonly string[], taken: RulesFrom['paths'] = new Map()): RulesFrom {
  const packages: Record<string, Record<string, string>> = {};
  const paths = new Map<string, string>();
  const files: RulesFile[] = [];
  for (const place of places) {
    const folder = statSync(place).isDirectory();
    const name = folder ? basename(resolve(place)) : basename(place, extname(place));
    const content = (packages[name] ??= {});
    for (const path of folder ? filesIn(place) : [place]) {
      const file = basename(path);
      const inFalco = rulesFileName(name, file);
      const other = paths.get(inFalco) ?? taken.get(inFalco);
      if (other !== undefined && resolve(other) !== resolve(path))
        throw new EnvironmentError([
          wholeFile(
            path,
            'duplicate-rules-file',
            `in Falco's directory both this and ${other} would be ${inFalco}; rename one of them, or its folder`,
          ),
        ]);
      paths.set(inFalco, path);
      const text = readFileSync(path, 'utf8');
      content[file] = text;
      files.push({ name: path, text });
    }
  }
  return { packages, paths, files };
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter(isRulesFile).sort();
  if (names.length === 0)
    throw new EnvironmentError([
      wholeFile(folder, 'no-rules', 'there is no rules file here: none ends in .yaml or .yml'),
    ]);
  return names.map((name) => join(folder, name));
}

/** Falco reads only these endings in a directory of rules since 0.41. */
function isRulesFile(name: string): boolean {
  return /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name);
}
