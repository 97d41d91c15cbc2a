/** What is wrong at one place of a configuration. */
type SchemaFindingCode =
  /** The schema has no such key here. */
  | 'unknown-key'
  /** A key that must be there is not. */
  | 'missing-key'
  /** An object that must have keys has too few. */
  | 'too-few-keys'
  /** Text where a number should be, and the like. */
  | 'wrong-type'
  /** Not one of the words in the schema. */
  | 'not-a-choice'
  /** A number outside the bounds in the schema. */
  | 'out-of-range'
  /** Right by Falco's schema, and Falco does not start with it. */
  | 'refused'
  /** Right by Falco's schema, and Falco does not look at it. */
  | 'ignored';

/** Keys and list indexes from the top of a configuration. */
export type ValuePath = readonly (string | number)[];

/** One thing wrong with a configuration. */
export interface SchemaFinding {
  readonly code: SchemaFindingCode;
  /** Where: for an unknown or ignored key the key itself, for a missing one the object that lacks it. */
  readonly path: ValuePath;
  /** Whether to point at the last key of the path or at its value. */
  readonly target: 'key' | 'value';
  /** One line: what was expected, what was found, what was probably meant. Without the path. */
  readonly message: string;
  /** The right name, where there is a likely one. */
  readonly suggestion?: string;
}

/** Prints a path as people write it: `plugins[0].init_config`. */
export function formatPath(path: ValuePath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = /^[\w-]+$/.test(part) ? part : JSON.stringify(part);
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}
