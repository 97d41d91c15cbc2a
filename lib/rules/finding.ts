/** Whether Falco would refuse the file (`error`) or load it, perhaps not as its author meant (`warning`). */
export type Severity = 'error' | 'warning';

/** One thing that is wrong with a rules file, and where. Lines and columns start at 1. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters of the line are meant; the code frame underlines them. */
  readonly length: number;
  readonly severity: Severity;
  /** Falco's own code (`LOAD_ERR_…`, `LOAD_…`) where Falco says it too, else a code of ours in small letters. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Why rules can't be used: a code for programs, a message for people, and the findings if a file is to blame. */
export class RulesError extends Error {
  override readonly name = 'RulesError';

  constructor(
    readonly code: string,
    message: string,
    readonly findings: readonly Finding[] = [],
  ) {
    super(message);
  }
}
