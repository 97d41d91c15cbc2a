import { readFileSync } from 'node:fs';
import { ConfigError, messageOf } from './failure';
import { nearest } from '../schema/nearest';

/**
 * An object of a JSON file, read key by key at the boundary: an unknown key, a missing or a wrong value is a
 * {@link ConfigError} that names the field.
 */
export class FieldReader {
  private readonly values: ReadonlyMap<string, unknown>;

  constructor(
    value: unknown,
    private readonly path: string,
    known: readonly string[],
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw expected(path, 'an object', value);
    this.values = new Map(Object.entries(value).filter(([, each]) => each !== undefined && each !== null));
    for (const key of this.values.keys()) {
      if (!known.includes(key)) throw new ConfigError(this.at(key), `unknown field${hint(key, known)}`);
    }
  }

  /** Whether the field is there. */
  has(key: string): boolean {
    return this.values.has(key);
  }

  /** A text that is not empty. */
  text(key: string, pattern?: RegExp, meaning = 'a text that is not empty'): string {
    const value = this.values.get(key);
    if (typeof value === 'string' && value !== '' && (pattern === undefined || pattern.test(value)))
      return value;
    throw expected(this.at(key), meaning, value);
  }

  /** `true` or `false`. */
  boolean(key: string): boolean {
    const value = this.values.get(key);
    if (typeof value === 'boolean') return value;
    throw expected(this.at(key), 'true or false', value);
  }

  /** A URL of HTTP or HTTPS. */
  url(key: string): string {
    const value = this.values.get(key);
    if (typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value)) return value;
    throw expected(this.at(key), 'a URL of http or https', value);
  }

  /** A whole number in a range. */
  integer(key: string, least: number, most: number): number {
    const value = this.values.get(key);
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw expected(this.at(key), `a whole number from ${least} to ${most}`, value);
  }

  /** One of some words. */
  oneOf<T extends string>(key: string, words: readonly T[]): T {
    return oneOf(this.values.get(key), words, this.at(key));
  }

  /** A list of some words. */
  words<T extends string>(key: string, words: readonly T[]): readonly T[] {
    return this.list(key, (item, path) => oneOf(item, words, path));
  }

  /** A list, each item read by `read`. */
  list<T>(key: string, read: (item: unknown, path: string) => T): readonly T[] {
    const value = this.values.get(key);
    if (!Array.isArray(value)) throw expected(this.at(key), 'a list', value);
    return value.map((item: unknown, index) => read(item, `${this.at(key)}[${index}]`));
  }

  /** A list of texts. */
  texts(key: string): readonly string[] {
    return this.list(key, (item, path) => {
      if (typeof item === 'string' && item !== '') return item;
      throw expected(path, 'a text that is not empty', item);
    });
  }

  /** Texts by name. */
  map(key: string): Readonly<Record<string, string>> {
    const value = this.values.get(key);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw expected(this.at(key), 'an object', value);
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, text]: [string, unknown]) => {
        if (typeof text === 'string') return [name, text];
        throw expected(`${this.at(key)}[${JSON.stringify(name)}]`, 'a text', text);
      }),
    );
  }

  /** An object in this one. */
  object(key: string, known: readonly string[]): FieldReader {
    return new FieldReader(this.values.get(key), this.at(key), known);
  }

  /** What stands wrong in a field. */
  wrong(key: string, problem: string): ConfigError {
    return new ConfigError(this.at(key), problem);
  }

  private at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }
}

function oneOf<T extends string>(value: unknown, words: readonly T[], path: string): T {
  const word = words.find((each) => each === value);
  if (word !== undefined) return word;
  const close = typeof value === 'string' ? hint(value, words) : '';
  throw expected(path, `one of ${words.join(', ')}`, value, close);
}

/** Reads a JSON file and what it says; every error names the file. */
export function readJsonFile<T>(file: string, parse: (value: unknown) => T): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, messageOf(error));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(file, `not JSON: ${messageOf(error)}`);
  }
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(file, error.message);
    throw error;
  }
}

function expected(path: string, what: string, value: unknown, close = ''): ConfigError {
  const found = value === undefined ? 'nothing' : shorten(JSON.stringify(value));
  return new ConfigError(path === '' ? '(root)' : path, `expected ${what}, found ${found}${close}`);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function hint(word: string, words: readonly string[]): string {
  const close = nearest(word, words);
  return close === undefined ? `; known: ${words.join(', ')}` : ` (did you mean ${JSON.stringify(close)}?)`;
}
