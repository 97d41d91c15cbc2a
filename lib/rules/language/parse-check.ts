import type { Comparison, Exists, MacroUse, Operand, RightSide, Span, Value } from './ast';
import { ConditionError } from './condition-error';
import {
  LIST_OPERATORS,
  MODIFIERS,
  NUMBER_OPERATORS,
  TEXT_OPERATORS,
  type BinaryOperator,
} from './operators';
import { parseField, parseTransformed, parseVal } from './parse-operand';
import type { Scanner } from './scanner';
import { expected, notAnOperator, unclosed } from './unexpected';

/** Falco tries them in this order, by prefix: longer ones first. */
const NUMBER_OPERATORS_BY_LENGTH = [...NUMBER_OPERATORS].sort((a, b) => b.length - a.length);
const LIST_OPERATORS_BY_LENGTH = [...LIST_OPERATORS].sort((a, b) => b.length - a.length);
const SIGNS = TEXT_OPERATORS.filter((operator) => !/[a-z]/.test(operator)).sort(
  (a, b) => b.length - a.length,
);
/** Of all operators, only these need a blank behind them. */
const WORDS = TEXT_OPERATORS.filter((operator) => /[a-z]/.test(operator));

/** A comparison, `exists`, or the use of a macro. */
export function parseCheck(scanner: Scanner): Comparison | Exists | MacroUse {
  const start = scanner.position;
  const left: Operand | undefined = parseField(scanner) ?? parseTransformed(scanner);
  if (left !== undefined) return parseComparison(scanner, left);
  const name = scanner.identifier();
  if (name === undefined) throw expected(scanner, 'a field, a macro or parentheses');
  return { kind: 'macro', name, start, end: scanner.position };
}

function parseComparison(scanner: Scanner, left: Operand): Comparison | Exists {
  scanner.skipBlanks();
  const operatorStart = scanner.position;
  if (scanner.skip('exists')) {
    return { kind: 'exists', left, start: left.start, end: scanner.position };
  }
  const { operator, takes } = readOperator(scanner) ?? fail(notAnOperator(scanner, left));
  const operatorSpan = { start: operatorStart, end: endOfToken(scanner, operatorStart) };
  scanner.skipBlanks();
  const right = readRight(
    scanner,
    hasWordsInOrder(scanner, left) && takes === 'number' ? 'text' : takes,
    operator,
  );
  return {
    kind: 'comparison',
    left,
    operator,
    operatorSpan,
    right,
    start: left.start,
    end: scanner.position,
  };
}

/** Priorities are compared by their urgency, and written as words. */
function hasWordsInOrder({ dialect }: Scanner, left: Operand): boolean {
  return dialect === 'alerts' && left.kind === 'field' && left.name === 'priority';
}

type Takes = 'number' | 'text' | 'list';

function readOperator(scanner: Scanner): { operator: BinaryOperator; takes: Takes } | undefined {
  const ofNumber = NUMBER_OPERATORS_BY_LENGTH.find((operator) => scanner.skip(operator));
  if (ofNumber !== undefined) return { operator: ofNumber, takes: 'number' };
  const sign = SIGNS.find((operator) => scanner.skip(operator));
  const ofText = sign ?? WORDS.find((operator) => scanner.skipWord(operator));
  if (ofText !== undefined) {
    const end = scanner.position;
    scanner.skipBlanks();
    const modifier = MODIFIERS.find((word) => scanner.skipWord(word));
    if (modifier !== undefined) return { operator: `${ofText} ${modifier}`, takes: 'list' };
    scanner.position = end;
    return { operator: ofText, takes: 'text' };
  }
  const ofList = LIST_OPERATORS_BY_LENGTH.find((operator) => scanner.skip(operator));
  return ofList === undefined ? undefined : { operator: ofList, takes: 'list' };
}

/** The end of what was taken since `start`, blanks behind it left out. */
function endOfToken(scanner: Scanner, start: number): number {
  return start + scanner.text.slice(start, scanner.position).trimEnd().length;
}

function readRight(scanner: Scanner, takes: Takes, operator: BinaryOperator): RightSide {
  if (takes === 'list' && scanner.text[scanner.position] === '(') return readList(scanner);
  const transformed = parseVal(scanner) ?? parseTransformed(scanner);
  if (transformed !== undefined) return transformed;
  switch (takes) {
    case 'number':
      return readNumber(scanner, operator);
    case 'text':
      return readText(scanner) ?? fail(unclosed(scanner) ?? expected(scanner, 'a value'));
    case 'list':
      return readBareList(scanner);
  }
}

function readNumber(scanner: Scanner, operator: BinaryOperator): Value {
  const start = scanner.position;
  const text = scanner.number();
  if (text === undefined) {
    throw expected(scanner, 'a number', `'${operator}' compares numbers only; they stand without quotes`);
  }
  return { kind: 'value', text, quoted: false, start, end: scanner.position };
}

function readText(scanner: Scanner): Value | undefined {
  const start = scanner.position;
  const quoted = scanner.atQuote;
  const text = quoted ? scanner.quotedText() : scanner.bareText();
  return text === undefined ? undefined : { kind: 'value', text, quoted, start, end: scanner.position };
}

function readBareList(scanner: Scanner): RightSide {
  const start = scanner.position;
  const text = scanner.identifier();
  if (text === undefined) throw expected(scanner, 'a list', 'put the values in parentheses: (a, b)');
  const span: Span = { start, end: scanner.position };
  return { kind: 'values', items: [{ kind: 'value', text, quoted: false, ...span }], bare: true, ...span };
}

function readList(scanner: Scanner): RightSide {
  const start = scanner.position;
  const items: Value[] = [];
  scanner.position++;
  scanner.skipBlanks();
  const first = readFirstItem(scanner);
  if (first !== undefined) {
    items.push(first);
    scanner.skipBlanks();
    while (scanner.skip(',')) {
      scanner.skipBlanks();
      items.push(readText(scanner) ?? fail(unclosed(scanner) ?? expected(scanner, "a value after ','")));
      scanner.skipBlanks();
    }
  }
  if (!scanner.skip(')')) {
    const what = items.length === 0 ? "a value or ')'" : "',' or ')'";
    throw unclosed(scanner) ?? expected(scanner, what, hintInList(scanner));
  }
  return { kind: 'values', items, start, end: scanner.position };
}

/**
 * The first value of a list, if there is one. Where it has a bad escape, Falco takes the list for an empty one, and goes
 * on behind the value: `in ("\d")` is `in ()`.
 */
function readFirstItem(scanner: Scanner): Value | undefined {
  try {
    return readText(scanner);
  } catch (error) {
    if (error instanceof ConditionError && scanner.text[scanner.position] === ')') return undefined;
    throw error;
  }
}

function hintInList(scanner: Scanner): string | undefined {
  const next = scanner.text[scanner.position];
  if (next === undefined) return "close the list with ')'";
  if (next === '(') return 'lists do not nest; write all values into one';
  return next === '=' || next === ',' ? undefined : "values are separated by ','; quote one that has blanks";
}

function fail(error: ConditionError): never {
  throw error;
}
