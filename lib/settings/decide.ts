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
export function holds(items: readonly string[], item: string): boolean {
  return openIn(items, item)?.holds(items, item) ?? items.includes(item);
}

/** Whether a number is greater than another. */
export function moreThan(setting: number, bound: number): boolean {
  return openIn(setting)?.moreThan(setting, bound) ?? setting > bound;
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
  return Object.keys(map)
    .sort()
    .map((key) => make(key, map[key] as T));
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

/** The first item of a list of the user's; an empty text where there is none. */
export function first(items: readonly string[]): string {
  return openIn(items)?.first(items) ?? items[0] ?? '';
}

/** The text at a key of a map of the user's; an empty text where there is none. */
export function valueAt(map: Readonly<Record<string, string>>, key: string): string {
  return openIn(map, key)?.valueAt(map, key) ?? map[key] ?? '';
}

/** A text that stands in several places, or is long: a chart defines it once, by this name. */
export function named(name: string, text: string): string {
  return openIn(text)?.named(name, text) ?? text;
}

/** A text as a string of JSON. */
export function quoted(text: string): string {
  return openIn(text)?.quoted(text) ?? JSON.stringify(text);
}

/** A text as an item of a list in a rules file. */
export function listItem(text: string): string {
  return openIn(text)?.listItem(text) ?? text;
}

/** Whether a value is there to be looked at. While a chart is made, settings are not: what checks them has to wait. */
export function decided(value: unknown): boolean {
  return openIn(value) === undefined;
}
