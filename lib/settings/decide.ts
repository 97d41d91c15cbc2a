import { merge } from './resolved';

/**
 * The only ways in which constructs look into a setting. An `if`, `?:`, `===` or `.map` on a setting would be decided once,
 * at synth time; through these, a chart can decide it when it is rendered.
 */

/** Whether a setting says anything: not `false`, `0`, `''`, `[]` or `{}`. What `if` of a Helm template means. */
export function given(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Whether a setting has this value. */
export function is<T extends string | number | boolean>(setting: T, value: T): boolean {
  return setting === value;
}

/** Whether a number is greater than another. */
export function moreThan(setting: number, bound: number): boolean {
  return setting > bound;
}

/** Not. */
export function not(condition: boolean): boolean {
  return !condition;
}

/** Whether all conditions hold. */
export function all(...conditions: readonly boolean[]): boolean {
  return conditions.every(Boolean);
}

/** Whether one of the conditions holds. */
export function some(...conditions: readonly boolean[]): boolean {
  return conditions.some(Boolean);
}

/** What `make` makes, where the condition holds. */
export function when<T>(condition: boolean, make: () => T): T | undefined {
  return condition ? make() : undefined;
}

/** What the first function makes where the condition holds, else what the second makes. */
export function either<T>(condition: boolean, yes: () => T, no: () => T): T {
  return condition ? yes() : no();
}

/** One made of each item of a list of the user's, and of its place in the list. */
export function each<T, R>(items: readonly T[], make: (item: T, index: number) => R): R[] {
  return items.map((item, index) => make(item, index));
}

/** One made of each entry of a map of the user's, in the order of its keys. */
export function eachEntry<T, R>(map: Readonly<Record<string, T>>, make: (key: string, value: T) => R): R[] {
  return Object.keys(map)
    .sort()
    .map((key) => make(key, map[key] as T));
}

/** The items that are there. */
export function present<T>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item): item is T => item !== undefined);
}

/** The first item of a list of the user's; `''` where it has none. */
export function first(items: readonly string[]): string {
  return items[0] ?? '';
}

/** The items of a list of the user's as one text. */
export function joined(items: readonly string[], separator: string): string {
  return items.join(separator);
}

/** What `over` says, and `base` where it is silent; one of them, or both, may be a map of the user's. */
export function overlaid(base: object, over: object): Readonly<Record<string, unknown>> {
  return merge(base, over);
}
