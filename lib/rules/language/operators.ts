/** Operators that compare with one number. */
export const NUMBER_OPERATORS = ['<', '<=', '>', '>='] as const;

/** Operators that compare with one text. */
export const TEXT_OPERATORS = [
  '=',
  '==',
  '!=',
  'glob',
  'iglob',
  'contains',
  'icontains',
  'bcontains',
  'startswith',
  'bstartswith',
  'endswith',
  'regex',
] as const;

/** Operators that compare with a list; the last three are an operator and what must hold of its items. */
export const LIST_OPERATORS = ['in', 'intersects', 'pmatch'] as const;

/** What turns an operator for one text into one for a list: `startswith oneof (/etc, /var)`. */
export const MODIFIERS = ['oneof', 'anyof', 'allof'] as const;

export type NumberOperator = (typeof NUMBER_OPERATORS)[number];
export type TextOperator = (typeof TEXT_OPERATORS)[number];
export type ListOperator = (typeof LIST_OPERATORS)[number];
export type Modifier = (typeof MODIFIERS)[number];

/** An operator with two sides; with a modifier, both words with one blank between. */
export type BinaryOperator = NumberOperator | TextOperator | ListOperator | `${TextOperator} ${Modifier}`;

/** What changes a field's value before it is compared. `val` (on the right only) is none of them. */
export const TRANSFORMERS = [
  'tolower',
  'toupper',
  'b64',
  'basename',
  'len',
  'join',
  'concat',
  'getopt',
] as const;
