import { sortedJson, sortedKeys } from '../sorted-json';
import { merge } from './resolved';
import { openIn, undecided } from './token';

/**
 * The only ways in which constructs look into a setting. An `if`, `?:`, `===` or `.map` on a setting would be decided once,
 * at synth time; through these, a chart decides it when it is rendered.
 */

/** Whether a setting says anything: not `false`, `0`, `''`, `[]` or `{}`. What `if` of a Helm template means. */
export function given(value: unknown): boolean {
  const open = openIn(value);
  if (open !== undefined) return open.given(value);
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Whether a setting has this value. */
export function is<T extends string | number | boolean>(setting: T, value: T): boolean {
  return openIn(setting)?.is(setting, value) ?? setting === value;
}

/** Whether a list holds a text. */
export function holds(items: readonly unknown[], item: string): boolean {
  return openIn(items, item)?.holds(items, item) ?? items.includes(item);
}

/** Whether a number is greater than another. */
export function moreThan(setting: number, bound: number): boolean {
  return openIn(setting)?.moreThan(setting, bound) ?? setting > bound;
}

/** Whether a text matches. The expression is one of RE2 too: no look-around, and no flag but `i`. */
export function matches(text: string, expression: RegExp): boolean {
  return openIn(text)?.matches(text, expression) ?? expression.test(text);
}

/** Whether a map of the user's has a key. */
export function hasKey(map: object, key: string): boolean {
  return openIn(map, key)?.hasKey(map, key) ?? Object.hasOwn(map, key);
}

/** Whether a map of the user's says `false` at a key. */
export function saysFalse(map: object, key: string): boolean {
  return openIn(map)?.saysFalse(map, key) ?? (map as Readonly<Record<string, unknown>>)[key] === false;
}

/** Whether one number is less than another. */
export function lessThan(one: number, other: number): boolean {
  return openIn(one, other)?.lessThan(one, other) ?? one < other;
}

/** Not. */
export function not(condition: boolean): boolean {
  return openIn(condition)?.not(condition) ?? !condition;
}

/** Whether all conditions hold. */
export function all(...conditions: readonly boolean[]): boolean {
  return openIn(...conditions)?.all(conditions) ?? conditions.every(Boolean);
}

/** Whether one of the conditions holds. */
export function some(...conditions: readonly boolean[]): boolean {
  return openIn(...conditions)?.some(conditions) ?? conditions.some(Boolean);
}

/** What `make` makes, where the condition holds. */
export function when<T>(condition: boolean, make: () => T): T | undefined {
  const open = openIn(condition);
  if (open !== undefined) return open.when(condition, make);
  return condition ? make() : undefined;
}

/** What the first function makes where the condition holds, else what the second makes. */
export function either<T>(condition: boolean, yes: () => T, no: () => T): T {
  const open = openIn(condition);
  if (open !== undefined) return open.either(condition, yes, no);
  return condition ? yes() : no();
}

/** One made of each item of a list of the user's, and of its place in the list. */
export function each<T, R>(items: readonly T[], make: (item: T, index: number) => R): R[] {
  return openIn(items)?.each(items, make) ?? items.map((item, index) => make(item, index));
}

/** One made of each entry of a map of the user's, in the order of its keys. */
export function eachEntry<T, R>(map: Readonly<Record<string, T>>, make: (key: string, value: T) => R): R[] {
  const open = openIn(map);
  if (open !== undefined) return open.eachEntry(map, make);
  return sortedKeys(map).map((key) => make(key, map[key] as T));
}

/** The items that are there. */
export function present<T>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item): item is T => item !== undefined);
}

/** The items of a list of the user's as one text. */
export function joined(items: readonly string[], separator: string): string {
  return openIn(items)?.joined(items, separator) ?? items.join(separator);
}

/** What `over` says, and `base` where it is silent; one of them, or both, may be a map of the user's. */
export function overlaid(base: object, over: object): Readonly<Record<string, unknown>> {
  return undecided()?.overlaid(base, over) ?? merge(base, over);
}

/** A map of settings without some of its keys. */
export function withoutKeys(map: object, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return (
    openIn(map)?.withoutKeys(map, keys) ??
    Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)))
  );
}

