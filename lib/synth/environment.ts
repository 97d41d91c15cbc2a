import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { rulesFileName } from '../constructs/rules';
import { findingsOfResponses, warningsOfResponses } from '../constructs/responses-check';
import { assertRules, rulesFilesOf } from '../constructs/rules-check';
import { RulesError, type Finding } from '../rules/finding';
import { nearest } from '../schema/nearest';
import { checkSettings } from '../settings/check';
import { checkEnvironmentShape } from '../settings/checks/shape';
import type { SettingsFinding } from '../settings/finding';
import type { EnvironmentFile } from '../settings/environment';
import { merge } from '../settings/resolved';
import { fillDefaults, trusted, type FalcoEgressProps, type Settings } from '../settings/settings';
import { EnvironmentError, wholeFile } from './environment-error';
import { readPositionedYaml, type PositionedYaml } from './positions';
import { readRulesFrom } from './rules-from';
import { distinctWarnings, type RulesWarnings } from './rules-warnings';
import { whereWritten, type RulesOrigin } from './rules-places';
import { confineTeams, readTeams, type Team } from './teams';

/** One environment: what an environment file and those that it extends say. */
export interface Environment {
  /** The file's name without its ending; the name of the folder of its manifests. */
  readonly name: string;
  readonly settings: Settings;
  /** What Falco loads, but what hardly means what its author wanted. */
  readonly warnings: RulesWarnings;
}

/** What is said on the command line beside the file. */
export interface EnvironmentOptions {
  /** More files or folders of rules. */
  readonly rules?: readonly string[];
}

const EXTENSIONS = ['.yaml', '.yml'];

/** Names of environments, and so of folders: one such as `.` or `..` would be another folder altogether. */
const NAME = /^[a-z0-9][-a-z0-9_.]*$/;

/**
 * The environment files of a folder, by name; hidden files are an editor's.
 *
 * @throws {@link EnvironmentError} where two files have one name
 */
export function findEnvironments(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(folder).sort()) {
    if (file.startsWith('.') || !EXTENSIONS.includes(extname(file))) continue;
    const name = basename(file, extname(file));
    const other = found.get(name);
    if (other !== undefined)
      throw new EnvironmentError([
        wholeFile(
          join(folder, file),
          'duplicate-environment',
          `${basename(other)} has the same name; rename one of them`,
        ),
      ]);
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
  const name = environmentName(file);
  const chain = readChain(file);
  const sources = chain.map(({ yaml }) => yaml);
  const wrong = sources.flatMap(checkShape);
  if (wrong.length > 0) throw new EnvironmentError(wrong, asFiles(sources));
  const { settings, paths } = settle(chain, options.rules ?? []);
  const origin = { sources, paths, packages: settings.rulesPackages };
  assertSettings(settings, origin);
  const teams = teamsOf(sources);
  const { packages, warnings } = confineTeams(teams, settings);
  const whole =
    teams.length === 0
      ? settings
      : { ...settings, rulesPackages: { ...settings.rulesPackages, ...packages } };
  if (whole !== settings) assertSettings(whole, origin);
  trusted(whole);
  const { findings, files } = checkRules(whole, origin);
  // What a team wrote was looked at before it was confined, with the comments that allow what a warning is about.
  const confined = new Set(
    Object.entries(packages).flatMap(([team, texts]) =>
      Object.keys(texts).map((file) => rulesFileName(team, file)),
    ),
  );
  const others = findings.filter(({ file }) => !confined.has(file));
  return { name, settings: whole, warnings: distinctWarnings([{ findings: others, files }, ...warnings]) };
}

function assertSettings(settings: Settings, origin: RulesOrigin): void {
  const findings = checkSettings(settings).map((finding) => settingFinding(finding, origin));
  if (findings.length > 0) throw new EnvironmentError(findings, asFiles(origin.sources));
}

/** What a file says of a team counts for it as a whole, whatever the files say that it extends. */
function teamsOf(sources: readonly PositionedYaml[]): Team[] {
  const teams = sources
    .toReversed()
    .flatMap((yaml) => readTeams(yaml).map((team) => [team.name, team] as const));
  return [...new Map(teams).values()];
}

function environmentName(file: string): string {
  const name = basename(file, extname(file));
  if (NAME.test(name)) return name;
  const message = `'${name}' is no name of an environment; call the file a-z or 0-9, then any of a-z, 0-9, '-', '_' and '.'`;
  throw new EnvironmentError([wholeFile(file, 'invalid-name', message)]);
}

