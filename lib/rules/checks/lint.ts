import type { CompiledRule, Ruleset } from '../compile/compiled';
import type { Comparison, Exists, Span } from '../language/ast';

/** Something that Falco loads, but that hardly means what its author wanted. */
export interface Problem {
  /** In the text of the condition (for a lint of outputs: of the output) that it was found in. */
  readonly span: Span;
  /** Why, in one line. */
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

/** A check beyond Falco's own, by the form of what it looks at. */
export interface Lint {
  /** In small letters with hyphens; documented in docs/lints.md under that name. */
  readonly code: string;
  /**
   * Looks at a comparison where it is written: in a rule, or in a macro of files that are checked.
   *
   * @param negated whether an odd number of `not` stands around it there
   */
  readonly comparison?: (
    comparison: Comparison | Exists,
    context: { readonly negated: boolean; readonly ruleset: Ruleset },
  ) => Problem | undefined;
  /** Looks at a whole rule: macros are resolved. */
  readonly rule?: (rule: CompiledRule, ruleset: Ruleset) => readonly Problem[];
  /** Looks at a rule's output. */
  readonly output?: (rule: CompiledRule, ruleset: Ruleset) => readonly Problem[];
}
