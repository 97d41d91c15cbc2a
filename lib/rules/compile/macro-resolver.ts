import { nearest } from '../../schema/nearest';
import type { Condition, MacroUse } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { resolveMacros } from '../language/resolve-macros';
import { shorten } from '../language/unexpected';
import type { CompiledMacro } from './compiled';
import type { ConditionText } from './condition-text';
import type { KnownMacro } from './known';

/** A condition that was read, its macros not yet resolved. */
export interface Parsed {
  readonly condition: Condition;
  readonly text: ConditionText;
  /** The lists whose names stood in its text. */
  readonly lists: ReadonlySet<string>;
  /** Whether the items of all lists in it are known. */
  readonly complete: boolean;
}

/** A condition whose macros are resolved, as far as they are known. */
export interface Resolved {
  readonly condition: Condition;
  /** The macros in it that are known. */
  readonly uses: readonly CompiledMacro[];
  readonly complete: boolean;
}

/** What became of a macro: `open` if nothing is known but its name, `refused` if its error was reported already. */
type Outcome = CompiledMacro | 'open' | 'refused';

/** Resolves macros: one may use those whose names came up before it was last defined or changed. */
export class MacroResolver {
  /** The macros that anything uses. */
  readonly used = new Set<string>();
  private readonly outcomes = new Map<string, Outcome>();
  private readonly visiting = new Set<string>();

  /**
   * @param known in the order in which their names came up
   * @param parse reads a macro's condition; `undefined` if it was refused, which was reported
   * @param refuse reports an error in a macro's condition
   * @param isOpen whether a macro that isn't there may be somewhere else: in a file that couldn't be read
   * @param adviceOn what to do about a macro that isn't there, where more is known than that
   */
  constructor(
    private readonly known: ReadonlyMap<string, KnownMacro>,
    private readonly parse: (macro: KnownMacro) => Parsed | undefined,
    private readonly refuse: (error: ConditionError, text: ConditionText, macro: KnownMacro) => void,
    private readonly isOpen: (name: string) => boolean,
    private readonly adviceOn: (name: string) => string | undefined = () => undefined,
  ) {}

  /** The macros that can be used, by name. */
  all(): ReadonlyMap<string, CompiledMacro> {
    const compiled = new Map<string, CompiledMacro>();
    for (const macro of this.known.values()) {
      const outcome = this.outcomeOf(macro);
      if (typeof outcome !== 'string') compiled.set(macro.name, outcome);
    }
    return compiled;
  }

  /**
   * @param before the visibility of what the condition belongs to; infinite for rules
   * @throws {@link ConditionError} at the first macro that can't be used
   */
  resolve({ condition, complete }: Pick<Parsed, 'condition' | 'complete'>, before: number): Resolved {
    let known = complete;
    const uses = new Set<CompiledMacro>();
    const resolved = resolveMacros(condition, (use) => {
      const definition = this.definitionOf(use, before);
      known &&= definition?.complete === true;
      if (definition !== undefined) uses.add(definition);
      return definition;
    });
    return { condition: resolved, uses: [...uses], complete: known };
  }

  /** What the spans in a macro's condition are offsets into. */
  textOf(name: string): ConditionText | undefined {
    const outcome = this.outcomes.get(name);
    return typeof outcome === 'object' ? outcome.text : undefined;
  }

  private definitionOf(use: MacroUse, before: number): CompiledMacro | undefined {
    const macro = this.known.get(use.name);
    if (macro === undefined) {
      if (this.isOpen(use.name)) return undefined;
      const meant = nearest(use.name, this.known.keys());
      throw new ConditionError(
        'LOAD_ERR_VALIDATE',
        `undefined macro '${shorten(use.name)}'`,
        use,
        this.adviceOn(use.name) ?? (meant === undefined ? undefined : `did you mean '${meant}'?`),
      );
    }
    if (macro.index >= before || this.visiting.has(use.name)) {
      throw new ConditionError(
        'LOAD_ERR_VALIDATE',
        `macro '${use.name}' is used before it is defined`,
        use,
        'a macro may use earlier macros only',
      );
    }
    this.used.add(use.name);
    const outcome = this.outcomeOf(macro);
    return typeof outcome === 'string' ? undefined : outcome;
  }

  private outcomeOf(macro: KnownMacro): Outcome {
    const done = this.outcomes.get(macro.name);
    if (done !== undefined) return done;
    this.visiting.add(macro.name);
    const outcome = this.compile(macro);
    this.visiting.delete(macro.name);
    this.outcomes.set(macro.name, outcome);
    return outcome;
  }

  private compile(macro: KnownMacro): Outcome {
    const parsed = this.parse(macro);
    if (parsed === undefined) return macro.condition === undefined ? 'open' : 'refused';
    try {
      const resolved = this.resolve(parsed, macro.visibility);
      if (macro.broken) return 'refused';
      return { name: macro.name, own: parsed.condition, text: parsed.text, ...resolved };
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      this.refuse(error, parsed.text, macro);
      return 'refused';
    }
  }
}
