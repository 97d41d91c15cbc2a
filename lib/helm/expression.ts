import type { Defines } from './defines';
import type { Generation } from './generation';
import { truthValue } from './condition';
import { literal, operand, ownValues, ROOT, type TextNode } from './node';
import { TOP, type Place } from './page';
import { TokenError } from './token-error';
import { Splice } from './tokens';

/** How bodies of named templates are printed, which expressions include. */
export interface Bodies {
  text(text: string, print: Print, place: Place, atStart: boolean): string;
  yaml(value: unknown, print: Print, place: Place): string;
}

/** What a template is printed with. */
export interface Print {
  readonly generation: Generation;
  readonly defines: Defines;
  /** The file, without its ending. */
  readonly file: string;
  /** Prints the body of a named template. */
  readonly bodies: Bodies;
}

/** The file that holds the templates which several files use. */
export const HELPERS = '_helpers';

/** A text as an expression. */
export function textCode(text: string, print: Print): string {
  const { marks } = print.generation;
  const parts = marks.split(text);
  const [only] = parts;
  if (parts.length === 0) return '""';
  if (parts.length === 1 && only !== undefined)
    return typeof only === 'string' ? literal(only) : nodeCode(only, print);
  const format = parts.map((part) => (typeof part === 'string' ? part.replaceAll('%', '%%') : '%s')).join('');
  const codes = parts.flatMap((part) => (typeof part === 'string' ? [] : [operand(nodeCode(part, print))]));
  return `printf ${literal(format)} ${codes.join(' ')}`;
}

function nodeCode(node: TextNode, print: Print): string {
  switch (node.is) {
    case 'code':
      return node.code;
    case 'quoted':
      return `toRawJson ${operand(textCode(node.text, print))}`;
    case 'digest': {
      const code = `${textCode(node.text, print)} | sha256sum`;
      return node.letters < 64 ? `${code} | trunc ${node.letters}` : code;
    }
    case 'named':
      return withBreak(node.text, `include ${literal(nameOf(node, print))} ${ROOT}`, print);
    case 'printed':
      return `printf "%s\\n" (${printedCode(node, print)})`;
    case 'choice':
      if (isInline(node.yes, print) && isInline(node.no, print))
        return `ternary ${operand(textCode(node.yes, print))} ${operand(textCode(node.no, print))} ${operand(truthValue(node.condition))}`;
      return withBreak(node.yes, defined(node, print), print);
    case 'joined':
      return (
        joinedValues(node, print) ?? withBreak(print.generation.marks.add(node), defined(node, print), print)
      );
  }
}

/** The values of a map or a list as they are, as one text. */
export function joinedValues(
  { items, separator }: Extract<TextNode, { is: 'joined' }>,
  { generation }: Print,
): string | undefined {
  const [only] = items;
  const node = only instanceof Splice && items.length === 1 ? generation.tokens.nodeOf(only.of) : undefined;
  if (node?.is !== 'each' || typeof node.body !== 'string') return undefined;
  const body = generation.marks.only(node.body);
  if (body?.is !== 'code' || body.code !== node.loop.item) return undefined;
  return `include "falco-egress.joined" (list ${literal(separator)} ${operand(node.loop.code)})`;
}

/** The name of the template of a text that has one. */
export function nameOf(node: Extract<TextNode, { is: 'named' }>, print: Print): string {
  return print.defines.shared(node.name, HELPERS, () =>
    print.bodies.text(node.text, { ...print, file: HELPERS }, TOP, true),
  );
}

/** The text of a file, without the line break at its end. */
export function printedCode({ form, content }: Extract<TextNode, { is: 'printed' }>, print: Print): string {
  return `include ${literal(`falco-egress.${form}Text`)} ${operand(valueCode(content, print))}`;
}

/** A text in a template of its own, since no expression prints it. */
function defined(node: Extract<TextNode, { is: 'choice' | 'joined' }>, print: Print): string {
  const text = print.generation.marks.add(node);
  const name = print.defines.of(node, print.file, print.file.replaceAll('/', '.'), () =>
    print.bodies.text(text, print, TOP, true),
  );
  return `include ${literal(name)} ${ROOT}`;
}

/** Templates leave out the line break at the end of their text. */
function withBreak(text: string, code: string, print: Print): string {
  return endsLine(text, print) ? `printf "%s\\n" (${code})` : code;
}

/** Whether a text ends with a line break. */
export function endsLine(text: string, print: Print): boolean {
  const last = print.generation.marks.split(text).at(-1);
  if (last === undefined) return false;
  if (typeof last === 'string') return last.endsWith('\n');
  if (last.is === 'printed') return true;
  if (last.is === 'named') return endsLine(last.text, print);
  if (last.is === 'joined') return lastOf(last.items, print);
  return last.is === 'choice' && endsLine(last.yes, print) && endsLine(last.no, print);
}

/** Whether the last of joined texts ends with a line break. */
function lastOf(items: readonly unknown[], print: Print): boolean {
  const last = items.at(-1);
  if (typeof last === 'string') return endsLine(last, print);
  const node = print.generation.tokens.nodeOf(last instanceof Splice ? last.of : last);
  if (node?.is === 'each') return lastOf([node.body], print);
  return node?.is === 'choice' && lastOf([node.yes], print);
}

/** Whether a text surely stands in one line. */
export function isInline(text: string, print: Print): boolean {
  return print.generation.marks.split(text).every((part) => {
    if (typeof part === 'string') return !part.includes('\n');
    if (part.is === 'choice') return isInline(part.yes, print) && isInline(part.no, print);
    if (part.is === 'named') return isInline(part.text, print);
    if (part.is === 'joined') return !part.separator.includes('\n');
    return part.is !== 'printed';
  });
}

/** Any value as an expression. */
export function valueCode(value: unknown, print: Print): string {
  const { tokens } = print.generation;
  const node = tokens.nodeOf(value);
  if (node?.is === 'map') return ownValues(node.code);
  if (node?.is === 'list') return node.code;
  if (node?.is === 'number') return node.code;
  if (node?.is === 'boolean') return truthValue(node.condition);
  if (node?.is === 'overlay')
    return `include "falco-egress.overlaid" (list ${node.layers.map((layer) => operand(valueCode(layer, print))).join(' ')}) | fromJson`;
  if (node !== undefined) throw new TokenError(node.is, 'has no expression');
  if (typeof value === 'string') return textCode(value, print);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const direct = Array.isArray(value) ? value : onlySplice(value, print);
  if (Array.isArray(direct) && direct.every((item) => !(item instanceof Splice) && tokens.nodeOf(item)))
    return `list ${direct.map((item) => operand(valueCode(item, print))).join(' ')}`;
  if (!Array.isArray(direct) && direct !== undefined) return valueCode(direct, print);
  const name = print.defines.of(value, print.file, print.file.replaceAll('/', '.'), () =>
    print.bodies.yaml(value, print, TOP),
  );
  // The line break that the template leaves out can be that of a text, which would end without it.
  return `include ${literal(name)} ${ROOT} | printf "%s\\n" | fromYaml${Array.isArray(value) ? 'Array' : ''}`;
}

/** The map that a map with no other key spreads. */
function onlySplice(value: object, print: Print): object | undefined {
  const entries = Object.entries(value);
  const [[key, item] = ['', undefined]] = entries as [string, unknown][];
  return entries.length === 1 && print.generation.tokens.isSplice(key, item) ? item : undefined;
}
