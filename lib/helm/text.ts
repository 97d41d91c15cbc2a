import { diffLines } from 'diff';
import { endsLine, nameOf, printedCode, textCode, type Print } from './expression';
import { operand, ROOT, type Condition, type EachNode, type Loop, type TextNode } from './node';
import { holdsAt, inRange, where, written, type Place } from './page';
import { range } from './range';
import { TokenError } from './token-error';
import { describe, Splice } from './tokens';

/** One way a part of a text can be: the action before it, and the text. */
interface Branch {
  readonly action: string;
  readonly text: string;
}

/**
 * A text as a template prints it, byte for byte. Actions get lines of their own where the line breaks allow it.
 *
 * @param atStart whether nothing stands before it, not even a line break
 */
export function templateText(text: string, print: Print, place: Place, atStart: boolean): string {
  const parts = print.generation.marks.split(text).flatMap((part) => simpler(part, print, place));
  let out = '';
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    const rest = typeof next === 'string' ? next : next === undefined ? undefined : '?';
    if (typeof part === 'string') out += escaped(part);
    else if ('branches' in part) out += block(part.branches, out, atStart, rest);
    else out += `{{ ${written(part.code, place)} }}`;
  });
  return out;
}

/** Braces of the text itself. */
export function escaped(text: string): string {
  return text.replace(/\{\{|\}\}/g, (braces) => `{{ "${braces}" }}`);
}

type Part = string | { readonly code: string } | { readonly branches: readonly Branch[] };

function simpler(part: string | TextNode, print: Print, place: Place): Part[] {
  if (typeof part === 'string') return [part];
  switch (part.is) {
    case 'choice':
      return chosen(part, print, place);
    case 'joined':
      return part.items.flatMap((item, index) => joinedItem(part, item, index, print, place));
    case 'named':
      return [
        { code: `include "${nameOf(part, print)}" ${ROOT}` },
        ...(endsLine(part.text, print) ? ['\n'] : []),
      ];
    case 'printed':
      return [{ code: printedCode(part, print) }, '\n'];
    default:
      return [{ code: textCode(print.generation.marks.add(part), print) }];
  }
}

/** Only the lines that differ stand under a condition. */
function chosen(
  { condition, yes, no }: Extract<TextNode, { is: 'choice' }>,
  print: Print,
  place: Place,
): Part[] {
  const known = holdsAt(condition, place);
  const parts = (text: string) =>
    print.generation.marks.split(text).flatMap((part) => simpler(part, print, place));
  if (known !== undefined) return parts(known ? yes : no);
  const hunks = yes.includes('\n') && no.includes('\n') ? diffLines(yes, no) : undefined;
  if (hunks === undefined) return [{ branches: branches(condition, yes, no, print, place) }];
  return hunks.flatMap((hunk, index): Part[] => {
    if (!hunk.added && !hunk.removed) return parts(hunk.value);
    if (hunk.added && hunks[index - 1]?.removed) return [];
    const other = hunks[index + 1];
    const after = hunk.removed && other?.added ? other.value : '';
    return [
      {
        branches: hunk.removed
          ? branches(condition, hunk.value, after, print, place)
          : branches(condition.negation, hunk.value, '', print, place),
      },
    ];
  });
}

function branches(condition: Condition, yes: string, no: string, print: Print, place: Place): Branch[] {
  const of = (text: string, side: Condition) => templateText(text, print, where(side, place), false);
  if (yes === '') return branches(condition.negation, no, '', print, place);
  return [
    { action: `if ${written(condition.code, place)}`, text: of(yes, condition) },
    ...(no === '' ? [] : [{ action: 'else', text: of(no, condition.negation) }]),
  ];
}

function joinedItem(
  { separator, items }: Extract<TextNode, { is: 'joined' }>,
  item: unknown,
  index: number,
  print: Print,
  place: Place,
): Part[] {
  const { marks, tokens } = print.generation;
  const separating = index === 0 ? '' : separator;
  if (typeof item === 'string')
    return marks.split(`${separating}${item}`).flatMap((part) => simpler(part, print, place));
  const node = tokens.nodeOf(item instanceof Splice ? item.of : item);
  if (node?.is === 'choice' && index > 0 && typeof node.yes === 'string' && node.no === undefined)
    return [{ branches: branches(node.condition, `${separating}${node.yes}`, '', print, place) }];
  if (node?.is === 'each' && index > 0)
    return [{ branches: [rangeBranch(node, print, place, (text) => `${escaped(separator)}${text}`)] }];
  if (node?.is !== 'each' || items.length > 1 || typeof node.body !== 'string')
    throw new TokenError(node === undefined ? 'a text' : describe(node), "can't be joined to others");
  // A line break at the end of each item is one between two items, and one at the end.
  const breaks = endsLine(node.body, print) ? '\n' : '';
  const between = `{{ if ${notFirst(node.loop, place)} }}${breaks}${escaped(separator)}{{ end }}`;
  return [
    { branches: [rangeBranch(node, print, place, (text) => `${between}${text.replace(/\n$/, '')}`)] },
    breaks,
  ];
}

function rangeBranch(
  { loop, body }: EachNode,
  print: Print,
  place: Place,
  around: (text: string) => string,
): Branch {
  const inner = inRange(place);
  const node = print.generation.tokens.nodeOf(body);
  const looped = (text: string): Branch => {
    const { action, body: lines } = range(loop, place, text);
    return { action, text: lines };
  };
  if (typeof body === 'string') return looped(around(templateText(body, print, inner, false)));
  if (node?.is !== 'choice' || node.no !== undefined || typeof node.yes !== 'string')
    throw new TokenError(loop.code, 'has no text in it');
  const text = around(templateText(node.yes, print, where(node.condition, inner), false));
  return looped(`{{ if ${written(node.condition.code, inner)} }}${text}{{ end }}`);
}

function notFirst({ code, key }: Loop, place: Place): string {
  if (key.startsWith('$index')) return key;
  return `ne ${key} (keys ${operand(written(code, inRange(place)))} | sortAlpha | first)`;
}

/**
 * Branches with their actions. On lines of their own, an action takes the line break before it away and the one behind it
 * takes its place; where that would not give the same bytes, actions stand within the line.
 */
function block(all: readonly Branch[], before: string, atStart: boolean, next: string | undefined): string {
  const print = (one: (branch: Branch) => string, end: string) => `${all.map(one).join('')}${end}`;
  const every = (expression: RegExp) => all.every(({ text }) => expression.test(text));
  const repeats = all.some(({ action }) => action.startsWith('range'));
  if (every(/\S\n$/)) {
    if (before === '' ? !atStart : /\S\n$/.test(before))
      return print(({ action, text }) => `{{- ${action} }}\n${text}`, '{{- end }}\n');
    if (before === '' && !repeats && every(/^\S/))
      return print(({ action, text }) => `{{- ${action} -}}\n${text}`, '{{- end }}\n');
  }
  const breaksAfter = next === undefined || next.startsWith('\n');
  if (/\S$/.test(before) && breaksAfter && every(/^\n(?:.*\S)?$/s))
    return print(({ action, text }) => `\n{{- ${action} }}${text}`, '\n{{- end }}');
  return print(({ action, text }) => `{{ ${action} }}${text}`, '{{ end }}');
}
