/**
 * What stands in the place of a value while a chart is made. `code` is an expression of Go's templates; in it
 * {@link VALUES} stands for the values of the chart and {@link ROOT} for what a template is given, which are written
 * otherwise inside of `range`.
 */

/** `.Values`, or `$.Values` inside of `range`. */
export const VALUES = '\u0001.Values';

/** The code of a map of values: of the chart's own, without what a chart that depends on it adds. */
export function ownValues(code: string): string {
  return code === VALUES ? `omit ${VALUES} "global"` : code;
}

/** `.`, or `$` inside of `range`. */
export const ROOT = '\u0002';

/** A condition as a template has it. */
export interface Condition {
  readonly code: string;
  /** The opposite. */
  readonly negation: Condition;
  /** Whether `code` is a truth value, and not only something that `if` takes for one. */
  readonly strict: boolean;
  /** The conditions of which it is the conjunction. */
  readonly parts: readonly Condition[];
}

/** A part of a text that the chart fills in. */
export type TextNode =
  | { readonly is: 'code'; readonly code: string }
  | { readonly is: 'choice'; readonly condition: Condition; readonly yes: string; readonly no: string }
  | { readonly is: 'joined'; readonly items: readonly unknown[]; readonly separator: string }
  | { readonly is: 'named'; readonly name: string; readonly text: string }
  | { readonly is: 'quoted'; readonly text: string }
  | { readonly is: 'printed'; readonly form: 'config' | 'json' | 'declared'; readonly content: object }
  | { readonly is: 'digest'; readonly text: string; readonly letters: number };

/** What a list or map of the user's is made of, so that one of it can be a token too. */
type Make = (code: string) => unknown;

/** A list or a map of the user's. */
export interface OpenNode {
  readonly is: 'list' | 'map';
  readonly code: string;
  readonly item: Make;
  /** Whether all text in it surely stands in one line. */
  readonly oneLine?: boolean;
}

/** One of two values; `undefined` is none. */
export interface ChoiceNode {
  readonly is: 'choice';
  readonly condition: Condition;
  readonly yes: unknown;
  readonly no: unknown;
}

/** A value for each item of a list or a map. */
export interface EachNode {
  readonly is: 'each';
  readonly loop: Loop;
  readonly body: unknown;
}

/** `range $key, $item := code`. */
export interface Loop {
  readonly code: string;
  readonly key: string;
  readonly item: string;
}

/** Maps, each over the ones before. */
interface OverlayNode {
  readonly is: 'overlay';
  readonly layers: readonly object[];
}

/** A value that is no text. */
export type ValueNode =
  | { readonly is: 'number'; readonly code: string }
  | { readonly is: 'boolean'; readonly condition: Condition }
  | OpenNode
  | ChoiceNode
  | EachNode
  | OverlayNode;

/** A value that can be spread. */
export type CollectionNode = Exclude<ValueNode, { is: 'number' | 'boolean' }>;

/** What an object of the chart is wrapped in. */
export type Scope =
  { readonly is: 'if'; readonly condition: Condition } | { readonly is: 'each'; readonly loop: Loop };

/** A code as an operand. */
export function operand(code: string): string {
  return /\s/.test(code) && !/^"(?:[^"\\]|\\.)*"$/.test(code) ? `(${code})` : code;
}

/** A text as an expression. */
export function literal(text: string): string {
  return JSON.stringify(text);
}
