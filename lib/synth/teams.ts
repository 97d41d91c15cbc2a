import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { rulesFileName } from '../constructs/rules';
import { loadOptionsOf, rulesFilesOf } from '../constructs/rules-check';
import { confineRules, RulesError, type Confined, type ConfineOptions, type RulesFile } from '../rules';
import type { RulesPackage } from '../settings/egress';
import type { EnvironmentFile, TeamRules } from '../settings/environment';
import type { Settings } from '../settings/settings';
import { EnvironmentError } from './environment-error';
import type { PositionedYaml } from './positions';
import { readRulesFrom } from './rules-from';
import type { RulesWarnings } from './rules-warnings';

/** A team's rules files, read but not yet confined. */
export interface Team {
  readonly name: string;
  readonly namespaces: readonly string[];
  /** Each is named by the path that it was read from. */
  readonly files: readonly RulesFile[];
  /** Where the team is set. */
  readonly yaml: PositionedYaml;
}

/**
 * The teams of an environment file.
 *
 * @throws {@link EnvironmentError} for a path that isn't there
 */
export function readTeams(yaml: PositionedYaml): Team[] {
  const { teams = {} } = (yaml.value ?? {}) as EnvironmentFile;
  return Object.entries(teams).map(([name, team]) => ({
    name,
    namespaces: team.namespaces,
    files: filesOf(yaml, name, team),
    yaml,
  }));
}

function filesOf(yaml: PositionedYaml, team: string, { rulesFrom }: TeamRules): RulesFile[] {
  const places = rulesFrom.map((entry) => (isAbsolute(entry) ? entry : join(dirname(yaml.file), entry)));
  const missing = places.findIndex((place) => !existsSync(place));
  if (missing >= 0) {
    const message = `there is no file or folder ${places[missing] ?? ''}`;
    throw wrong(yaml, ['teams', team, 'rulesFrom', missing], message);
  }
  return [...readRulesFrom(places).files];
}

/** What comes of the teams' rules. */
export interface TeamPackages {
  readonly packages: Readonly<Record<string, RulesPackage>>;
  /** In the files as the teams wrote them. */
  readonly warnings: readonly RulesWarnings[];
}

/**
 * The rules packages of the teams, confined, in the order in which Falco will load them: a team may use what is loaded
 * before, but can change none of it.
 *
 * @throws {@link EnvironmentError} where a team reaches beyond itself, or Falco would refuse its rules
 */
export function confineTeams(teams: readonly Team[], settings: Settings): TeamPackages {
  if (teams.length === 0) return { packages: {}, warnings: [] };
  const before = [...rulesFilesOf(settings)];
  const options = loadOptionsOf(settings);
  const packages: Record<string, RulesPackage> = {};
  const warnings: RulesWarnings[] = [];
  for (const team of teams.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name, yaml } = team;
    if (Object.hasOwn(settings.rulesPackages, name))
      throw wrong(yaml, ['teams', name], `there is a package '${name}' of rules already; rename one of them`);
    const confined = confine(team, { ...options, platform: before });
    warnings.push({ findings: confined.warnings, files: team.files });
    const files = new Map(confined.files.map(({ name: path, text }) => [basename(path), text]));
    if (files.size < confined.files.length)
      throw wrong(yaml, ['teams', name, 'rulesFrom'], 'two files have one name; rename one of them');
    before.push(...[...files].map(([file, text]) => ({ name: rulesFileName(name, file), text })));
    packages[name] = Object.fromEntries(files);
  }
  return { packages, warnings };
}

function confine({ name, namespaces, files, yaml }: Team, options: ConfineOptions): Confined {
  try {
    return confineRules(files, { team: name, namespaces }, options);
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    if (error.findings.length === 0) throw wrong(yaml, ['teams', name], error.message);
    throw new EnvironmentError(error.findings, files);
  }
}

function wrong(yaml: PositionedYaml, path: readonly (string | number)[], message: string): EnvironmentError {
  const finding = yaml.finding(path, 'value', 'invalid-setting', `${path.join('.')}: ${message}`);
  return new EnvironmentError([finding], [{ name: yaml.file, text: yaml.text }]);
}
