import { nearest } from '../../schema/nearest';
import { checkCondition } from '../fields/check-condition';
import { eventTypesOf, type EventTypes } from '../fields/event-types';
import type { FieldCatalogue } from '../fields/field';
import { UnfitValueError } from '../fields/unfit-value-error';
import { UnknownFieldError } from '../fields/unknown-field-error';
import { parseOutput, type OutputFormat } from '../fields/output-format';
import { outputWarningsOf, warningsOf, type ConditionWarning } from '../fields/warnings';
import type { Condition } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { parseCondition } from '../language/parse';
import type { Collection } from './collection';
import type { CompiledMacro, CompiledRule, Ruleset } from './compiled';
import { ConditionText } from './condition-text';
import { ExceptionError, withExceptions } from './exceptions';
import type { KnownMacro, KnownRule } from './known';
import { expandableLists, expandLists, type ExpandableList } from './list-expansion';
import { MacroResolver, type Parsed } from './macro-resolver';
import { Reporter } from './reporter';

/** A macro that stands for the beginning of a stock rule's or macro's condition; what it says isn't known. */
const UNKNOWN_BEGINNING = 'stock_condition';
/** What `expandLists` leaves in place. */
const NESTED_LIST = 'of lists in lists in lists Falco leaves the names: put the items themselves in';
const BEGINNING = ConditionText.made(`${UNKNOWN_BEGINNING} `);

/** Of a condition that isn't known down to its last macro. */
const UNKNOWN_EVENTS: EventTypes = { names: new Set(), tooMany: false };

interface WrongMacro {
  readonly error: ConditionError;
  readonly text: ConditionText;
}

/** Compiles what is collected, as Falco does after each file, and reports what Falco would refuse. */
export class Compiler {
  private readonly conditions = new Map<string, Condition>();
  private readonly wrong = new Map<CompiledMacro, WrongMacro | undefined>();
  private readonly reporter = new Reporter();
  private expandable: readonly ExpandableList[] = [];
  private usedLists = new Set<string>();
  private usedMacros: ReadonlySet<string> = new Set<string>();

  constructor(
    private readonly collection: Collection,
    private readonly catalogue: FieldCatalogue,
    private readonly adviceOn?: (macro: string) => string | undefined,
  ) {}

  compile(): Ruleset {
    const { macros, rules, incomplete } = this.collection;
    this.usedLists = new Set();
    this.expandable = expandableLists(this.collection.lists);
    const resolver = new MacroResolver(
      macros,
      (macro) => this.parse(macro),
      (error, text, macro) => {
        this.refuse(error, text, macro);
      },
      (name) => incomplete || name === UNKNOWN_BEGINNING,
      this.adviceOn,
    );
    const compiledMacros = resolver.all();
    const compiledRules: CompiledRule[] = [];
    for (const rule of rules.values()) {
      if (rule.unclear || rule.source !== 'syscall') continue;
      const compiled = this.rule(rule, resolver);
      if (compiled !== undefined && !rule.broken) compiledRules.push(compiled);
    }
    this.usedMacros = resolver.used;
    const lists = new Set(this.collection.lists.keys());
    const ownItems = new Set(
      [...this.collection.lists.values()]
        .filter(({ name, items }) => items?.includes(name))
        .map(({ name }) => name),
    );
    return { rules: compiledRules, macros: compiledMacros, lists, ownItems, catalogue: this.catalogue };
  }

  /** Warns of macros and lists that nothing uses, once all files are compiled. */
  warnOfUnused(): void {
    for (const { name, place, index } of this.collection.macros.values()) {
      if (place !== undefined && index >= 0 && !this.usedMacros.has(name))
        this.reporter.warning('LOAD_UNUSED_MACRO', place.report, place.range, `nothing uses macro '${name}'`);
    }
    const named = new Set([...this.collection.lists.values()].flatMap(({ items }) => items ?? []));
    for (const { name, place, index } of this.collection.lists.values()) {
      if (place !== undefined && index >= 0 && !this.usedLists.has(name) && !named.has(name))
        this.reporter.warning('LOAD_UNUSED_LIST', place.report, place.range, `nothing uses list '${name}'`);
    }
  }

