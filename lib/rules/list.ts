import { RulesError } from './finding';

/** What a list holds. Falco pastes the text into conditions, so a text with blanks or signs carries quotes of its own. */
export type ListItem = string | number;

/** The form of a list's name; by any other name Falco only warns, but no condition can use it. */
export const LIST_NAME = /^[^()"' \t\n\v\f\r=,]+$/;

/** A named list of values, for `in (name)` and the like. */
export interface List {
  readonly kind: 'list';
  readonly name: string;
  readonly items: readonly ListItem[];
}

/**
 * A list. An item that Falco would split or misread once it stands in a condition gets Falco's quotes; one that
 * has them already (`'"a b"'`) is left alone.
 */
export function list(name: string, items: readonly ListItem[]): List {
  if (name.trim() === '') throw new RulesError('invalid-name', 'a list needs a name');
  return { kind: 'list', name, items: items.map((item) => quoted(item, name)) };
}

function quoted(item: ListItem, listName: string): ListItem {
  if (typeof item === 'number') return item;
  if (item === '') throw new RulesError('invalid-item', `list '${listName}' has an empty item`);
  if (/^"(?:[^"\\]|\\.)*"$|^'(?:[^'\\]|\\.)*'$/s.test(item)) return item;
  if (!/[\s(),="'\\]/.test(item)) return item;
  return `"${item.replace(/["\\]/g, '\\$&')}"`;
}

/** An item without the quotes it carries for Falco. */
export function bareItem(item: ListItem): string {
  const text = String(item);
  const quotes = /^"(.*)"$|^'(.*)'$/s.exec(text);
  if (quotes === null) return text;
  return (quotes[1] ?? quotes[2] ?? '').replace(/\\(.)/gs, '$1');
}
