import type { KeyWithin } from './decide';

/**
 * Settings that nobody has set yet. While a Helm chart is made, each setting is a token in the place of its value, and
 * `decide.ts` asks the `Undecided` of that chart what becomes of a decision about it. Otherwise there is none, and
 * decisions are taken at once.
 */
export interface Undecided {
  /** Whether the value is a token, or a text, list or map with a token in it. */
  isOpen(value: unknown): boolean;
  given(value: unknown): boolean;
  is(setting: unknown, value: string | number | boolean): boolean;
  holds(items: readonly unknown[], item: string): boolean;
  moreThan(setting: number, bound: number): boolean;
  matches(text: string, expression: RegExp): boolean;
  hasKey(map: object, key: string): boolean;
  saysFalse(map: object, key: string): boolean;
  lessThan(one: number, other: number): boolean;
  part(map: object, key: string): Readonly<Record<string, unknown>>;
  textsAt(map: object, key: string): readonly string[];
  valuesAt(items: readonly object[], key: string): readonly unknown[];
  times(texts: readonly string[], text: string): number;
  lengthOf(text: string): number;
  without(text: string, ending: RegExp): string;
  lowerCase(text: string): string;
  keysWithin(map: object): readonly KeyWithin[];
  not(condition: boolean): boolean;
  all(conditions: readonly boolean[]): boolean;
  some(conditions: readonly boolean[]): boolean;
  when<T>(condition: boolean, make: () => T): T | undefined;
  either<T>(condition: boolean, yes: () => T, no: () => T): T;
  each<T, R>(items: readonly T[], make: (item: T, index: number) => R): R[];
  eachEntry<T, R>(map: Readonly<Record<string, T>>, make: (key: string, value: T) => R): R[];
  joined(items: readonly string[], separator: string): string;
  overlaid(base: object, over: object): Readonly<Record<string, unknown>>;
  withoutKeys(map: object, keys: readonly string[]): Readonly<Record<string, unknown>>;
  first(items: readonly string[]): string;
  valueAt(map: Readonly<Record<string, string>>, key: string): string;
  named(name: string, text: string): string;
  quoted(text: string): string;
  listItem(text: string): string;
  /** The text of a file with this content; nothing where it holds no token. */
  printed(form: 'config' | 'json' | 'declared', content: object): string | undefined;
  /** The first letters of the sha256 of a text, in hex. */
  digest(text: string, letters: number): string;
  /** What an object that is made now depends on. */
  scopes(): readonly unknown[];
}

let current: Undecided | undefined;

/** The chart that is being made, if any. */
export function undecided(): Undecided | undefined {
  return current;
}

/** Makes something while settings are tokens. */
export function whileUndecided<T>(tokens: Undecided, make: () => T): T {
  const outer = current;
  current = tokens;
  try {
    return make();
  } finally {
    current = outer;
  }
}

/** The chart that is being made, where one of the values is open. */
export function openIn(...values: readonly unknown[]): Undecided | undefined {
  return current !== undefined && values.some((value) => current?.isOpen(value)) ? current : undefined;
}
