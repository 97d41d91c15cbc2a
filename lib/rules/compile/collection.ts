import { nearest } from '../../schema/nearest';
import type { RuleBody } from '../rule';
import type { Definition, ItemKind, ReadItem } from '../read/item';
import type { Report, ScalarNode } from '../read/node';
import type { StockNames } from '../stock';
import { ConditionText } from './condition-text';
import { ExceptionList } from './exception-list';
import { ExceptionError, checkException, type Exception } from './exceptions';
import type { KnownList, KnownMacro, KnownRule } from './known';
import type { FieldCatalogue } from '../fields/field';

const STOCK_INDEX = -1;
const BAD_CONDITION = 'LOAD_ERR_COMPILE_CONDITION';

/** What the files read so far define, as Falco keeps it: later definitions replace earlier ones, overrides change them. */
export class Collection {
  readonly lists = new Map<string, KnownList>();
  readonly macros = new Map<string, KnownMacro>();
  readonly rules = new Map<string, KnownRule>();
  private next = 0;

  /** Set when a file or an item couldn't be read: then nothing is said about names that it may define. */
  incomplete = false;

  constructor(
    stock: StockNames | undefined,
    private readonly catalogue: FieldCatalogue,
  ) {
    const known = {
      index: STOCK_INDEX,
      visibility: STOCK_INDEX,
      place: undefined,
      broken: false,
      unclear: false,
    };
    for (const name of stock?.lists ?? []) this.lists.set(name, { ...known, name, items: undefined });
    for (const name of stock?.macros ?? [])
      this.macros.set(name, { ...known, name, condition: undefined, appended: undefined });
    for (const name of stock?.rules ?? [])
      this.rules.set(name, { ...BLANK_RULE, ...known, name, priority: undefined });
  }

  /** Takes note of an item of a file. */
  add(item: ReadItem, report: Report): void {
    const { defines } = item;
    if (defines === undefined) return;
    const { kind, name, how } = defines;
    const before = this.of(kind).get(name.text);
    // Falco makes a macro or a list of a 'replace' without anything to replace, but not a rule.
    const isMissing = before === undefined && (how === 'append' || (how === 'replace' && kind === 'rule'));
    if (isMissing) {
      if (!this.incomplete) this.reportMissingBase(defines, report);
    } else if (how === 'define' && before?.place?.report === report) {
      report.warning(
        `duplicate-${kind}`,
        name,
        `${kind} '${name.text}' is defined twice in this file: the second definition wins`,
      );
    }
    const visibility = this.next++;
    const known = {
      name: name.text,
      index: before?.index ?? visibility,
      visibility,
      place: { report, range: name },
      broken: item.object === undefined || isMissing || (how !== 'define' && before?.broken === true),
      unclear: how !== 'define' && (item.object === undefined || isMissing || before?.unclear === true),
    };
    if (kind === 'list') this.lists.set(name.text, { items: this.itemsOf(defines), ...known });
    else if (kind === 'macro') this.macros.set(name.text, { ...this.conditionOf(defines, report), ...known });
    else this.rules.set(name.text, { ...this.ruleOf(item, defines, report), ...known });
  }

  private of(kind: ItemKind): Map<string, KnownList | KnownMacro | KnownRule> {
    return { list: this.lists, macro: this.macros, rule: this.rules }[kind];
  }

  private itemsOf({ name, how, items = [] }: Definition): readonly string[] | undefined {
    const own = items.map(({ text }) => text);
    if (how !== 'append') return own;
    const before = this.lists.get(name.text);
    if (before === undefined) return own;
    return before.items === undefined ? undefined : [...before.items, ...own];
  }

  private conditionOf(
    { kind, name, how, condition }: Definition,
    report: Report,
  ): Pick<KnownMacro, 'condition' | 'appended'> {
    const before = kind === 'macro' ? this.macros.get(name.text) : this.rules.get(name.text);
    if (condition === undefined)
      return how === 'define' || before === undefined
        ? { condition: undefined, appended: undefined }
        : { condition: before.condition, appended: before.appended };
    const own = ConditionText.of(condition, report);
    if (how !== 'append' || before === undefined) return { condition: own, appended: undefined };
    return before.condition === undefined
      ? { condition: undefined, appended: joined(before.appended, own) }
      : { condition: joined(before.condition, own), appended: undefined };
  }

