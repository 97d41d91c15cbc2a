import type { FieldReference, Span, Transformed } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { parseField, parseTransformed } from '../language/parse-operand';
import { Scanner } from '../language/scanner';
import { fieldsOfOperand } from '../language/walk';
import type { FieldCatalogue } from './field';
import { typeOf } from './operand-type';
import { resolveField } from './resolve-field';
import { UnknownFieldError } from './unknown-field-error';

const CODE = 'LOAD_ERR_COMPILE_OUTPUT';

/** What a rule's output is made of. */
export interface OutputFormat {
  readonly parts: readonly OutputPart[];
}

type OutputPart = OutputText | OutputField;

interface OutputText extends Span {
  readonly kind: 'text';
  readonly text: string;
}

/** `%proc.name`, `%proc.aname[2]`, `%tolower(proc.name)`; `%20proc.name` is filled or cut to 20 characters. */
interface OutputField extends Span {
  readonly kind: 'field';
  readonly operand: FieldReference | Transformed;
  readonly width: number | undefined;
}

/** Falco takes it out of outputs: fields of containers are added to every one. */
const DROPPED = 'container.info';

/**
 * The parts of an output, as Falco 0.44 finds them: behind each % the longest field there is, what follows is text. There
 * is no way to write a % itself.
 *
 * @throws ConditionError `LOAD_ERR_COMPILE_OUTPUT`; UnknownFieldError where Falco would let `skip-if-unknown-filter` decide
 */
export function parseOutput(text: string, catalogue: FieldCatalogue): OutputFormat {
  if (text === '') throw new ConditionError(CODE, 'the output is empty', { start: 0, end: 0 });
  const parts: OutputPart[] = [];
  let textStart = 0;
  const endText = (end: number): void => {
    if (end > textStart)
      parts.push({ kind: 'text', text: text.slice(textStart, end), start: textStart, end });
  };
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', textStart)) {
    endText(at);
    if (text.startsWith(DROPPED, at + 1)) {
      textStart = at + 1 + DROPPED.length;
      continue;
    }
    const field = readField(text, at, catalogue);
    parts.push(field);
    textStart = field.end;
  }
  endText(text.length);
  return { parts };
}

/** The fields that an output asks for, each as often as it stands there. */
export function fieldsOfOutput({ parts }: OutputFormat): FieldReference[] {
  return parts.flatMap((part) => (part.kind === 'field' ? fieldsOfOperand(part.operand) : []));
}

/** The fields that Falco takes out of an output, and warns of as deprecated. */
export function droppedFields(text: string): readonly Span[] {
  return [...text.matchAll(/%container\.info/g)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
}

function readField(text: string, start: number, catalogue: FieldCatalogue): OutputField {
  const digits = /^\d*/.exec(text.slice(start + 1, start + 32))?.[0] ?? '';
  const operandStart = start + 1 + digits.length;
  if (operandStart >= text.length) {
    const last = digits === '' ? '%' : 'the number behind a %';
    throw new ConditionError(CODE, `the output ends with ${last}`, { start, end: text.length }, PERCENT);
  }
  const operand = readOperand(text, operandStart, catalogue);
  const width = Number(digits);
  return { kind: 'field', operand, width: width > 0 ? width : undefined, start, end: operand.end };
}

const PERCENT = "Falco has no way to print a %: write 'percent'";

function readOperand(text: string, start: number, catalogue: FieldCatalogue): FieldReference | Transformed {
  const scanner = new Scanner(text);
  scanner.position = start;
  const whole = attempt(() => parseTransformed(scanner) ?? parseField(scanner));
  const problem = whole === undefined ? undefined : problemOf(whole, catalogue);
  if (whole !== undefined && problem === undefined) return whole;

  scanner.position = start;
  const name = scanner.fieldName() ?? '';
  for (let length = name.length; length > 0; length--) {
    const shorter: FieldReference = {
      kind: 'field',
      name: name.slice(0, length),
      argument: undefined,
      start,
      end: start + length,
    };
    if (mayEndAt(name, length) && problemOf(shorter, catalogue) === undefined) return shorter;
  }
  const end = Math.max(start + name.length, start);
  throw unknown(text, { start: start - 1, end }, problem);
}

/** A field's name does not end in a dot. */
function mayEndAt(name: string, length: number): boolean {
  return name[length - 1] !== '.';
}

function unknown(text: string, span: Span, problem: ConditionError | undefined): UnknownFieldError {
  if (problem !== undefined) return new UnknownFieldError(CODE, problem.message, problem.span, problem.hint);
  const behind = text.slice(span.start, Math.max(span.end, span.start + 1));
  return new UnknownFieldError(CODE, `no field starts at '${behind}'`, span, PERCENT);
}

function problemOf(
  operand: FieldReference | Transformed,
  catalogue: FieldCatalogue,
): ConditionError | undefined {
  try {
    if (operand.kind === 'field') resolveField(operand, catalogue);
    else typeOf(operand, catalogue);
    return undefined;
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}
