/** The names that rules files of others define, to be loaded before ours: Falco's stock rules, as a rule. */
export interface StockNames {
  readonly rules: ReadonlySet<string>;
  readonly macros: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
}
