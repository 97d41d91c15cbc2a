import type { ValuePath } from '../schema/finding';

/**
 * What became of a value. `taken`: it is a setting now. `unneeded`: nothing is lost without it. `gone`: today's Falco, or
 * Kubernetes, has it no more; the message says what is there instead. `unmapped`: no setting says the same; a person has
 * to decide. `unknown`: the official chart has no such value.
 */
export type Outcome = 'taken' | 'unneeded' | 'gone' | 'unmapped' | 'unknown';

/** What is said about one value. */
export interface Line {
  /** Keys from the top of the values file; empty for what the file does not say. */
  readonly path: ValuePath;
  readonly outcome: Outcome;
  /** Settings that carry it now, as dotted paths. */
  readonly settings: readonly string[];
  /** One line, without the path; never the value, which may be a secret. */
  readonly message: string;
  /** Where, if not where the path is: a line in a text of the file. */
  readonly at?: { readonly line: number; readonly column: number };
}
