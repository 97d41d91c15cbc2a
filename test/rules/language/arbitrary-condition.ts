import * as fc from 'fast-check';
import type {
  Condition,
  FieldReference,
  Operand,
  RightSide,
  Transformed,
  TransformerArgument,
  Value,
  ValueList,
} from '../../../lib/rules/language/ast';
import {
  LIST_OPERATORS,
  MODIFIERS,
  NUMBER_OPERATORS,
  TEXT_OPERATORS,
  TRANSFORMERS,
  type BinaryOperator,
} from '../../../lib/rules/language/operators';

/** Trees without places in a text: {@link withoutPlaces} makes parsed ones the same. */
const nowhere = { start: 0, end: 0 };

const word = fc.oneof(
  fc.stringMatching(/^[a-zA-Z]+[a-zA-Z0-9_]*$/),
  fc.constantFrom('and', 'or', 'not', 'exists', 'in', 'val', 'tolower', 'oneof', 'nota', 'ora'),
);

/** All that Falco treats in its own way, and what it doesn't. */
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      ...'ab1.=,()[]"\'\\ \t\n\r\b\f\v/é<>!-+'.split(''),
      '\u{1f600}',
      '\ud800',
      '\u00a0',
    ),
  }),
  fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '')),
  fc.constantFrom(...MODIFIERS, 'a\0b', 'val(', 'and', '\\', ' \\', '\\\\', 'a b\\'),
);

const number = fc.stringMatching(/^(?:0x[0-9a-fA-F]+|[-+]?[0-9]+(?:\.[0-9]*)?(?:e[-+][0-9]+)?)$/);

const valueOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<Value> =>
  texts.map((value) => ({ kind: 'value', text: value, quoted: false, ...nowhere }));

const field: fc.Arbitrary<FieldReference> = fc
  .tuple(fc.array(word, { minLength: 2, maxLength: 4 }), fc.option(text, { nil: undefined }))
  .map(([words, argument]) => ({ kind: 'field', name: words.join('.'), argument, ...nowhere }));

const { transformed } = fc.letrec<{ transformed: Transformed; argument: TransformerArgument }>((tie) => ({
  transformed: fc
    .tuple(fc.constantFrom(...TRANSFORMERS), fc.array(tie('argument'), { minLength: 1, maxLength: 3 }))
    .map(([name, parts]) => ({ kind: 'transformer', name, arguments: parts, ...nowhere })),
  argument: fc.oneof(
    { maxDepth: 3 },
    field,
    valueOf(
      fc.oneof(
        number,
        text.filter((value) => !value.includes('\0')),
      ),
    ),
    tie('transformed'),
    fc
      .array(fc.oneof(field, valueOf(number), tie('transformed')), { maxLength: 3 })
      .map((items): TransformerArgument => ({ kind: 'arguments', items, ...nowhere })),
  ),
}));

const val: fc.Arbitrary<Transformed> = field.map((inner) => ({
  kind: 'transformer',
  name: 'val',
  arguments: [inner],
  ...nowhere,
}));

const list: fc.Arbitrary<ValueList> = fc.oneof(
  fc
    .array(valueOf(text), { maxLength: 4 })
    .map((items): ValueList => ({ kind: 'values', items, ...nowhere })),
  valueOf(word).map((item): ValueList => ({ kind: 'values', items: [item], bare: true, ...nowhere })),
);

const operators = {
  number: fc.constantFrom<BinaryOperator>(...NUMBER_OPERATORS),
  text: fc.constantFrom<BinaryOperator>(...TEXT_OPERATORS),
  list: fc.oneof(
    fc.constantFrom<BinaryOperator>(...LIST_OPERATORS),
    fc
      .tuple(fc.constantFrom(...TEXT_OPERATORS), fc.constantFrom(...MODIFIERS))
      .map(([operator, modifier]): BinaryOperator => `${operator} ${modifier}`),
  ),
};

const operand: fc.Arbitrary<Operand> = fc.oneof(field, transformed);

function comparison(
  operator: fc.Arbitrary<BinaryOperator>,
  right: fc.Arbitrary<RightSide>,
): fc.Arbitrary<Condition> {
  return fc.record({
    kind: fc.constant('comparison' as const),
    left: operand,
    operator,
    operatorSpan: fc.constant(nowhere),
    right: fc.oneof(right, transformed, val),
    start: fc.constant(0),
    end: fc.constant(0),
  });
}

/** Any condition that a text may stand for. */
export const { condition: arbitraryCondition } = fc.letrec<{ condition: Condition }>((tie) => {
  const parts = fc.array(tie('condition'), { minLength: 2, maxLength: 4 });
  return {
    condition: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      word.map((name): Condition => ({ kind: 'macro', name, ...nowhere })),
      operand.map((left): Condition => ({ kind: 'exists', left, ...nowhere })),
      comparison(operators.number, valueOf(number)),
      comparison(operators.text, valueOf(text)),
      comparison(operators.list, list),
      tie('condition').map((inner): Condition => ({ kind: 'not', operand: inner, ...nowhere })),
      parts.map((operands): Condition => ({ kind: 'and', operands, ...nowhere })),
      parts.map((operands): Condition => ({ kind: 'or', operands, ...nowhere })),
    ),
  };
});

/** The same tree, with every offset 0 and every value without its quotes. */
export function withoutPlaces(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPlaces);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === 'start' || key === 'end') return [key, 0];
      if (key === 'quoted') return [key, false];
      return [key, withoutPlaces(value)];
    }),
  );
}
