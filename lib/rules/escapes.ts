import type { CompiledRule, Ruleset } from './compile/compiled';
import type { Condition } from './language/ast';
import { printResolved } from './language/print';
import { loadRules, type LoadOptions } from './load';
import type { RulesFile } from './render';

/** How rules that look confined would reach beyond their team once Falco has compiled them. */
export interface Escape {
  readonly kind: 'rule' | 'list';
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
}

/**
 * What compiling shows of confined files: values of exceptions and items of lists are pasted into conditions as text, so
 * that only the compiled condition tells what it says.
 *
 * @param others what is loaded before them: no rule of it may change by them
 */
export function escapesOf(
  confined: readonly RulesFile[],
  others: readonly RulesFile[],
  { namespaces, ...options }: LoadOptions & { readonly namespaces: readonly string[] },
): Escape[] {
  const quiet = { ...options, lints: false };
  const names = new Set(confined.map(({ name }) => name));
  const { ruleset } = loadRules([...others, ...confined], quiet);
  const own = ruleset.rules.filter(({ known }) => names.has(known.place?.report.file ?? ''));
  const escapes: Escape[] = own
    .filter(({ condition }) => !asksFor(condition, new Set(namespaces)))
    .map(({ name }) => ({
      kind: 'rule',
      name,
      message: "with its exceptions and lists in place the condition is true in others' namespaces",
      hint: 'no value may hold a bracket that is not its own',
    }));
  const before = loadRules(others, quiet).ruleset;
  const changed = changedRules(before, ruleset);
  if (changed.length === 0) return escapes;
  const added = [...ruleset.lists].filter((name) => !before.lists.has(name));
  const words = changed.map(({ condition }) => printResolved(condition)).join(' ');
  const told = changed.map(({ name }) => `'${name}'`).join(', ');
  return [
    ...escapes,
    ...added
      .filter((name) => words.includes(name))
      .map((name): Escape => ({
        kind: 'list',
        name,
        message: `list '${name}' changes rules of others, in which its name is a word: ${told}`,
        hint: 'choose another name',
      })),
  ];
}

/** Whether a condition can only be true of events of these namespaces. */
function asksFor(condition: Condition, namespaces: ReadonlySet<string>): boolean {
  if (condition.kind === 'and') return condition.operands.some((operand) => asksFor(operand, namespaces));
  if (condition.kind !== 'comparison' || condition.operator !== 'in') return false;
  const { left, right } = condition;
  const isNamespace = left.kind === 'field' && left.name === 'k8s.ns.name' && left.argument === undefined;
  return isNamespace && right.kind === 'values' && right.items.every(({ text }) => namespaces.has(text));
}

function changedRules(before: Ruleset, after: Ruleset): CompiledRule[] {
  const conditions = new Map(after.rules.map(({ name, condition }) => [name, printResolved(condition)]));
  return before.rules.filter(({ name, condition }) => conditions.get(name) !== printResolved(condition));
}
