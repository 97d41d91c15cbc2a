import { truthValue } from './condition';
import { conditional, repeated } from './conditional';
import { textCode, valueCode, type Print } from './expression';
import { operand, type ChoiceNode, type Condition, type OpenNode } from './node';
import { holdsAt, indented, nindent, written, type Place } from './page';
import { scalar } from './scalar';
import { standardPart } from './standard-metadata';
import { TokenError } from './token-error';
import { describe, Splice } from './tokens';

/** A part of a map or a list: a value, and how it is printed. */
interface Part {
  readonly value: unknown;
  readonly print: (value: unknown, at: Place) => string;
}

/** A value as a template that prints it as YAML: lines, without indentation. */
export function yamlText(value: unknown, print: Print, place: Place): string {
  if (Array.isArray(value)) return items(value, print, place);
  if (typeof value === 'object' && value !== null) return fields(value, print, place);
  throw new TokenError(String(value), 'is no map and no list');
}

/** Lines of a map. */
function fields(map: object, print: Print, place: Place): string {
  const { tokens } = print.generation;
  const entries = Object.entries(map) as [string, unknown][];
  const isMap = ([key, value]: readonly [string, unknown]) =>
    tokens.isSplice(key, value) && tokens.nodeOf(value)?.is === 'map';
  const lines = (some: readonly (readonly [string, unknown])[]) =>
    parts(
      some.map((one) => entry(one, print)),
      print,
      place,
    );
  const standard = standardPart(entries, print);
  const others = standard?.rest ?? entries;
  const own = others.filter(([key, value]) => !tokens.isSplice(key, value) || isMap([key, value]));
  const open = standard === undefined || !standard.open ? others.some(isMap) : own.length > 0;
  if (!open)
    return `${standard === undefined ? '' : `${nindent(written(standard.code, place))}\n`}${lines(others)}`;
  const under = standard === undefined ? [] : [`(${standard.code} | fromYaml)`];
  return `${merged(own, print, place, under)}${lines(others.filter((one) => !own.includes(one)))}`;
}

/** A map of which the user has a part: later keys win over earlier ones, as they do in JavaScript. */
function merged(
  entries: readonly (readonly [string, unknown])[],
  print: Print,
  place: Place,
  under: readonly string[] = [],
): string {
  const { tokens } = print.generation;
  const layers = [...under];
  let pairs: string[] = [];
  const close = () => {
    if (pairs.length > 0) layers.push(`(dict\n${indented(pairs.join('\n'), 2)}\n)`);
    pairs = [];
  };
  for (const [key, value] of entries) {
    if (tokens.isSplice(key, value)) {
      close();
      layers.push(operand(valueCode(value, print)));
    } else pairs.push(`${operand(textCode(key, print))} ${operand(valueCode(value, print))}`);
  }
  close();
  const [only] = layers;
  if (only !== undefined && layers.length === 1) {
    const [[, value] = ['', undefined]] = entries;
    return `${nindent(printed(only, entries.length === 1 ? value : undefined, print, place))}\n`;
  }
  return `${nindent(`include "falco-egress.merged" (list\n${indented(written(layers.join('\n'), place), 2)}\n)`)}\n`;
}

/** Parts in their order; neighbours that depend on the same condition stand under it together. */
function parts(all: readonly Part[], print: Print, place: Place): string {
  const choiceOf = ({ value }: Part): ChoiceNode | undefined => {
    const node = print.generation.tokens.nodeOf(value instanceof Splice ? value.of : value);
    return node?.is === 'choice' ? node : undefined;
  };
  const groups: Part[][] = [];
  for (const part of all) {
    if (part.value === undefined) continue;
    const before = groups.at(-1)?.[0];
    const same = before && choiceOf(before)?.condition.code;
    if (same !== undefined && choiceOf(part)?.condition.code === same) groups.at(-1)?.push(part);
    else groups.push([part]);
  }
  return groups
    .map((group) => {
      const condition = group[0] && choiceOf(group[0])?.condition;
      const one = (part: Part, value: unknown, at: Place) => parts([{ ...part, value }], print, at);
      if (condition === undefined) return group.map((part) => part.print(part.value, place)).join('');
      return (
        withForm(group, condition, print, place) ??
        conditional(condition, place, (side, at) =>
          group.map((part) => one(part, choiceOf(part)?.[side], at)).join(''),
        )
      );
    })
    .join('');
}

/** `with`, where the condition is that the value which is printed says something. */
function withForm(
  [part, ...others]: readonly Part[],
  condition: Condition,
  print: Print,
  place: Place,
): string | undefined {
  const node = print.generation.tokens.nodeOf(part?.value);
  if (part === undefined || others.length > 0 || node?.is !== 'choice' || node.no !== undefined)
    return undefined;
  const code = soleCode(node.yes, print);
  if (code !== condition.code || holdsAt(condition, place) !== undefined) return undefined;
  const marker = print.generation.marks.add({ is: 'code', code: '.' });
  const dot =
    typeof node.yes === 'string'
      ? marker
      : print.generation.tokens.collection({
          is: 'map',
          code: '.',
          item: () => marker,
          oneLine: soleNode(node.yes, print)?.oneLine ?? false,
        });
  return `{{- with ${written(code, place)} }}\n${part.print(dot, place)}{{- end }}\n`;
}

