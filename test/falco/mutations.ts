/** JSON as a configuration file can hold it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Path = readonly (string | number)[];

/** One change to a configuration. */
export interface Mutation {
  readonly what: string;
  apply(config: Json): Json;
}

/** Values of every type, to be put where something else stands. */
const STRANGERS: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  7.5,
  1048576,
  1048577,
  1e300,
  '',
  'text',
  '8',
  'rules',
  'add-only',
  [],
  [null],
  ['text'],
  [1],
  [[]],
  [{}],
  [{ path: 'text' }],
  [{ name: 'text', library_path: 'text' }],
  ['text', 1],
  {},
  { enabled: true },
  { kind: 'text' },
  { rule: 'text' },
  { path: 'text', other: 1 },
];

/** Keys that no object of the configuration has, among them those every JavaScript object inherits. */
const UNKNOWN_KEYS = ['unknown', 'constructor', 'toString', '__proto__', ''];

/** Every single change of the kinds that people make, at every place of a configuration. */
export function* mutations(config: Json): Generator<Mutation> {
  for (const [path, value] of places(config, [])) {
    const where = JSON.stringify(path);
    const change = (what: string, next: Json): Mutation => ({
      what: `${where}: ${what}`,
      apply: (whole) => replace(whole, path, next),
    });
    for (const stranger of STRANGERS) yield change(`= ${JSON.stringify(stranger)}`, stranger);
    if (typeof value === 'number' || typeof value === 'boolean') yield change('as text', String(value));
    if (typeof value === 'string') yield change('in a list', [value]);
    if (isList(value)) {
      for (const stranger of STRANGERS) {
        yield change(`with ${JSON.stringify(stranger)} at the end`, [...value, stranger]);
      }
      yield change('without the first item', value.slice(1));
    } else if (typeof value === 'object' && value !== null) {
      for (const key of UNKNOWN_KEYS) yield change(`with the key '${key}'`, withKey(value, key, 1));
      for (const key of Object.keys(value)) {
        yield change(`without '${key}'`, without(value, key));
        yield change(`only '${key}'`, withKey({}, key, value[key] ?? null));
        yield change(`'${key}' misspelt`, rename(value, key, misspell(key)));
        yield change(`'${key}' in capitals`, rename(value, key, key.toUpperCase()));
      }
    }
  }
}

/** Every place of a configuration and what stands there, the whole first. */
export function* places(value: Json, path: Path): Generator<readonly [Path, Json]> {
  yield [path, value];
  if (isList(value)) {
    for (const [index, item] of value.entries()) yield* places(item, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* places(item, [...path, key]);
  }
}

function replace(value: Json, path: Path, next: Json): Json {
  const [head, ...rest] = path;
  if (head === undefined) return next;
  if (isList(value)) return value.map((item, index) => (index === head ? replace(item, rest, next) : item));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, head)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === head ? replace(item, rest, next) : item]),
  );
}

function withKey(value: Readonly<Record<string, Json>>, key: string, item: Json): Json {
  return Object.fromEntries([...Object.entries(value), [key, item]]);
}

function without(value: Readonly<Record<string, Json>>, key: string): Json {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

function rename(value: Readonly<Record<string, Json>>, from: string, to: string): Json {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key === from ? to : key, item]));
}

/** Swaps the last two letters, or doubles the only one. */
function misspell(key: string): string {
  const swapped = key.slice(0, -2) + key.slice(-1) + key.slice(-2, -1);
  return swapped === key ? `${key}${key.slice(-1)}` : swapped;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
