import type { FieldCatalogue } from '../fields/field';
import type { OutputFormat } from '../fields/output-format';
import type { Condition, MacroDefinition } from '../language/ast';
import type { Priority } from '../priority';
import type { ConditionText } from './condition-text';
import type { KnownRule } from './known';

/** A macro whose condition is read, its own macros resolved. */
export interface CompiledMacro extends MacroDefinition {
  /** The condition before its macros were resolved. */
  readonly own: Condition;
  /** The macros in it that are known. */
  readonly uses: readonly CompiledMacro[];
  /** What the spans of the condition are offsets into. */
  readonly text: ConditionText;
  /** Whether all that it uses is known, down to the last list. */
  readonly complete: boolean;
}

/** A rule that Falco would load: lists in place, macros resolved, exceptions at the end of the condition. */
export interface CompiledRule {
  readonly name: string;
  readonly source: string;
  /** `undefined` for a stock rule of which only the name is known. */
  readonly priority: Priority | undefined;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly condition: Condition;
  readonly text: ConditionText;
  /** The lists whose names stood in the text; those that only its macros use are left out. */
  readonly lists: ReadonlySet<string>;
  /** `undefined` if it isn't known. */
  readonly output: OutputFormat | undefined;
  readonly outputText: string | undefined;
  /** Event types that can make it true; `all` is too many for Falco. */
  readonly eventTypes: ReadonlySet<string> | 'all';
  /** Whether all that it uses is known; if not, it can be checked in part, but not evaluated. */
  readonly complete: boolean;
  /** What it was made of. */
  readonly known: KnownRule;
}

/** What all files together make. */
export interface Ruleset {
  readonly rules: readonly CompiledRule[];
  /** By name; those that Falco refuses are left out. */
  readonly macros: ReadonlyMap<string, CompiledMacro>;
  /** The names of all lists, of those too of which only the name is known. */
  readonly lists: ReadonlySet<string>;
  /** Those lists that have their own name for an item: that one is a text, and meant so. */
  readonly ownItems: ReadonlySet<string>;
  /** What they were checked against. */
  readonly catalogue: FieldCatalogue;
}