  private rule(rule: KnownRule, resolver: MacroResolver): CompiledRule | undefined {
    const output = this.output(rule);
    const parsed = this.parse(rule);
    if (parsed === undefined) return undefined;
    const { text } = parsed;
    try {
      const { condition, uses, complete } = resolver.resolve(parsed, Infinity);
      const wrong = uses.map((macro) => this.wrongIn(macro)).find((found) => found !== undefined);
      if (wrong !== undefined) {
        this.refuse(wrong.error, wrong.text, rule);
        return undefined;
      }
      checkCondition(parsed.condition, this.catalogue);
      if (output === 'refused') return undefined;
      const { names: eventTypes, tooMany } = complete
        ? eventTypesOf(condition, this.catalogue)
        : UNKNOWN_EVENTS;
      if (tooMany && rule.warnEvttypes && rule.place !== undefined)
        this.reporter.warning(
          'LOAD_NO_EVTTYPE',
          rule.place.report,
          rule.place.range,
          eventTypes !== 'all' && eventTypes.size === 0
            ? `no event is all that rule '${rule.name}' asks of evt.type`
            : `rule '${rule.name}' is tried on events of nearly every type, which costs much time`,
          "add such a condition as 'evt.type = connect'",
        );
      this.warn(warningsOf(condition, this.catalogue), text, resolver);
      const { name, source, priority, tags, enabled } = rule;
      return {
        ...{ name, source, priority, tags, enabled, condition, text, complete, eventTypes, known: rule },
        lists: parsed.lists,
        output,
        outputText: rule.output?.text,
      };
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      this.refuse(error, text, rule);
      return undefined;
    }
  }

  /** The first error of a macro that a rule uses, or of a macro in it: Falco sees none in macros that no rule uses. */
  private wrongIn(macro: CompiledMacro): WrongMacro | undefined {
    if (this.wrong.has(macro)) return this.wrong.get(macro);
    let wrong = macro.uses.map((used) => this.wrongIn(used)).find((found) => found !== undefined);
    try {
      if (wrong === undefined) checkCondition(macro.own, this.catalogue);
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      wrong = { error, text: macro.text };
    }
    this.wrong.set(macro, wrong);
    return wrong;
  }

  private output(rule: KnownRule): OutputFormat | 'refused' | undefined {
    if (rule.output === undefined) return undefined;
    try {
      const { text } = rule.output;
      const format = parseOutput(text, this.catalogue);
      this.warn(outputWarningsOf(text, format, this.catalogue), rule.output);
      return format;
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      this.refuse(error, rule.output, rule);
      return 'refused';
    }
  }

  /** Reads a condition with its lists and exceptions in place; what Falco would refuse is reported. */
  private parse(known: KnownMacro | KnownRule): Parsed | undefined {
    const { condition, appended } = known;
    const written = condition ?? (appended && ConditionText.join(BEGINNING, appended));
    if (written === undefined || known.unclear) return undefined;
    let text = written;
    try {
      const whole = 'exceptions' in known ? withExceptions(written, known.exceptions?.all ?? []) : written;
      const expanded = expandLists(whole, this.expandable);
      for (const name of expanded.used) this.usedLists.add(name);
      text = expanded.text;
      const complete = condition !== undefined && !expanded.incomplete;
      return { condition: this.read(text.text), text, lists: expanded.used, complete };
    } catch (error) {
      if (error instanceof ExceptionError)
        this.reporter.error('LOAD_ERR_VALIDATE', error.report, error.range, error.message, error.hint);
      else if (error instanceof ConditionError) this.refuse(error, text, known);
      else throw error;
      return undefined;
    }
  }

  /** Conditions are compiled anew after each file, but read once. */
  private read(text: string): Condition {
    const before = this.conditions.get(text);
    if (before !== undefined) return before;
    const condition = parseCondition(text);
    this.conditions.set(text, condition);
    return condition;
  }

  private warn(warnings: readonly ConditionWarning[], text: ConditionText, macros?: MacroResolver): void {
    for (const { code, message, span, macro, hint } of warnings) {
      const written = macro === undefined ? text : macros?.textOf(macro);
      const place = written?.placeOf(span);
      if (place !== undefined) this.reporter.warning(code, place.report, place.range, message, hint);
    }
  }

  private refuse(error: ConditionError, text: ConditionText, known: KnownMacro | KnownRule): void {
    const at = text.placeOf(error.span) ?? known.place;
    if (at === undefined) return;
    const { report, range } = at;
    const skipped =
      'skipIfUnknownFilter' in known && known.skipIfUnknownFilter && error instanceof UnknownFieldError;
    if (skipped)
      this.reporter.warning(
        'LOAD_UNKNOWN_FILTER',
        report,
        range,
        `${error.message}: the rule is skipped`,
        error.hint,
      );
    else this.reporter.error(error.code, report, range, error.message, this.hintOnList(error) ?? error.hint);
  }

  /** To Falco the name of a list that isn't there is a value like any other. */
  private hintOnList(error: ConditionError): string | undefined {
    const { lists, incomplete } = this.collection;
    if (incomplete || !(error instanceof UnfitValueError)) return undefined;
    const { text, quoted } = error.value;
    // Names of lists have several words; one word may be the name of a host or a service.
    if (quoted || !/^(?!(?:true|false|yes|no)$)[a-z][\w-]*$/i.test(text)) return undefined;
    if (lists.has(text)) return NESTED_LIST;
    const meant = nearest(text, lists.keys());
    if (meant !== undefined) return `there is no list '${text}': did you mean '${meant}'?`;
    return text.includes('_') ? `there is no list '${text}' either` : undefined;
  }
}
