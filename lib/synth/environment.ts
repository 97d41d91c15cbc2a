import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Finding } from '../rules/finding';
import { checkNode } from '../schema/check';
import { nearest } from '../schema/nearest';
import { checkSettings } from '../settings/check';
import type { EnvironmentFile } from '../settings/environment';
import { environmentSchema } from '../settings/generated/schema';
import { merge } from '../settings/resolved';
import { resolveSettings, type FalcoEgressProps, type Settings } from '../settings/settings';
import { EnvironmentError } from './environment-error';
import { readPositionedYaml, type PositionedYaml } from './positions';
import { readRulesPackages } from './rules-from';

/** One environment: what an environment file and those that it extends say. */
export interface Environment {
  /** The file's name without its ending; the name of the folder of its manifests. */
  readonly name: string;
  readonly settings: Settings;
}

/** What is said on the command line beside the file. */
export interface EnvironmentOptions {
  /** More files or folders of rules. */
  readonly rules?: readonly string[];
}

const EXTENSIONS = ['.yaml', '.yml'];

/**
 * The environment files of a folder, by name.
 *
 * @throws {@link EnvironmentError} where two files have one name
 */
export function findEnvironments(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(folder).sort()) {
    if (!EXTENSIONS.includes(extname(file))) continue;
    const name = basename(file, extname(file));
    const other = found.get(name);
    if (other !== undefined)
      throw failure(
        join(folder, file),
        'duplicate-environment',
        `${basename(other)} has the same name; rename one of them`,
      );
    found.set(name, join(folder, file));
  }
  return found;
}

/**
 * Reads an environment file, those that it extends, and its rules; checks all of it.
 *
 * @throws {@link EnvironmentError} with everything that is wrong, each with its place
 */
export function loadEnvironment(file: string, options: EnvironmentOptions = {}): Environment {
  const chain = readChain(file);
  const sources = chain.map(({ yaml }) => yaml);
  const wrong = sources.flatMap(checkShape);
  if (wrong.length > 0) throw new EnvironmentError(wrong, asFiles(sources));
  const merged = chain.map(settingsOf).reduceRight((base, over) => merge(base, over), {});
  const packages = readRulesPackages((options.rules ?? []).map((path) => resolve(path)));
  const settings = resolveSettings(merge(merged, { rulesPackages: packages }) as unknown as FalcoEgressProps);
  const findings = checkSettings(settings).map(({ path, message }) => {
    const source = sources.find((candidate) => candidate.has(path)) ?? sources[0];
    if (source === undefined) throw new Error('an environment has a file');
    return source.finding(path, 'value', 'invalid-setting', `${path.join('.')}: ${message}`);
  });
  if (findings.length > 0) throw new EnvironmentError(findings, asFiles(sources));
  return { name: basename(file, extname(file)), settings };
}

interface Link {
  readonly path: string;
  readonly yaml: PositionedYaml;
}

/** The file, then the one that it extends, and so on. */
function readChain(file: string, before: readonly Link[] = []): Link[] {
  const yaml = readFile(file);
  const chain = [...before, { path: resolve(file), yaml }];
  const { extends: parent } = (yaml.value ?? {}) as EnvironmentFile;
  if (typeof parent !== 'string') return chain;
  const target = parentFile(yaml, dirname(file), parent);
  if (chain.some(({ path }) => path === resolve(target))) {
    const names = [...chain.map(({ path }) => basename(path)), basename(target)].join(' → ');
    throw at(yaml, ['extends'], `a cycle: ${names}; let one of them extend nothing`);
  }
  return readChain(target, chain);
}

function readFile(file: string): PositionedYaml {
  if (!existsSync(file)) throw failure(file, 'no-file', 'there is no such file');
  const yaml = readPositionedYaml(file, readFileSync(file, 'utf8'));
  if (yaml.errors.length > 0) throw new EnvironmentError(yaml.errors, asFiles([yaml]));
  return yaml;
}

function parentFile(yaml: PositionedYaml, folder: string, parent: string): string {
  const names = extname(parent) === '' ? EXTENSIONS.map((extension) => `${parent}${extension}`) : [parent];
  const target = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (target !== undefined) return target;
  const guess = nearest(parent, existsSync(folder) ? findEnvironments(folder).keys() : []);
  throw at(
    yaml,
    ['extends'],
    `no environment '${parent}' in ${folder}${guess === undefined ? '' : `; did you mean '${guess}'?`}`,
  );
}

function checkShape(yaml: PositionedYaml): Finding[] {
  const value = yaml.value ?? {};
  return checkNode(environmentSchema, value).map(({ path, target, message, code }) =>
    yaml.finding(path, target, code, path.length === 0 ? message : `${path.join('.')}: ${message}`),
  );
}

/** The settings of one file, with its rules read in. */
function settingsOf({ path, yaml }: Link): object {
  const { extends: _, rulesFrom = [], ...settings } = (yaml.value ?? {}) as EnvironmentFile;
  const folder = dirname(path);
  const missing = rulesFrom.findIndex((entry) => !existsSync(resolve(folder, entry)));
  if (missing >= 0)
    throw at(
      yaml,
      ['rulesFrom', missing],
      `there is no file or folder ${resolve(folder, rulesFrom[missing] ?? '')}`,
    );
  const packages = readRulesPackages(rulesFrom.map((entry) => resolve(folder, entry)));
  return merge({ rulesPackages: packages }, settings);
}

function at(yaml: PositionedYaml, path: readonly (string | number)[], message: string): EnvironmentError {
  return new EnvironmentError([yaml.finding(path, 'value', 'invalid-setting', message)], asFiles([yaml]));
}

function failure(file: string, code: string, message: string): EnvironmentError {
  return new EnvironmentError([{ file, line: 1, column: 1, length: 1, severity: 'error', code, message }]);
}

function asFiles(sources: readonly PositionedYaml[]): { name: string; text: string }[] {
  return sources.map(({ file, text }) => ({ name: file, text }));
}