/** The expression of a value that is nothing but a value of the chart. */
function soleCode(value: unknown, print: Print): string | undefined {
  const { marks } = print.generation;
  if (typeof value === 'string') {
    const only = marks.only(value);
    return only?.is === 'code' ? only.code : undefined;
  }
  return soleNode(value, print)?.code;
}

/** The list or map of the chart's values that a value is nothing but. */
function soleNode(value: unknown, print: Print): OpenNode | undefined {
  const { tokens } = print.generation;
  if (typeof value !== 'object' || value === null) return undefined;
  const node = tokens.nodeOf(value);
  if (node !== undefined) return node.is === 'list' || node.is === 'map' ? node : undefined;
  const entries = Object.entries(value) as [string, unknown][];
  const [[key, only] = ['', undefined]] = entries;
  if (entries.length !== 1) return undefined;
  if (Array.isArray(value)) return only instanceof Splice ? soleNode(only.of, print) : undefined;
  return tokens.isSplice(key, only) ? soleNode(only, print) : undefined;
}

/** What prints a list or map of the chart's values. */
function printed(code: string, value: unknown, print: Print, place: Place): string {
  const form = soleNode(value, print)?.oneLine === true ? 'toYaml' : 'include "falco-egress.yaml"';
  return `${form} ${operand(written(code, place))}`;
}

function entry([key, value]: readonly [string, unknown], print: Print): Part {
  if (!print.generation.tokens.isSplice(key, value))
    return { value, print: (one, at) => field(key, one, print, at) };
  return {
    value,
    print: (one, at) => {
      const node = print.generation.tokens.nodeOf(one);
      if (node?.is === 'each')
        return repeated(node.loop, at, (inner) =>
          parts([entry(node.body as [string, unknown], print)], print, inner),
        );
      if (node !== undefined) throw new TokenError(describe(node), "can't be spread here");
      return fields(one as object, print, at);
    },
  };
}

function field(key: string, value: unknown, print: Print, place: Place): string {
  const name = scalar(key, print, place);
  const node = print.generation.tokens.nodeOf(value);
  if (node?.is === 'number') return `${name}: {{ ${written(node.code, place)} | toJson }}\n`;
  if (node?.is === 'boolean') return `${name}: {{ ${written(truthValue(node.condition), place)} }}\n`;
  if (typeof value === 'string') return `${name}: ${scalar(value, print, place)}\n`;
  if (typeof value !== 'object' || value === null) return `${name}: ${JSON.stringify(value)}\n`;
  const code = node?.is === 'overlay' ? valueCode(value, print) : soleCode(value, print);
  if (code !== undefined) return `${name}:\n  ${nindent(printed(code, value, print, place), 2)}\n`;
  const list = node?.is === 'each' ? [...(value as Iterable<unknown>)] : value;
  const empty = `${name}: ${Array.isArray(list) ? '[]' : '{}'}\n`;
  const given = print.generation.whereGiven(value);
  const full = (at: Place) => `${name}:\n${indented(yamlText(list, print, at), 2)}`;
  if (typeof given === 'boolean') return given ? full(place) : empty;
  return conditional(given, place, (side, at) => (side === 'yes' ? full(at) : empty));
}

/** Lines of a list. */
function items(list: readonly unknown[], print: Print, place: Place): string {
  return parts(
    list.map((value) => ({
      value,
      print:
        value instanceof Splice ? (one, at) => spliced(one, print, at) : (one, at) => item(one, print, at),
    })),
    print,
    place,
  );
}

/** The items of a list in another. */
function spliced(value: unknown, print: Print, place: Place): string {
  const node = print.generation.tokens.nodeOf(value instanceof Splice ? value.of : value);
  if (node?.is === 'each') return repeated(node.loop, place, (at) => items([node.body], print, at));
  if (node?.is === 'list')
    return `{{- with ${written(node.code, place)} }}\n${nindent(printed('.', value instanceof Splice ? value.of : value, print, place))}\n{{- end }}\n`;
  if (Array.isArray(value)) return items(value, print, place);
  throw new TokenError('a value', "can't be spread into a list");
}

function item(value: unknown, print: Print, place: Place): string {
  const node = print.generation.tokens.nodeOf(value);
  if (node?.is === 'number') return `- {{ ${written(node.code, place)} | toJson }}\n`;
  if (typeof value === 'string') return `- ${scalar(value, print, place)}\n`;
  if (typeof value !== 'object' || value === null) return `- ${JSON.stringify(value)}\n`;
  const code = soleCode(value, print);
  if (code !== undefined) return `- ${nindent(printed(code, value, print, place), 2)}\n`;
  const empty = `- ${Array.isArray(value) ? '[]' : '{}'}\n`;
  const given = print.generation.whereGiven(value);
  const full = (at: Place) => {
    const lines = indented(yamlText(value, print, at), 2);
    return lines.startsWith('  {{-') ? `-\n${lines}` : `- ${lines.slice(2)}`;
  };
  if (typeof given === 'boolean') return given ? full(place) : empty;
  return conditional(given, place, (side, at) => (side === 'yes' ? full(at) : empty));
}
