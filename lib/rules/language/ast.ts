import type { BinaryOperator } from './operators';

/** A stretch of a condition's text: offsets from its start, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A condition, as it was parsed. Parentheses leave no trace but the tree's shape; a chain of `and` (or `or`) of the same
 * level is one node.
 */
export type Condition = Conjunction | Disjunction | Negation | MacroUse | Exists | Comparison;

export interface Conjunction extends Span {
  readonly kind: 'and';
  /** Two or more. */
  readonly operands: readonly Condition[];
}

export interface Disjunction extends Span {
  readonly kind: 'or';
  /** Two or more. */
  readonly operands: readonly Condition[];
}

interface Negation extends Span {
  readonly kind: 'not';
  readonly operand: Condition;
}

/** A name that stands where a condition may: of a macro. */
export interface MacroUse extends Span {
  readonly kind: 'macro';
  readonly name: string;
  /** What it stands for, once macros are resolved. Its spans are offsets into the macro's own text. */
  readonly definition?: MacroDefinition;
}

/** A macro, as it was when the condition that uses it was compiled. */
export interface MacroDefinition {
  readonly name: string;
  readonly condition: Condition;
}

/** `fd.name exists`. */
export interface Exists extends Span {
  readonly kind: 'exists';
  readonly left: Operand;
}

/** `fd.sport = 443`, `proc.name in (a, b)`, `fd.cport != val(fd.sport)`. */
export interface Comparison extends Span {
  readonly kind: 'comparison';
  readonly left: Operand;
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly right: RightSide;
}

/** What an event is asked for: a field, or a transformer's result. */
export type Operand = FieldReference | Transformed;

/** `fd.name`, `proc.aname[2]`, `evt.arg.addr`. Whether there is such a field is for the check to say. */
export interface FieldReference extends Span {
  readonly kind: 'field';
  /** As written before the brackets. */
  readonly name: string;
  /** What stands between the brackets, without quotes; `undefined` without brackets. */
  readonly argument: string | undefined;
}

/** `tolower(proc.name)`, `join("-", (proc.name, proc.pname))`, on either side; `val(…)` on the right only. */
export interface Transformed extends Span {
  readonly kind: 'transformer';
  readonly name: string;
  readonly arguments: readonly TransformerArgument[];
}

export type TransformerArgument = FieldReference | Transformed | Value | ArgumentList;

/** `(proc.name, proc.pname)` within a transformer. */
export interface ArgumentList extends Span {
  readonly kind: 'arguments';
  readonly items: readonly TransformerArgument[];
}

/** What stands on the right of an operator. */
export type RightSide = Value | ValueList | Transformed;

/** One value, unquoted and unescaped. */
export interface Value extends Span {
  readonly kind: 'value';
  readonly text: string;
  /** Whether it stood in quotes. */
  readonly quoted: boolean;
}

/** `(a, b)`; or, for `in`, one value that stands without parentheses. */
export interface ValueList extends Span {
  readonly kind: 'values';
  readonly items: readonly Value[];
  /** Set where it is one value without parentheses, which is printed so too. */
  readonly bare?: true;
}
