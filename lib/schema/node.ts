/**
 * What one place of a configuration may hold. Trees of these are generated: Falco's from the schema that a Falco binary
 * prints (see `docs/adding-a-falco-version.md`), that of our settings from their types.
 */
export type SchemaNode = TextNode | ScalarNode | NumberNode | ChoiceNode | ListNode | ObjectNode | UnionNode;

/** Text. */
export interface TextNode {
  readonly is: 'text';
  /** A regular expression that it matches. */
  readonly pattern?: string;
  readonly minLength?: number;
}

/** `true`/`false`, or nothing at all. */
interface ScalarNode {
  readonly is: 'boolean' | 'null';
}

/** A number, both bounds inclusive. */
interface NumberNode {
  readonly is: 'integer' | 'number';
  readonly min?: number;
  readonly max?: number;
}

/** One of a few words. */
interface ChoiceNode {
  readonly is: 'choice';
  readonly of: readonly string[];
}

/** A list whose items are all alike. */
interface ListNode {
  readonly is: 'list';
  readonly of: SchemaNode;
}

/** An object with known keys. */
export interface ObjectNode {
  readonly is: 'object';
  readonly keys: Readonly<Record<string, SchemaNode>>;
  /** Keys that must be there. */
  readonly required?: readonly string[];
  /** The least number of keys. */
  readonly minKeys?: number;
  /** What any other key may hold; without it other keys are an error. */
  readonly others?: SchemaNode | 'anything';
}

/** One of several; no two of them accept the same JSON type, so the value's type tells which one is meant. */
export interface UnionNode {
  readonly is: 'union';
  readonly of: readonly Exclude<SchemaNode, UnionNode>[];
}
