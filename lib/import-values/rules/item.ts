import { ConditionText } from '../../rules/compile/condition-text';
import { expandLists } from '../../rules/compile/list-expansion';
import type { Condition } from '../../rules/language/ast';
import { ConditionError } from '../../rules/language/condition-error';
import { parseCondition } from '../../rules/language/parse';
import { macroUses } from '../../rules/language/walk';
import type { RulesObject } from '../../rules/object';
import { readItem, type Definition } from '../../rules/read/item';
import { valueOf, type Node, type Report, type ScalarNode } from '../../rules/read/node';
import { parseYaml } from '../../rules/read/yaml';

/** One item of an imported rules file. */
export interface ImportedItem {
  readonly node: Node;
  /** `undefined` where it is broken, or nothing that Falco knows. */
  readonly object: RulesObject | undefined;
  readonly defines: Definition | undefined;
  /** How people call it: `rule 'x'`. */
  readonly label: string;
}

/** The items of a rules file, and what knows their places. */
export interface ReadItems {
  readonly items: readonly ImportedItem[];
  readonly report: Report;
}

/** Reads a rules file; `undefined` where it is no sequence of items at all. */
export function readItems(text: string): ReadItems | undefined {
  const { roots, report } = parseYaml({ name: '', text });
  if (report.findings.length > 0) return undefined;
  const items: ImportedItem[] = [];
  for (const root of roots) {
    if (root.type === 'null') continue;
    if (root.type !== 'sequence') return undefined;
    items.push(...root.items.filter(({ type }) => type !== 'null').map((node) => itemOf(node, report)));
  }
  return { items, report };
}

function itemOf(node: Node, report: Report): ImportedItem {
  // What it asks of versions is for the loader to judge.
  const read = readItem(node, { engineVersion: '0.0.0', plugins: new Map() }, report);
  const defines = read?.defines;
  return {
    node,
    object: read?.object,
    defines,
    label: defines === undefined ? labelOf(node) : nameOf(defines),
  };
}

function labelOf(node: Node): string {
  const first = node.type === 'mapping' ? node.entries[0]?.key.text : undefined;
  return first?.startsWith('required_') === true ? first : 'an item';
}

/** `rule 'x'`. */
export function nameOf({ kind, name }: Definition): string {
  return `${kind} '${name.text}'`;
}

/** What an item needs, as {@link nameOf} writes it: macros and lists that it uses, and what it changes. */
export function needsOf(item: ImportedItem, lists: readonly string[]): ReadonlySet<string> {
  const { defines, node } = item;
  const needs = new Set<string>();
  if (defines === undefined || node.type !== 'mapping') return needs;
  if (defines.how !== 'define') needs.add(nameOf(defines));
  if (defines.condition !== undefined)
    for (const { name } of macroUses(conditionOf(defines) ?? NOTHING)) needs.add(`macro '${name}'`);
  const parts = ['condition', 'items', 'exceptions'].map((key) => valueOf(node, key));
  const expandable = lists.map((name) => ({ name, items: ['x'], complete: true }));
  for (const scalar of parts.flatMap((part) => (part === undefined ? [] : scalarsIn(part)))) {
    for (const name of expandLists(ConditionText.made(scalar.text), expandable).used)
      if (defines.kind !== 'list' || defines.name.text !== name) needs.add(`list '${name}'`);
  }
  return needs;
}

const NOTHING: Condition = { kind: 'and', operands: [], start: 0, end: 0 };

/** What an appended condition goes on from, so that it can be read by itself; blanks keep it apart. */
export const BEGINNING = 'beginning ';

/** The condition of an item, an appended one behind {@link BEGINNING}; `undefined` where it can't be read. */
export function conditionOf({ how, condition }: Definition): Condition | undefined {
  return condition && readCondition(how === 'append' ? BEGINNING + condition.text : condition.text);
}

/** `undefined` where it can't be read. */
export function readCondition(text: string): Condition | undefined {
  try {
    return parseCondition(text);
  } catch (error) {
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}

function scalarsIn(root: Node): ScalarNode[] {
  const seen = new Set<Node>();
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.type === 'sequence') open.push(...node.items);
    else if (node.type === 'mapping') open.push(...node.entries.map(({ value }) => value));
  }
  return [...seen].filter((node) => node.type === 'scalar');
}
