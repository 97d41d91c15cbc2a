import { ENDS_BARE_ARGUMENT, ENDS_BARE_TEXT, endOfOthers } from './characters';
import { ConditionError } from './condition-error';
import { MODIFIERS } from './operators';

/** What an escape stands for. `\ ` is a backslash: Falco keeps that for old rules. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  [' ', '\\'],
  ['\\', '\\'],
  ['/', '/'],
]);

/**
 * What a text in quotes says; `start` and `end` are the offsets of its quotes, the end exclusive.
 *
 * @throws ConditionError for an escape that Falco doesn't know
 */
export function unescape(text: string, start: number, end: number): string {
  const quote = text[start];
  const last = end - 1;
  let result = '';
  let copied = start + 1;
  for (;;) {
    const backslash = text.indexOf('\\', copied);
    if (backslash < 0 || backslash >= last) return result + text.slice(copied, last);
    const escaped = text[backslash + 1] ?? '';
    const meaning = escaped === quote ? quote : ESCAPES.get(escaped);
    if (meaning === undefined) throw unknownEscape(escaped, backslash);
    result += text.slice(copied, backslash) + meaning;
    copied = backslash + 2;
  }
}

function unknownEscape(escaped: string, backslash: number): ConditionError {
  const hint =
    escaped === '"' || escaped === "'"
      ? `write ${escaped} alone: the text stands in other quotes`
      : `write \\\\ for a backslash; the others are \\b \\f \\n \\r \\t \\/ and \\ before the quote`;
  const span = { start: backslash, end: backslash + 2 };
  return new ConditionError('LOAD_ERR_COMPILE_CONDITION', `Falco knows no escape '\\${escaped}'`, span, hint);
}

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
  ['"', '\\"'],
]);

/** A value as Falco prints it: in quotes only for blanks, quotes and backslashes, so that not all of it reads back. */
export function quoteAsFalco(text: string): string {
  if (!/[\b\f\n\r\t \\"']/.test(text)) return text;
  return `"${text.replace(/[\b\f\n\r\t\\"]/g, (character) => ESCAPED.get(character) ?? character)}"`;
}

/** A value alone behind an operator so that it reads back as it is. */
export function quoteValue(text: string): string {
  return (MODIFIERS as readonly string[]).includes(text) ? quoteAlways(text) : quoteItem(text);
}

/** A value of a list so that it reads back as it is. */
export function quoteItem(text: string): string {
  return quote(text, ENDS_BARE_TEXT);
}

/** A field's argument so that it reads back as it is. */
export function quoteArgument(text: string): string {
  return quote(text, ENDS_BARE_ARGUMENT);
}

function quote(text: string, endsBareText: number): string {
  const mayBeBare = text !== '' && endOfOthers(endsBareText, text, 0) === text.length;
  // No text in quotes may hold NUL: one that does was bare.
  if (mayBeBare && text.includes('\0')) return text;
  return mayBeBare ? quoteAsFalco(text).replace(/\\\\"$/, '\\ "') : quoteAlways(text);
}

/** A value in quotes, even if it could do without. */
export function quoteAlways(text: string): string {
  const escaped = text.replace(/[\b\f\n\r\t\\"]/g, (character) => ESCAPED.get(character) ?? character);
  // The quote behind `\\` would not close: `\ ` is a backslash too.
  return `"${escaped.endsWith('\\\\') ? `${escaped.slice(0, -2)}\\ ` : escaped}"`;
}
