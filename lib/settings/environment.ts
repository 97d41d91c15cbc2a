import type { FalcoEgressProps } from './settings';

/** Keys of an environment file that are no settings: they say where settings come from. */
export const FILE_KEYS = [
  'extends',
  'rulesFrom',
  'teams',
] as const satisfies readonly (keyof EnvironmentFile)[];

/** A team that may bring rules, and the namespaces that they see. */
export interface TeamRules {
  /** Their rules match only events of these namespaces. */
  readonly namespaces: readonly string[];
  /** Rules files, or folders of them, beside this file. They make one package, named after the team. */
  readonly rulesFrom: readonly string[];
}

/** What an environment file holds: settings, and where more of them come from. */
export interface EnvironmentFile extends Partial<FalcoEgressProps> {
  /** Another environment, by its name (`default`) or the path of its file, whose settings are taken where this one is silent. */
  readonly extends?: string;
  /**
   * Rules files, or folders of them, beside this file: one package each, named after the file or folder.
   * @default []
   */
  readonly rulesFrom?: readonly string[];
  /**
   * Teams by name, whose rules are confined: each rule carries the team's name and sees its namespaces only, and nothing of
   * others can be changed.
   * @default {}
   */
  readonly teams?: Readonly<Record<string, TeamRules>>;
}
