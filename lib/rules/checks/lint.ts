import type { CompiledRule, Ruleset } from '../compile/compiled';
import type { Comparison, Conjunction, Disjunction, Exists, Span } from '../language/ast';
import type { Surroundings } from './surroundings';

/** Something that Falco loads, but that hardly means what its author wanted. */
export interface Problem {
  /** In the text of the condition (for a lint of outputs: of the output) that it was found in. */
  readonly span: Span;
  /** Why, in one line. */
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

/** What a lint may know of the place that it looks at. */
interface LintContext {
  /** Whether an odd number of `not` stands around it, within its own text. */
  readonly negated: boolean;
  /** What else must hold there. */
  readonly beside: Surroundings;
  /** The chain that it, or its `not`, is an operand of. */
  readonly chain: Conjunction | Disjunction | undefined;
  readonly ruleset: Ruleset;
  /** Lists of the stock rules that aren't loaded. */
  readonly stockLists: ReadonlySet<string>;
}

/** A check beyond Falco's own, by the form of what it looks at. */
export interface Lint {
  /** In small letters with hyphens; documented in docs/lints.md under that name. */
  readonly code: string;
  /** Looks at a comparison where it is written: in a rule, or in a macro of files that are checked. */
  readonly comparison?: (comparison: Comparison | Exists, context: LintContext) => Problem | undefined;
  /** Looks at a chain of `and` or `or` where it is written. */
  readonly group?: (group: Conjunction | Disjunction, context: LintContext) => Problem | undefined;
  /** Looks at a whole rule: macros are resolved. */
  readonly rule?: (rule: CompiledRule, ruleset: Ruleset) => readonly Problem[];
  /** Looks at a rule's output. */
  readonly output?: (rule: CompiledRule, ruleset: Ruleset) => readonly Problem[];
}
