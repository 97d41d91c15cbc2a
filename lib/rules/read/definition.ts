import { LIST_NAME } from '../list';
import { MACRO_NAME } from '../macro';
import type { ItemKind, ReadItem } from './item';
import { valueOf, type MappingNode, type Report, type ScalarNode } from './node';
import { readExtension, type Extension } from './override';
import { nearest } from '../../schema/nearest';
import { requiredText, texts, whole } from './values';

/** Reads a macro, or a change to one. */
export function readMacro(node: MappingNode, report: Report): ReadItem {
  const name = requiredText(node, 'macro', report);
  if (name === undefined) return { object: undefined, node };
  if (!MACRO_NAME.test(name.text)) {
    report.warning(
      'LOAD_INVALID_MACRO_NAME',
      name,
      `no condition can use a macro of the name '${name.text}'`,
      "a name is letters, digits and '_', a letter first",
    );
  }
  warnOfUnknownKeys(node, ['macro', 'condition', 'append', 'override'], report);
  const extension = readExtension(node, { append: ['condition'], replace: ['condition'] }, report);
  const condition = requiredText(node, 'condition', report);
  const how = extensionOf(extension, 'condition');
  const defines = { kind: 'macro' as ItemKind, name, how, ...(condition && { condition }) };
  if (extension === undefined || condition === undefined) return { object: undefined, node, defines };
  const object =
    how === 'define'
      ? { kind: 'macro' as const, name: name.text, condition: condition.text }
      : { kind: 'macro-override' as const, name: name.text, condition: { how, value: condition.text } };
  return { object, node, defines };
}

/** Reads a list, or a change to one. */
export function readList(node: MappingNode, report: Report): ReadItem {
  const name = requiredText(node, 'list', report);
  if (name === undefined) return { object: undefined, node };
  if (!LIST_NAME.test(name.text)) {
    report.warning(
      'LOAD_INVALID_LIST_NAME',
      name,
      `no condition can use a list of the name '${name.text}'`,
      'a name has no blanks, quotes, brackets, commas or equals signs',
    );
  }
  warnOfUnknownKeys(node, ['list', 'items', 'append', 'override'], report);
  const extension = readExtension(node, { append: ['items'], replace: ['items'] }, report);
  const items = itemsOf(node, report);
  const how = extensionOf(extension, 'items');
  const defines = { kind: 'list' as ItemKind, name, how, ...(items && { items }) };
  if (extension === undefined || items === undefined) return { object: undefined, node, defines };
  const value = items.map((item) => item.text);
  const object =
    how === 'define'
      ? { kind: 'list' as const, name: name.text, items: value }
      : { kind: 'list-override' as const, name: name.text, items: { how, value } };
  return { object, node, defines };
}

function itemsOf(node: MappingNode, report: Report): ScalarNode[] | undefined {
  const items = valueOf(node, 'items');
  if (items !== undefined) return texts(items, 'items', report);
  requiredText(node, 'items', report);
  return undefined;
}

function extensionOf(extension: Extension | undefined, key: string): 'define' | 'append' | 'replace' {
  if (extension?.appends === true) return 'append';
  return extension?.overrides.get(key) ?? 'define';
}

/** Falco ignores what it doesn't know, which is seldom what the author meant. */
export function warnOfUnknownKeys(node: MappingNode, known: readonly string[], report: Report): void {
  const seen = new Set<string>();
  for (const entry of node.entries) {
    const key = entry.key.text;
    if (seen.has(key)) {
      report.warning('duplicate-key', whole(entry), `'${key}' stands twice: Falco takes the first`);
    } else if (!known.includes(key)) {
      const meant = nearest(key, known);
      const hint = meant === undefined ? undefined : `did you mean '${meant}'?`;
      report.warning('LOAD_UNKNOWN_KEY', entry.key, `unknown key '${key}': Falco ignores it`, hint);
    }
    seen.add(key);
  }
}