/** The first item of a list of the user's; an empty text where there is none. */
export function first(items: readonly string[]): string {
  return openIn(items)?.first(items) ?? items[0] ?? '';
}

/** The text at a key of a map of the user's; an empty text where there is none. */
export function valueAt(map: Readonly<Record<string, string>>, key: string): string {
  return openIn(map, key)?.valueAt(map, key) ?? map[key] ?? '';
}

/** The map at a key of a map of the user's; an empty one where there is none. */
export function part(map: object, key: string): Readonly<Record<string, unknown>> {
  const open = openIn(map);
  if (open !== undefined) return open.part(map, key);
  return ((map as Readonly<Record<string, unknown>>)[key] ?? {}) as Readonly<Record<string, unknown>>;
}

/** The list of texts at a key of a map of the user's; an empty one where there is none. */
export function textsAt(map: object, key: string): readonly string[] {
  const open = openIn(map);
  if (open !== undefined) return open.textsAt(map, key);
  return ((map as Readonly<Record<string, unknown>>)[key] ?? []) as readonly string[];
}

/** The values at a key of the items of a list of the user's, where they say anything. */
export function valuesAt<T extends object, K extends string & keyof T>(
  items: readonly T[],
  key: K,
): readonly NonNullable<T[K]>[] {
  const open = openIn(items);
  if (open !== undefined) return open.valuesAt(items, key) as readonly NonNullable<T[K]>[];
  return items.flatMap(({ [key]: value }) => (given(value) ? [value as NonNullable<T[K]>] : []));
}

/** How often a text is among others. */
export function times(texts: readonly string[], text: string): number {
  return openIn(texts, text)?.times(texts, text) ?? texts.filter((each) => each === text).length;
}

/** How many characters a text has; a chart counts bytes. */
export function lengthOf(text: string): number {
  return openIn(text)?.lengthOf(text) ?? text.length;
}

/** A text without what matches at its end; {@link matches} says which expressions can be. */
export function without(text: string, ending: RegExp): string {
  return openIn(text)?.without(text, ending) ?? text.replace(ending, '');
}

/** A text in small letters. */
export function lowerCase(text: string): string {
  return openIn(text)?.lowerCase(text) ?? text.toLowerCase();
}

/** A key somewhere in a map of the user's. */
export interface KeyWithin {
  /** Where it stands, from the map on. */
  readonly path: readonly (string | number)[];
  readonly key: string;
  /** The keys above it and itself, in capitals with `_` between them; items of lists have none. */
  readonly variable: string;
  /** The same of the keys above it alone. */
  readonly above: string;
  /** The key above it. */
  readonly parent: string;
  /** What stands under it, as far as it is text; that of the items, where it is a list. */
  readonly texts: readonly string[];
}

/** Every key in a map of the user's, at any depth. */
export function keysWithin(map: object): readonly KeyWithin[] {
  return openIn(map)?.keysWithin(map) ?? keysBelow(map, [], []);
}

function keysBelow(value: unknown, path: KeyWithin['path'], keys: readonly string[]): KeyWithin[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => keysBelow(item, [...path, index], keys));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => [
    {
      path: [...path, key],
      key,
      variable: [...keys, key].join('_').toUpperCase(),
      above: keys.join('_').toUpperCase(),
      parent: keys.at(-1) ?? '',
      texts: textsOf(item),
    },
    ...keysBelow(item, [...path, key], [...keys, key]),
  ]);
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return typeof value === 'string' ? [value] : [];
}

/** A text that stands in several places, or is long: a chart defines it once, by this name. */
export function named(name: string, text: string): string {
  return openIn(text)?.named(name, text) ?? text;
}

/** A text as a string of JSON. */
export function quoted(text: string): string {
  return openIn(text)?.quoted(text) ?? sortedJson(text);
}

/** A text as an item of a list in a rules file. */
export function listItem(text: string): string {
  return openIn(text)?.listItem(text) ?? text;
}

/** Whether a value is there to be looked at. While a chart is made, settings are not: what checks them has to wait. */
export function decided(value: unknown): boolean {
  return openIn(value) === undefined;
}
