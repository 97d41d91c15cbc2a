/**
 * What one place in Falco's configuration may hold. The trees made of these are generated from the
 * schema that a Falco binary prints; see `docs/adding-a-falco-version.md`.
 */
export type ConfigNode = ScalarNode | NumberNode | ChoiceNode | ListNode | ObjectNode | UnionNode;

/** Any text, `true`/`false`, or nothing at all. */
interface ScalarNode {
  readonly is: 'text' | 'boolean' | 'null';
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
  readonly of: ConfigNode;
}

/** An object with known keys. */
export interface ObjectNode {
  readonly is: 'object';
  readonly keys: Readonly<Record<string, ConfigNode>>;
  /** Keys that must be there. */
  readonly required?: readonly string[];
  /** The least number of keys. */
  readonly minKeys?: number;
  /** What any other key may hold; without it other keys are an error. */
  readonly others?: ConfigNode | 'anything';
}

/** One of several; no two of them accept the same JSON type, so the value's type tells which one is meant. */
export interface UnionNode {
  readonly is: 'union';
  readonly of: readonly Exclude<ConfigNode, UnionNode>[];
}
