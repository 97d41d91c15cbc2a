import { ConditionError } from '../language/condition-error';
import type { ConditionText, Replacement } from './condition-text';
import type { KnownList } from './known';

/** A list as conditions see it. */
export interface ExpandableList {
  readonly name: string;
  readonly items: readonly string[];
  /** Whether these are all of its items. */
  readonly complete: boolean;
}

/** A condition's text without names of lists. */
export interface Expanded {
  readonly text: ConditionText;
  /** The lists whose names stood in it. */
  readonly used: ReadonlySet<string>;
  /** Whether a list is among them of whose items some aren't known, and so aren't in the text. */
  readonly incomplete: boolean;
}

/** Items may be names of later lists, so that a few lines of lists could make a condition of any length. */
const LONGEST = 16 * 1024 * 1024;

/**
 * Puts the items of lists in the place of their names, as Falco 0.44 does before it reads a condition: by text alone,
 * wherever the name stands between blanks, brackets, commas or equals signs, even in quotes; list after list in the order
 * of their definition, so an item may be the name of a later list.
 *
 * @throws {@link ConditionError} if the text becomes too long
 */
export function expandLists(condition: ConditionText, lists: Iterable<ExpandableList>): Expanded {
  const used = new Set<string>();
  let text = condition;
  let incomplete = false;
  for (const list of lists) {
    const replacements = replacementsFor(text.text, list);
    if (replacements.length === 0) continue;
    const added = replacements.reduce((sum, replacement) => sum + replacement.text.length, 0);
    if (text.text.length + added > LONGEST) {
      const message = `with list '${list.name}' the condition becomes longer than ${LONGEST} characters`;
      throw new ConditionError('LOAD_ERR_COMPILE_CONDITION', message, { start: 0, end: 1 });
    }
    used.add(list.name);
    incomplete ||= !list.complete;
    text = text.replace(replacements);
  }
  return { text, used, incomplete };
}

function replacementsFor(text: string, { name, items }: ExpandableList): Replacement[] {
  const replacements: Replacement[] = [];
  let joined: string | undefined;
  let from = 0;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    let [start, end] = [at, at + name.length];
    if (start < from || !isDelimiter(text, start - 1) || !isDelimiter(text, end)) continue;
    while (start > from && isBlank(text, start - 1)) start--;
    while (isBlank(text, end)) end++;
    joined ??= items.map(quoteItem).join(', ');
    // An empty list takes a comma with it.
    if (joined === '') {
      if (start > from && text[start - 1] === ',') start--;
      else if (text[end] === ',') end++;
    }
    replacements.push({ start, end, text: `${start > 0 ? ' ' : ''}${joined} ` });
    from = end;
  }
  return replacements;
}

/** Falco quotes an item with a blank in it, unless it carries quotes already. */
export function quoteItem(item: string): string {
  return item.includes(' ') && !item.startsWith('"') && !item.startsWith("'") ? `"${item}"` : item;
}

function isBlank(text: string, at: number): boolean {
  const char = text[at];
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}

/** Whether a name may end here: the ends of the text count. */
function isDelimiter(text: string, at: number): boolean {
  const char = text[at];
  return (
    char === undefined || isBlank(text, at) || char === '(' || char === ')' || char === ',' || char === '='
  );
}

/**
 * Lists as conditions see them: an item that is the name of an earlier list stands for the items of that one, which are
 * not looked at in turn.
 */
export function expandableLists(known: ReadonlyMap<string, KnownList>): ExpandableList[] {
  return [...known.values()].map(({ name, items, visibility, broken }) => {
    let complete = items !== undefined && !broken;
    const own = (items ?? []).flatMap((item) => {
      const list = known.get(item);
      if (list === undefined || list.index >= visibility) return [item];
      complete &&= list.items !== undefined && !list.broken;
      return list.items ?? [];
    });
    return { name, items: own, complete };
  });
}
