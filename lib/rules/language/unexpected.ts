import { nearest } from '../../schema/nearest';
import type { Comparison, Exists, MacroUse, Operand, Span } from './ast';
import { BLANK, endOfFieldName, isOneOf } from './characters';
import { ConditionError } from './condition-error';
import { LIST_OPERATORS, MODIFIERS, NUMBER_OPERATORS, TEXT_OPERATORS, TRANSFORMERS } from './operators';
import type { Scanner } from './scanner';

const CODE = 'LOAD_ERR_COMPILE_CONDITION';

const OPERATORS: readonly string[] = ['exists', ...NUMBER_OPERATORS, ...TEXT_OPERATORS, ...LIST_OPERATORS];

/** What people write for operators of other languages, and what Falco has for it. */
const FOREIGN_OPERATORS: ReadonlyMap<string, string> = new Map([
  ['like', 'glob'],
  ['matches', 'regex'],
  ['=~', 'regex'],
  ['~', 'regex'],
  ['is', '='],
  ['<>', '!='],
  ['has', 'contains'],
  ['equals', '='],
]);

const FOREIGN_CONNECTIVES: ReadonlyMap<string, string> = new Map([
  ['&&', 'and'],
  ['&', 'and'],
  ['||', 'or'],
  ['|', 'or'],
]);

/** The longest piece of a condition that a message quotes. */
const MAX_QUOTED = 40;

/** Something else was expected at the scanner's position. */
export function expected(scanner: Scanner, what: string, hint?: string): ConditionError {
  const { text, position } = scanner;
  const word = wordAt(text, position);
  const message = `expected ${what}${behind(text, position)}${word === '' ? '' : `, not ${show(word)}`}`;
  return new ConditionError(
    CODE,
    message,
    spanOf(position, word),
    hint ?? hintForOperand(text, position, word),
  );
}

/** A text in quotes starts at the scanner's position, and doesn't end. */
export function unclosed(scanner: Scanner): ConditionError | undefined {
  const { text, position } = scanner;
  if (!scanner.atQuote) return undefined;
  const quote = text.charAt(position);
  const span = { start: position, end: text.length };
  if (text.includes('\0', position)) {
    return new ConditionError(CODE, `a text in quotes may not hold NUL`, span);
  }
  const hint =
    text.length > position + 1 && text.endsWith(`\\${quote}`)
      ? `a ${quote} behind a backslash does not close the text`
      : `close it with ${quote}`;
  return new ConditionError(CODE, `the text that starts with ${quote} is not closed`, span, hint);
}

/** No operator stands behind a field. */
export function notAnOperator(scanner: Scanner, left: Operand): ConditionError {
  const { text, position } = scanner;
  const word = wordAt(text, position);
  const operand = text.slice(left.start, left.end);
  const message = `expected an operator after ${show(operand)}${word === '' ? '' : `, not ${show(word)}`}`;
  return new ConditionError(
    CODE,
    message,
    spanOf(position, word),
    hintForOperator(text, position, word, operand),
  );
}

/** What was read before, where neither `and` nor `or` follows, nor the end of the level. */
export interface Before {
  /** The check right before; `undefined` behind parentheses. */
  readonly check: Comparison | Exists | MacroUse | undefined;
  /** Whether an `and` might have followed. */
  readonly isInChain: boolean;
  /** Where the '(' of the level stands. */
  readonly open: number | undefined;
}

/** Neither `and` nor `or` stands at the scanner's position, nor does the level end here. */
export function unexpectedAfterOperand(scanner: Scanner, { check, isInChain, open }: Before): ConditionError {
  const { text, position } = scanner;
  if (check?.kind === 'macro' && (check.name === 'and' || check.name === 'or')) {
    return new ConditionError(CODE, `a condition is missing before '${check.name}'`, check);
  }
  const word = wordAt(text, position);
  const span = spanOf(position, word);
  if (word === '') {
    return new ConditionError(CODE, `a ')' is missing${behind(text, position)}`, span, openHint(text, open));
  }
  if (word === ')') return new ConditionError(CODE, "there is no '(' for this ')'", span, "remove the ')'");
  if (!isInChain && text.startsWith('and', position)) {
    const message = "no 'and' may follow 'or(…)'";
    return new ConditionError(CODE, message, span, "write a blank between 'or' and '('");
  }
  const connectives = open === undefined ? "'and' or 'or'" : "'and', 'or' or ')'";
  const message = `expected ${connectives}${behind(text, position)}, not ${show(word)}`;
  return new ConditionError(CODE, message, span, hintAfterOperand(text, position, word, check));
}

function openHint(text: string, open: number | undefined): string | undefined {
  return open === undefined ? undefined : `close ${show(text.slice(open, open + MAX_QUOTED))}`;
}

function hintAfterOperand(
  text: string,
  position: number,
  word: string,
  check: Before['check'],
): string | undefined {
  const foreign = FOREIGN_CONNECTIVES.get(/^[&|]{1,2}/.exec(word)?.[0] ?? '');
  if (foreign !== undefined) return `write '${foreign}'`;
  const lower = word.toLowerCase();
  if (word !== lower && (lower === 'and' || lower === 'or')) return `write '${lower}'`;
  if (word.startsWith('#')) return 'a condition may not hold remarks';
  switch (check?.kind) {
    case 'macro':
      return hintAfterMacro(text, position, word, check.name);
    case 'exists':
      return "'exists' takes no value";
    case 'comparison':
      return hintAfterValue(text, position, word, check);
    case undefined:
      return undefined;
  }
}

