import type { FalcoEgressProps } from './settings';

/** What an environment file holds: settings, and where more of them come from. */
export interface EnvironmentFile extends Partial<FalcoEgressProps> {
  /** Another environment, by its name (`default`) or the path of its file, whose settings are taken where this one is silent. */
  readonly extends?: string;
  /**
   * Rules files, or folders of them, beside this file: one package each, named after the file or folder.
   * @default []
   */
  readonly rulesFrom?: readonly string[];
}
