import { nearest } from '../../schema/nearest';
import type { Entry, Node, Report, ScalarNode } from '../read/node';

/** The code of all that is wrong with a test file. */
export const INVALID_TEST = 'invalid-test';

/** The entries of a mapping, without those whose key stood before; a finding if it is none. */
export function entriesOf(node: Node, what: string, report: Report): readonly Entry[] {
  if (node.type !== 'mapping') {
    report.error(INVALID_TEST, node, `${what} must be a mapping: key: value`);
    return [];
  }
  const seen = new Set<string>();
  return node.entries.filter(({ key }) => {
    if (seen.has(key.text)) report.error(INVALID_TEST, key, `'${key.text}' stands twice`);
    const isNew = !seen.has(key.text);
    seen.add(key.text);
    return isNew;
  });
}

/** The values of a mapping by their keys; a key that isn't known is a finding, with the one that was meant. */
export function valuesOf<K extends string>(
  node: Node,
  what: string,
  keys: readonly K[],
  report: Report,
): Partial<Record<K, Node>> {
  const values: Partial<Record<K, Node>> = {};
  for (const { key, value } of entriesOf(node, what, report)) {
    const known = keys.find((each) => each === key.text);
    if (known !== undefined) values[known] = value;
    else {
      const meant = nearest(key.text, keys);
      const hint = meant === undefined ? `there are: ${keys.join(', ')}` : `did you mean '${meant}'?`;
      report.error(INVALID_TEST, key, `${what} has no key '${key.text}'`, hint);
    }
  }
  return values;
}

/** One text; a finding if it is missing, empty or anything else. */
export function textOf(node: Node | undefined, what: string, at: Node, report: Report): string | undefined {
  if (node === undefined) report.error(INVALID_TEST, at, `there is no ${what}`);
  else if (node.type !== 'scalar' || node.text === '') {
    report.error(INVALID_TEST, node, `${what} must be text`);
  } else return node.text;
  return undefined;
}

/** One of a few words. */
export function wordOf<W extends string>(
  node: Node | undefined,
  what: string,
  words: readonly W[],
  report: Report,
): W | undefined {
  if (node === undefined) return undefined;
  const found = words.find((word) => node.type === 'scalar' && word === node.text);
  if (found === undefined) {
    const meant = node.type === 'scalar' ? nearest(node.text, words) : undefined;
    const hint = meant === undefined ? undefined : `did you mean '${meant}'?`;
    report.error(INVALID_TEST, node, `${what} must be one of ${words.join(', ')}`, hint);
  }
  return found;
}

/** One text or several. */
export function scalarsOf(node: Node | undefined, what: string, report: Report): readonly ScalarNode[] {
  if (node === undefined) return [];
  const items = node.type === 'sequence' ? node.items : [node];
  return items.flatMap((item) => {
    if (item.type === 'scalar' && item.text !== '') return [item];
    report.error(INVALID_TEST, item, `${what} must be text, or a sequence of texts`);
    return [];
  });
}
