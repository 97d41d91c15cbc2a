import { stringify } from 'yaml';
import { truthValue } from './condition';
import { endsLine, isInline, joinedValues, textCode, valueCode, type Print } from './expression';
import { operand, VALUES, type ChoiceNode, type Condition, type EachNode } from './node';
import { holdsAt, indented, inRange, nindent, where, written, type Place } from './page';
import { escaped, rangeAction, templateText } from './text';
import { TokenError } from './token-error';
import { describe, Splice } from './tokens';

/** A value as a template that prints it as YAML: lines, without indentation. */
export function yamlText(value: unknown, print: Print, place: Place): string {
  if (Array.isArray(value)) return items(value, print, place);
  if (typeof value === 'object' && value !== null) return fields(value, print, place);
  throw new TokenError(String(value), 'is no map and no list');
}

/** Lines of a map. */
function fields(map: object, print: Print, place: Place): string {
  const { tokens } = print.generation;
  const entries = Object.entries(map).filter(([, value]) => value !== undefined) as [string, unknown][];
  const spread = entries.filter(([key, value]) => tokens.isSplice(key, value));
  const maps = spread.filter(([, value]) => ['map', 'list'].includes(tokens.nodeOf(value)?.is ?? ''));
  if (maps.length === 0) return entries.map(([key, value]) => entry(key, value, print, place)).join('');
  const rest = spread.filter((one) => !maps.includes(one));
  const own = entries.filter((one) => !rest.includes(one));
  return `${merged(own, print, place)}${rest.map(([key, value]) => entry(key, value, print, place)).join('')}`;
}

/** A map of which the user has a part: later keys win over earlier ones, as they do in JavaScript. */
function merged(entries: readonly [string, unknown][], print: Print, place: Place): string {
  const { tokens } = print.generation;
  const [only] = entries;
  if (only !== undefined && entries.length === 1)
    return `${nindent(`toYaml ${operand(written(valueCode(only[1], print), place))}`)}\n`;
  const layers: string[] = [];
  let pairs: string[] = [];
  const close = () => {
    if (pairs.length > 0) layers.push(`(dict\n${indented(pairs.join('\n'), 4)})`);
    pairs = [];
  };
  for (const [key, value] of entries) {
    if (tokens.isSplice(key, value)) {
      close();
      layers.push(operand(valueCode(value, print)));
    } else pairs.push(`${operand(textCode(key, print))} ${operand(valueCode(value, print))}`);
  }
  close();
  return `${nindent(`include "falco-egress.merged" (list\n${indented(written(layers.join('\n'), place), 2)})`)}\n`;
}

function entry(key: string, value: unknown, print: Print, place: Place): string {
  const { generation } = print;
  if (value === undefined) return '';
  const node = generation.tokens.nodeOf(value);
  if (generation.tokens.isSplice(key, value)) {
    if (node?.is === 'choice')
      return choice(node, place, (branch, at) => (branch === undefined ? '' : fields(branch, print, at)));
    if (node?.is === 'each') return range(node, place, (body, at) => pairs(body, print, at));
    throw new TokenError(node === undefined ? key : describe(node), "can't be spread here");
  }
  if (node?.is === 'choice') return choice(node, place, (branch, at) => entry(key, branch, print, at));
  return field(key, value, print, place);
}

/** An entry of a map that a range makes, or several. */
function pairs(body: unknown, print: Print, place: Place): string {
  const [key, value] = body as [string, unknown];
  return entry(key, value, print, place);
}

function field(key: string, value: unknown, print: Print, place: Place): string {
  const name = scalar(key, print, place);
  const node = print.generation.tokens.nodeOf(value);
  if (node?.is === 'number') return `${name}: {{ ${written(node.code, place)} | toJson }}\n`;
  if (node?.is === 'boolean') return `${name}: {{ ${written(truthValue(node.condition), place)} }}\n`;
  if (node?.is === 'list' || node?.is === 'map' || node?.is === 'overlay')
    return `${name}:\n  ${nindent(`toYaml ${operand(written(valueCode(value, print), place))}`, 2)}\n`;
  if (typeof value === 'string') return `${name}: ${scalar(value, print, place)}\n`;
  if (typeof value !== 'object' || value === null) return `${name}: ${JSON.stringify(value)}\n`;
  const list = Array.isArray(value) || node?.is === 'each';
  const full = () =>
    `${name}:\n${indented(node?.is === 'each' ? items([...(value as Iterable<unknown>)], print, place) : yamlText(value, print, place), 2)}`;
  const empty = `${name}: ${list ? '[]' : '{}'}\n`;
  const given = print.generation.whereGiven(value);
  const known = typeof given === 'boolean' ? given : holdsAt(given, place);
  if (known !== undefined) return known ? full() : empty;
  return `{{- if ${written((given as Condition).code, place)} }}\n${full()}{{- else }}\n${empty}{{- end }}\n`;
}

