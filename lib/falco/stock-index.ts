/** The names that Falco's stock rules file defines: what a rules file of ours may refer to or must not redefine by accident. */
export interface StockIndex {
  /** The least engine version that the stock rules ask for. */
  readonly requiredEngineVersion: string;
  /** The least version of each plugin that the stock rules ask for. */
  readonly requiredPluginVersions: Readonly<Record<string, string>>;
  /** Every rule, in the order of the file. */
  readonly rules: readonly string[];
  /** The rules that are off unless somebody turns them on. */
  readonly disabledRules: readonly string[];
  readonly macros: readonly string[];
  readonly lists: readonly string[];
}
