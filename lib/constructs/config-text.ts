import { sortedJson, sortedKeys } from '../sorted-json';
import { undecided } from '../settings/token';

type Value =
  string | number | boolean | null | undefined | readonly Value[] | { readonly [key: string]: Value };

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_./-]*$/;

/** Words that YAML 1.1 does not read as text. */
const NOT_TEXT = /^(y|yes|n|no|on|off|true|false|null)$/i;

function keyText(key: string): string {
  return PLAIN_KEY.test(key) && !NOT_TEXT.test(key) ? key : sortedJson(key);
}

function isEmpty(value: object): boolean {
  return Array.isArray(value) ? value.length === 0 : entries(value as Record<string, Value>).length === 0;
}

function entries(map: Readonly<Record<string, Value>>): [string, Value][] {
  return sortedKeys(map)
    .map((key): [string, Value] => [key, map[key]])
    .filter(([, value]) => value !== undefined);
}

function lines(value: readonly Value[] | { readonly [key: string]: Value }, indent: string): string[] {
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap((item) => itemLines(item, indent));
  return entries(value as Record<string, Value>).flatMap(([key, item]) => {
    if (typeof item !== 'object' || item === null || isEmpty(item))
      return [`${indent}${keyText(key)}: ${sortedJson(item)}`];
    return [`${indent}${keyText(key)}:`, ...lines(item, `${indent}  `)];
  });
}

function itemLines(item: Value, indent: string): string[] {
  if (typeof item !== 'object' || item === null || isEmpty(item)) return [`${indent}- ${sortedJson(item)}`];
  const [first = '', ...rest] = lines(item, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

/**
 * The text of a configuration file: YAML in blocks, keys sorted, each scalar as JSON. A person can read it, YAML 1.1 and
 * 1.2 read it alike, and a template of a chart can print the same bytes.
 */
export function configText(config: object): string {
  const open = undecided()?.printed('config', config);
  if (open !== undefined) return open;
  return isEmpty(config) ? '{}\n' : `${lines(config as Record<string, Value>, '').join('\n')}\n`;
}