function hintAfterMacro(text: string, position: number, word: string, name: string): string | undefined {
  if (name.toLowerCase() === 'not' && name !== 'not') return "write 'not'";
  if (name === 'val' && word === '(') return "'val' may stand on the right of an operator only";
  if (word === '(') return `transformers: ${TRANSFORMERS.join(', ')}`;
  if (OPERATORS.includes(operatorAt(text, position)))
    return 'only fields are compared; their names have a dot';
  if (/^[-.:]/.test(word))
    return 'names of macros hold letters, digits and _; those of fields have such parts, joined by dots';
  return undefined;
}

function hintAfterValue(
  text: string,
  position: number,
  word: string,
  comparison: Comparison,
): string | undefined {
  const { operator, right } = comparison;
  if ((NUMBER_OPERATORS as readonly string[]).includes(operator)) {
    return /^[eE]\d/.test(word) ? 'an exponent needs a sign: 1e+3' : `'${operator}' compares with one number`;
  }
  if (right.kind === 'transformer') return undefined;
  if (right.kind === 'values') {
    if (right.bare !== true) return undefined;
    return word === '(' ? `'${operator}' takes no modifier` : 'put the values in parentheses: (a, b)';
  }
  if (word === '(') {
    const words: readonly string[] = [...MODIFIERS, ...TRANSFORMERS];
    if (words.includes(right.text)) return `write a blank after '${right.text}'`;
    const close = nearest(shorten(right.text), words);
    return close === undefined ? 'quote a value that has parentheses' : `did you mean '${close}'?`;
  }
  if (endOfFieldName(text, position) > position) return "'and' or 'or' is missing";
  if (right.end < position) return 'quote a value that has blanks';
  return right.quoted ? undefined : `quote a value that has ${word.charAt(0)}`;
}

function hintForOperator(text: string, position: number, word: string, operand: string): string | undefined {
  if (word === '') return undefined;
  if (word === '[') return "write no blank before '['";
  const operator = operatorAt(text, position);
  if (operator === 'not') {
    const negated = /^not\s+([a-z]+)/.exec(text.slice(position, position + MAX_QUOTED))?.[1] ?? 'in';
    return `write 'not' first: not ${shorten(operand)} ${negated} …`;
  }
  const lower = operator.toLowerCase();
  const known = FOREIGN_OPERATORS.get(lower);
  if (known !== undefined) return `write '${known}'`;
  if (lower !== operator && OPERATORS.includes(lower)) return `write '${lower}'`;
  if (OPERATORS.includes(operator)) return `write a blank after '${operator}'`;
  if (operator === '!') return "write '!='; or 'not' before the field";
  if (lower === 'and' || lower === 'or')
    return "a field alone is no condition: compare it, or write 'exists'";
  const close = nearest(lower, OPERATORS);
  return close === undefined ? `operators: ${OPERATORS.join(', ')}` : `did you mean '${close}'?`;
}

function hintForOperand(text: string, position: number, word: string): string | undefined {
  const connective = FOREIGN_CONNECTIVES.get(word.slice(0, 2));
  if (connective !== undefined) return `write '${connective}'`;
  if (word.startsWith('!')) return "write 'not' and a blank";
  if (word.startsWith('"') || word.startsWith("'")) return undefined;
  if (word === ')' && text.slice(0, position).trimEnd().endsWith('(')) return 'the parentheses are empty';
  return undefined;
}

/** The characters of an operator: a word, or signs. */
function operatorAt(text: string, position: number): string {
  const piece = text.slice(position, position + MAX_QUOTED);
  return /^(?:[a-zA-Z]+|[=!<>~]+)/.exec(piece)?.[0] ?? '';
}

/** What stands at an offset, as far as it goes without a blank; a parenthesis, bracket or comma by itself. */
function wordAt(text: string, position: number): string {
  const piece = text.slice(position, position + MAX_QUOTED + 1);
  return /^(?:[()[\],]|[^\s()[\],]+|[^])/.exec(piece)?.[0] ?? '';
}

/** ` after 'and'`: the last word before an offset. */
function behind(text: string, position: number): string {
  let end = position;
  while (end > 0 && isOneOf(BLANK, text, end - 1)) end--;
  const piece = text.slice(Math.max(0, end - MAX_QUOTED), end);
  const word = /(?:[()[\],]|[^\s()[\],]+|[^])$/.exec(piece)?.[0];
  return word === undefined ? '' : ` after ${show(word)}`;
}

function spanOf(start: number, word: string): Span {
  return { start, end: start + word.length };
}

function show(text: string): string {
  return `'${shorten(text)}'`;
}

/** A piece of a text that a message may quote. */
export function shorten(text: string): string {
  const shown = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
  // eslint-disable-next-line no-control-regex -- what a terminal would act on
  return shown.replace(/[\x00-\x1f\x7f]/g, '\u{fffd}');
}