/** Lines of a list. */
function items(list: readonly unknown[], print: Print, place: Place): string {
  return list.map((one) => item(one, print, place)).join('');
}

function item(value: unknown, print: Print, place: Place): string {
  const { tokens } = print.generation;
  const node = tokens.nodeOf(value instanceof Splice ? value.of : value);
  if (value === undefined) return '';
  if (value instanceof Splice) {
    if (node?.is === 'choice')
      return choice(node, place, (branch, at) =>
        branch === undefined ? '' : items(branch as unknown[], print, at),
      );
    if (node?.is === 'each') return range(node, place, (body, at) => item(body, print, at));
    if (node?.is === 'list')
      return `{{- with ${written(node.code, place)} }}\n${nindent('toYaml .')}\n{{- end }}\n`;
    throw new TokenError('a value', "can't be spread into a list");
  }
  if (node?.is === 'choice') return choice(node, place, (branch, at) => item(branch, print, at));
  if (node?.is === 'number') return `- {{ ${written(node.code, place)} | toJson }}\n`;
  if (typeof value === 'string') return `- ${scalar(value, print, place)}\n`;
  if (typeof value !== 'object' || value === null) return `- ${JSON.stringify(value)}\n`;
  if (node !== undefined || Object.keys(value).length === 0)
    return node === undefined
      ? `- ${Array.isArray(value) ? '[]' : '{}'}\n`
      : `- ${nindent(`toYaml ${operand(written(valueCode(value, print), place))}`, 2)}\n`;
  const lines = indented(yamlText(value, print, place), 2);
  return lines.startsWith('  {{-') ? `-\n${lines}` : `- ${lines.slice(2)}`;
}

function choice(
  node: ChoiceNode,
  place: Place,
  print: (branch: object | undefined, at: Place) => string,
): string {
  const { condition } = node;
  const known = holdsAt(condition, place);
  if (known !== undefined) return print((known ? node.yes : node.no) as object | undefined, place);
  const yes = print(node.yes as object | undefined, where(condition, place));
  const no = print(node.no as object | undefined, where(condition.negation, place));
  if (yes === no) return yes;
  if (yes === '') return `{{- if ${written(condition.negation.code, place)} }}\n${no}{{- end }}\n`;
  const end = no === '' ? '' : `{{- else }}\n${no}`;
  return `{{- if ${written(condition.code, place)} }}\n${yes}${end}{{- end }}\n`;
}

function range(node: EachNode, place: Place, print: (body: unknown, at: Place) => string): string {
  return `{{- ${rangeAction(node.loop, place)} }}\n${print(node.body, inRange(place))}{{- end }}\n`;
}

const NAME = `${VALUES}.name`;

/** A text as a scalar of YAML. */
function scalar(value: string, print: Print, place: Place): string {
  const { marks } = print.generation;
  const parts = marks.split(value);
  if (!marks.in(value)) return literalScalar(value);
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object' && only.is === 'joined') {
    const values = joinedValues(only, print);
    if (values !== undefined) return `{{ ${written(values, place)} | quote }}`;
  }
  const file = parts.length === 1 && typeof only === 'object' ? fileCode(value, print) : undefined;
  if (file !== undefined) return `|\n  ${nindent(written(file, place), 2)}`;
  if (!isInline(value, print)) {
    const body = templateText(value, print, place, false);
    return `|${endsLine(value, print) ? '' : '-'}\n${indented(body.replace(/\n$/, ''), 2)}`;
  }
  const bare = parts.every((part) =>
    typeof part === 'string' ? /^[-a-z0-9]+$/.test(part) : part.is === 'code' && part.code === NAME,
  );
  if (bare && parts.length > 1 && typeof only === 'object')
    return parts.map((part) => (typeof part === 'string' ? part : `{{ ${written(NAME, place)} }}`)).join('');
  return `{{ ${written(textCode(value, print), place)} | quote }}`;
}

/** The template that prints a whole file. */
function fileCode(value: string, print: Print): string | undefined {
  if (!endsLine(value, print)) return undefined;
  return /^printf "%s\\n" \((include .*)\)$/s.exec(textCode(value, print))?.[1];
}

function literalScalar(value: string): string {
  if (!value.includes('\n')) {
    const text = escaped(stringify(value, { version: '1.1', lineWidth: 0 }).trimEnd());
    return text;
  }
  if (/^\s|[^\S\n]$|\n\n$|[^\n\x20-\x7e\u00a0-\ud7ff]/m.test(value) && !isPlainBlock(value))
    return escaped(JSON.stringify(value));
  return `|${value.endsWith('\n') ? '' : '-'}\n${indented(escaped(value.replace(/\n$/, '')), 2)}`;
}

/** Whether a text of several lines can stand as a block as it is. */
function isPlainBlock(value: string): boolean {
  return (
    /^\S/.test(value) &&
    !/\n\n$/.test(value) &&
    !/[^\n\x20-\x7e\u00a0-\ud7ff]/.test(value) &&
    !/[^\S\n]\n/.test(value)
  );
}
