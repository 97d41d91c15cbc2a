import { checkCondition } from '../fields/check-condition';
import type { FieldCatalogue } from '../fields/field';
import { ConditionError } from '../language/condition-error';
import { LIST_OPERATORS, MODIFIERS, NUMBER_OPERATORS, TEXT_OPERATORS } from '../language/operators';
import { parseCondition } from '../language/parse';
import type { ExceptionItem } from '../read/exception';
import type { Node, Range, Report } from '../read/node';
import { ConditionText } from './condition-text';
import { quoteItem } from './list-expansion';

/** An exception as the items of all files make it. */
export interface Exception {
  readonly name: string;
  readonly item: ExceptionItem;
  readonly report: Report;
  /** With those that later items append. */
  readonly values: readonly { readonly node: Node; readonly report: Report }[];
}

/** Why Falco refuses an exception, and where. */
export class ExceptionError extends Error {
  override readonly name = 'ExceptionError';

  constructor(
    message: string,
    readonly report: Report,
    readonly range: Range,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** `exists` too, which Falco takes here, and refuses once there are values. */
const PLAIN = [...NUMBER_OPERATORS, ...TEXT_OPERATORS, 'exists'] as readonly string[];
const WITH_MODIFIER = TEXT_OPERATORS.flatMap((operator) =>
  MODIFIERS.map((modifier) => `${operator} ${modifier}`),
);
const FOR_LISTS = [...LIST_OPERATORS, ...WITH_MODIFIER] as readonly string[];

/**
 * Checks what does not depend on values: fields that there are, operators that there are, as many of the one as of the
 * other.
 *
 * @throws {@link ExceptionError}
 */
export function checkException(
  { item, report }: Pick<Exception, 'item' | 'report'>,
  catalogue: FieldCatalogue | undefined,
): void {
  const { fields, comps, node } = item;
  const refuse = (message: string, at: Range, hint?: string): never => {
    throw new ExceptionError(message, report, at, hint);
  };
  if (fields === undefined)
    return refuse(
      `exception '${item.exception.name}' has no 'fields', and no earlier one has its name`,
      node,
    );
  for (const field of fields.type === 'sequence' ? fields.items : [fields]) {
    if (field.type !== 'scalar') refuse("'fields' must be text, or a sequence of texts", field);
    else if (catalogue !== undefined) {
      const wrong = wrongField(field.text, catalogue);
      if (wrong !== undefined) refuse(wrong.message, field, wrong.hint);
    }
  }
  if (comps === undefined) return;
  if (fields.type === 'sequence') {
    if (comps.type !== 'sequence' || comps.items.length !== fields.items.length)
      return refuse("'fields' and 'comps' must have the same length", node);
    for (const comp of comps.items) {
      if (comp.type !== 'scalar' || (!PLAIN.includes(comp.text) && !FOR_LISTS.includes(comp.text)))
        refuse(`'${report.source(comp)}' is no operator`, comp);
    }
    return;
  }
  if (comps.type !== 'scalar') return refuse("with one field, 'comps' must be text too", comps);
  if (!FOR_LISTS.includes(comps.text))
    refuse(
      `one field is compared with all values: '${comps.text}' can't be its operator`,
      comps,
      'write comps: in',
    );
}

function wrongField(text: string, catalogue: FieldCatalogue): ConditionError | undefined {
  try {
    checkCondition(parseCondition(`${text} exists`), catalogue);
    return undefined;
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
}

/**
 * A rule's condition with its exceptions, as the text that Falco makes of them.
 *
 * @throws {@link ExceptionError} for values that don't fit their fields
 */
export function withExceptions(condition: ConditionText, exceptions: readonly Exception[]): ConditionText {
  if (exceptions.length === 0) return condition;
  const parts = [ConditionText.made('('), condition, ConditionText.made(')')];
  for (const exception of exceptions) {
    const text = textOf(exception);
    if (text.length > 0) parts.push(ConditionText.made(' and not '), ConditionText.joined(text));
  }
  return ConditionText.join(...parts);
}

function textOf(exception: Exception): ConditionText[] {
  const { fields, comps } = exception.item;
  if (fields?.type === 'sequence') return rowsOf(exception, textsOf(fields), comps && textsOf(comps));
  if (fields?.type !== 'scalar' || exception.values.length === 0) return [];
  const operator = comps?.type === 'scalar' ? comps.text : 'in';
  const values = exception.values.map(({ node, report }) => {
    if (node.type === 'sequence')
      throw new ExceptionError('with one field, each value must be text', report, node);
    return valueText(node, report);
  });
  return [ConditionText.made(`(${fields.text} ${operator} (`), ...commas(values), ConditionText.made('))')];
}

function rowsOf(
  { values }: Exception,
  fields: readonly string[],
  comps: readonly string[] | undefined,
): ConditionText[] {
  if (values.length === 0) return [];
  const rows = values.map(({ node, report }) => {
    const cells = node.type === 'sequence' ? node.items : [];
    if (cells.length !== fields.length)
      throw new ExceptionError(
        `here must be as many values as there are fields: ${fields.length}`,
        report,
        node,
      );
    const parts = cells.flatMap((cell, index) => {
      const operator = comps?.[index] ?? '=';
      const start = `${index === 0 ? '(' : ' and'} ${fields[index] ?? ''} ${operator} `;
      return [ConditionText.made(start), ...cellText(cell, operator, report)];
    });
    return [...parts, ConditionText.made(')')];
  });
  const joined = rows.flatMap((row, index) => (index === 0 ? row : [ConditionText.made(' or '), ...row]));
  return [ConditionText.made('('), ...joined, ConditionText.made(')')];
}

function cellText(cell: Node, operator: string, report: Report): ConditionText[] {
  if (cell.type === 'sequence') {
    const values = cell.items.map((item) => valueText(item, report));
    return [ConditionText.made('('), ...commas(values), ConditionText.made(')')];
  }
  if (!FOR_LISTS.includes(operator)) return [valueText(cell, report)];
  if (cell.type !== 'scalar' || cell.text.startsWith('(')) return [rawText(cell, report)];
  return [ConditionText.made('('), rawText(cell, report), ConditionText.made(')')];
}

function commas(texts: readonly ConditionText[]): ConditionText[] {
  return texts.flatMap((text, index) => (index === 0 ? [text] : [ConditionText.made(', '), text]));
}

function valueText(node: Node, report: Report): ConditionText {
  if (node.type !== 'scalar') return ConditionText.made('');
  const text = quoteItem(node.text);
  return text === node.text ? ConditionText.of(node, report) : ConditionText.madeOf(text, node, report);
}

function rawText(node: Node, report: Report): ConditionText {
  return node.type === 'scalar' ? ConditionText.of(node, report) : ConditionText.made('');
}

function textsOf(node: Node): string[] {
  if (node.type !== 'sequence') return [];
  return node.items.map((item) => (item.type === 'scalar' ? item.text : ''));
}
