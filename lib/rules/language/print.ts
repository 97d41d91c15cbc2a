import type { Condition, Operand, RightSide, TransformerArgument } from './ast';
import { endOfNumber } from './characters';
import { quoteAlways, quoteArgument, quoteAsFalco, quoteItem, quoteValue } from './quoting';

/**
 * The condition as text that {@link parseCondition} reads back to the same tree. It is Falco's own text (that of
 * `falco -L`) but for quotes and parentheses which that lacks to be read back; macros stand as their names.
 */
export function printCondition(condition: Condition): string {
  return print(condition, readable);
}

/**
 * The condition as Falco prints it once it is compiled (`condition_compiled` of `falco -L`), with macros replaced by what
 * they stand for. Not all of it can be read back: an empty value is nothing at all.
 */
export function printResolved(condition: Condition): string {
  return print(condition, asFalco);
}

/** What the two ways of printing differ in. */
interface Style {
  readonly resolvesMacros: boolean;
  /** A value alone behind an operator. */
  readonly value: (text: string) => string;
  readonly item: (text: string) => string;
  /** A value that stands within a transformer. */
  readonly literal: (text: string) => string;
  readonly argument: (text: string) => string;
}

const asFalco: Style = {
  resolvesMacros: true,
  value: quoteAsFalco,
  item: quoteAsFalco,
  literal: quoteAsFalco,
  argument: (text) => (text === '' ? '' : `[${quoteAsFalco(text)}]`),
};

const readable: Style = {
  resolvesMacros: false,
  value: quoteValue,
  item: quoteItem,
  literal: (text) => (text !== '' && endOfNumber(text, 0) === text.length ? text : quoteAlways(text)),
  argument: (text) => `[${quoteArgument(text)}]`,
};

function print(condition: Condition, style: Style): string {
  const parts: string[] = [];
  write(condition, style, parts);
  return parts.join('');
}

function write(condition: Condition, style: Style, parts: string[]): void {
  switch (condition.kind) {
    case 'and':
    case 'or':
      parts.push('(');
      condition.operands.forEach((operand, i) => {
        if (i > 0) parts.push(` ${condition.kind} `);
        write(operand, style, parts);
      });
      parts.push(')');
      return;
    case 'not':
      writeNegated(condition.operand, style, parts);
      return;
    case 'macro':
      if (style.resolvesMacros && condition.definition !== undefined) {
        write(condition.definition.condition, style, parts);
      } else {
        // `not` may be a macro's name, but with a blank behind it it negates.
        parts.push(condition.name === 'not' && !style.resolvesMacros ? '(not)' : condition.name);
      }
      return;
    case 'exists':
      parts.push(printOperand(condition.left, style), ' exists');
      return;
    case 'comparison': {
      const { left, operator, right } = condition;
      parts.push(printOperand(left, style), ` ${operator} `, printRight(right, style));
      return;
    }
  }
}

function writeNegated(operand: Condition, style: Style, parts: string[]): void {
  // Falco prints `not not a`, which it would read as `a`.
  const needsParentheses = operand.kind === 'not' && style === readable;
  parts.push(needsParentheses ? 'not (' : 'not ');
  write(operand, style, parts);
  if (needsParentheses) parts.push(')');
}

function printOperand(operand: Operand, style: Style): string {
  if (operand.kind === 'field') {
    const { name, argument } = operand;
    return argument === undefined ? name : `${name}${style.argument(argument)}`;
  }
  const parts = operand.arguments.map((argument) => printArgument(argument, style));
  return `${operand.name}(${parts.join(',')})`;
}

function printArgument(argument: TransformerArgument, style: Style): string {
  switch (argument.kind) {
    case 'field':
    case 'transformer':
      return printOperand(argument, style);
    case 'value':
      return style.literal(argument.text);
    case 'arguments':
      return `(${argument.items.map((item) => printArgument(item, style)).join(',')})`;
  }
}

function printRight(right: RightSide, style: Style): string {
  switch (right.kind) {
    case 'transformer':
      return printOperand(right, style);
    case 'value':
      return style.value(right.text);
    case 'values': {
      if (right.bare === true) return right.items.map(({ text }) => text).join(', ');
      return `(${right.items.map(({ text }) => style.item(text)).join(', ')})`;
    }
  }
}