/** All that the files of a chain say, with their rules and those of the command line read in. */
function settle(chain: readonly Link[], rules: readonly string[]): { settings: Settings; paths: RulesPaths } {
  const paths = new Map<string, string>();
  let merged: object = {};
  for (const { yaml } of chain.toReversed()) {
    const { extends: _, rulesFrom: _files, teams: _teams, ...own } = (yaml.value ?? {}) as EnvironmentFile;
    const read = readRulesFrom(rulesPlaces(yaml));
    for (const [name, path] of read.paths) paths.set(name, path);
    for (const [name, files] of Object.entries(own.rulesPackages ?? {}))
      for (const file of Object.keys(files)) paths.delete(rulesFileName(name, file));
    merged = merge(merge(merged, { rulesPackages: read.packages }), own);
  }
  const read = readRulesFrom(rules, paths);
  for (const [name, path] of read.paths) paths.set(name, path);
  merged = merge(merged, { rulesPackages: read.packages });
  return { settings: fillDefaults(merged as FalcoEgressProps), paths };
}

type RulesPaths = RulesOrigin['paths'];

/** A chain of environments begins with a file; without one there is no place for a finding. */
class NoSourceError extends Error {
  override readonly name = 'NoSourceError';
  readonly code = 'NO_SOURCE';
}

function settingFinding({ path, message }: SettingsFinding, { sources, paths }: RulesOrigin): Finding {
  const text = `${path.join('.')}: ${message}`;
  const [top, name, file] = path;
  const source = sources.find((candidate) => candidate.has(path)) ?? sources[0];
  if (top === 'rulesPackages' && !source?.has(path)) {
    const start = rulesFileName(String(name), String(file ?? ''));
    const [, written] = [...paths].find(([inFalco]) => inFalco.startsWith(start)) ?? [];
    if (written !== undefined) return wholeFile(written, 'invalid-setting', text);
  }
  if (source === undefined) throw new NoSourceError(text);
  return source.finding(path, 'value', 'invalid-setting', text);
}

/** @throws {@link EnvironmentError} with what Falco would refuse, or what responses can't answer, where somebody wrote it */
function checkRules(settings: Settings, origin: RulesOrigin): RulesWarnings {
  const files = rulesFilesOf(settings);
  const place = (finding: Finding): Finding => whereWritten(finding, files, origin);
  const written = [
    ...asFiles(origin.sources),
    ...files.map(({ name, text }) => ({ name: origin.paths.get(name) ?? name, text })),
  ];
  try {
    const loaded = assertRules(settings);
    const unfit = findingsOfResponses(settings, loaded).map((finding) => settingFinding(finding, origin));
    if (unfit.length > 0) throw new EnvironmentError(unfit, asFiles(origin.sources));
    const doubtful = warningsOfResponses(settings).map((finding): Finding => ({
      ...settingFinding(finding, origin),
      severity: 'warning',
    }));
    return { findings: [...loaded.findings.map(place), ...doubtful], files: written };
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    const errors = error.findings.filter(({ severity }) => severity === 'error');
    throw new EnvironmentError(errors.map(place), written);
  }
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
  if (!existsSync(file)) throw new EnvironmentError([wholeFile(file, 'no-file', 'there is no such file')]);
  const yaml = readPositionedYaml(file, readFileSync(file, 'utf8'), { asHelm: true });
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
  const findings = checkEnvironmentShape(value).map(({ path, target, message, code }) =>
    yaml.finding(path, target, code, path.length === 0 ? message : `${path.join('.')}: ${message}`),
  );
  return findings.length > 0 ? findings : checkItems(yaml, (value as EnvironmentFile).rules ?? []);
}

/** Rules in a file are in Falco's own keys; what has a `kind` would pass for an object of the library. */
function checkItems(yaml: PositionedYaml, rules: readonly object[]): Finding[] {
  return rules.flatMap((item, index) => {
    const message = `rules.${index}.kind: unknown key 'kind'; in Falco's own keys an item begins with rule, macro or list`;
    return 'kind' in item ? [yaml.finding(['rules', index, 'kind'], 'key', 'unknown-key', message)] : [];
  });
}

/** The files and folders of `rulesFrom`, as seen from where the program runs. */
function rulesPlaces(yaml: PositionedYaml): string[] {
  const { rulesFrom = [] } = (yaml.value ?? {}) as EnvironmentFile;
  const places = rulesFrom.map((entry) => (isAbsolute(entry) ? entry : join(dirname(yaml.file), entry)));
  const missing = places.findIndex((place) => !existsSync(place));
  if (missing < 0) return places;
  throw at(yaml, ['rulesFrom', missing], `there is no file or folder ${places[missing] ?? ''}`);
}

function at(yaml: PositionedYaml, path: readonly (string | number)[], message: string): EnvironmentError {
  return new EnvironmentError([yaml.finding(path, 'value', 'invalid-setting', message)], asFiles([yaml]));
}

function asFiles(sources: readonly PositionedYaml[]): { name: string; text: string }[] {
  return sources.map(({ file, text }) => ({ name: file, text }));
}