  private ruleOf(
    { object }: ReadItem,
    defines: Definition,
    report: Report,
  ): Omit<KnownRule, 'name' | 'index' | 'visibility' | 'place' | 'broken' | 'unclear'> {
    const condition = this.conditionOf(defines, report);
    const before = this.rules.get(defines.name.text);
    if (object?.kind === 'rule') {
      const source = object.source ?? 'syscall';
      if (before?.place !== undefined && before.source !== source)
        report.error(
          'LOAD_ERR_VALIDATE',
          defines.name,
          `rule '${defines.name.text}' was defined with source '${before.source}', which can't be changed`,
        );
      else if (source !== 'syscall')
        report.warning(
          'LOAD_UNKNOWN_SOURCE',
          defines.name,
          `source '${source}' is unknown: Falco skips the rule`,
          "the only source here is 'syscall'; others come with plugins",
        );
      return {
        ...BLANK_RULE,
        ...condition,
        ...given(object),
        source,
        priority: object.priority,
        // Falco cuts the blanks off a new rule's output, not off one that replaces it.
        output: outputText(defines.output, report)?.trimmed(),
        exceptions: this.exceptionsOf(defines, report, new ExceptionList(), source),
      };
    }
    const kept = before ?? BLANK_RULE;
    if (object?.kind !== 'rule-override') return { ...kept, ...condition };
    const { changes } = object;
    const tags = changes.tags;
    return {
      ...kept,
      ...condition,
      ...given(Object.fromEntries(Object.entries(changes).map(([key, { value }]) => [key, value]))),
      priority: changes.priority?.value ?? kept.priority,
      tags:
        tags === undefined ? kept.tags : tags.how === 'append' ? [...kept.tags, ...tags.value] : tags.value,
      output:
        changes.output === undefined || defines.output === undefined
          ? kept.output
          : changes.output.how === 'append'
            ? kept.output && joined(kept.output, ConditionText.of(defines.output, report))
            : outputText(defines.output, report),
      exceptions:
        changes.exceptions === undefined
          ? kept.exceptions
          : this.exceptionsOf(
              defines,
              report,
              (changes.exceptions.how === 'append' ? kept.exceptions : undefined) ?? new ExceptionList(),
              kept.source,
              changes.exceptions.how,
              before?.place === undefined,
            ),
    };
  }

  /**
   * @param all those that the rule has already; what is new is added to it
   * @param open whether the rule has others, which aren't known: a stock rule's
   */
  private exceptionsOf(
    { exceptions = [] }: Definition,
    report: Report,
    all: ExceptionList,
    source: string,
    how: 'define' | 'append' | 'replace' = 'define',
    open = false,
  ): ExceptionList {
    for (const item of exceptions) {
      const { name } = item.exception;
      const values = item.values.map((node) => ({ node, report }));
      if (how === 'append' && all.has(name)) {
        if (item.fields !== undefined || item.comps !== undefined)
          report.error(
            'LOAD_ERR_VALIDATE',
            item.fields ?? item.comps ?? item.node,
            `exception '${name}' has fields and operators already: only values can be appended`,
          );
        all.addValues(name, values);
        continue;
      }
      // It may continue an exception of the stock rule, whose fields aren't known here.
      if (open && item.fields === undefined) continue;
      if (how === 'append' && item.fields !== undefined && values.length === 0) {
        report.error('LOAD_ERR_VALIDATE', item.node, `the new exception '${name}' needs 'values'`);
        continue;
      }
      // Of what replaces others Falco checks nothing but the condition that comes of it.
      if (how === 'replace' && values.length === 0) continue;
      const exception = { name, item, report, values };
      const code = how === 'replace' && item.fields !== undefined ? BAD_CONDITION : 'LOAD_ERR_VALIDATE';
      if (isSound(exception, source === 'syscall' ? this.catalogue : undefined, code)) all.add(exception);
    }
    return all;
  }

  private reportMissingBase({ kind, name }: Definition, report: Report): void {
    const meant = nearest(name.text, this.of(kind).keys());
    report.error(
      'LOAD_ERR_VALIDATE',
      name,
      `no earlier ${kind} '${name.text}' to change`,
      meant === undefined ? undefined : `did you mean '${meant}'?`,
    );
  }
}

const BLANK_RULE = {
  condition: undefined,
  appended: undefined,
  output: undefined,
  source: 'syscall',
  priority: undefined,
  tags: [],
  enabled: true,
  exceptions: undefined,
  warnEvttypes: true,
  skipIfUnknownFilter: false,
} as const;

function given(
  body: Partial<RuleBody>,
): Partial<Pick<KnownRule, 'tags' | 'enabled' | 'warnEvttypes' | 'skipIfUnknownFilter'>> {
  const { tags, enabled, warnEvttypes, skipIfUnknownFilter } = body;
  return {
    ...(tags !== undefined && { tags }),
    ...(enabled !== undefined && { enabled }),
    ...(warnEvttypes !== undefined && { warnEvttypes }),
    ...(skipIfUnknownFilter !== undefined && { skipIfUnknownFilter }),
  };
}

function outputText(output: ScalarNode | undefined, report: Report): ConditionText | undefined {
  return output && ConditionText.of(output, report);
}

/** Falco puts a blank between. */
function joined(before: ConditionText | undefined, after: ConditionText): ConditionText {
  return before === undefined ? after : ConditionText.join(before, ConditionText.made(' '), after);
}

function isSound(exception: Exception, catalogue: FieldCatalogue | undefined, code: string): boolean {
  try {
    checkException(exception, catalogue);
    return true;
  } catch (error) {
    if (!(error instanceof ExceptionError)) throw error;
    error.report.error(code, error.range, error.message, error.hint);
    return false;
  }
}
