import type { Comparison, Condition, FieldReference, Span, Value } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { TRANSFORMERS } from '../language/operators';
import { fieldsOf, fieldsOfOperand } from '../language/walk';
import type { Field, FieldCatalogue } from './field';
import { droppedFields, fieldsOfOutput, type OutputFormat } from './output-format';
import { mayBeField, resolveField } from './resolve-field';

/** What Falco takes, but warns of. */
export interface ConditionWarning {
  readonly code: 'LOAD_DEPRECATED_ITEM' | 'LOAD_COMPILE_CONDITION' | 'LOAD_UNSAFE_NA_CHECK';
  readonly message: string;
  readonly span: Span;
  /** The macro in whose text the span is. */
  readonly macro: string | undefined;
  readonly hint: string | undefined;
}

/** Fields that Falco 0.44 itself warns of where a condition or an output has them. */
const WARNED = /^evt\.(dir|latency(\.(s|ns|quantized|human))?)$/;

/** Whether Falco itself warns of a field's use. */
export function warnsOfField(name: string): boolean {
  return WARNED.test(name);
}

/**
 * What Falco warns of in a condition that it takes: deprecated fields once each, values that look like fields or
 * transformers, regular expressions that a simpler operator could do. Macros must be resolved.
 */
export function warningsOf(condition: Condition, catalogue: FieldCatalogue): ConditionWarning[] {
  const warnings: ConditionWarning[] = [];
  const deprecated = new Set<string>();
  const seen = new Set<Condition>();
  const open: { readonly part: Condition; readonly macro: string | undefined }[] = [
    { part: condition, macro: undefined },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { part, macro } = next;
    switch (part.kind) {
      case 'and':
      case 'or':
        for (const operand of part.operands.toReversed()) open.push({ part: operand, macro });
        break;
      case 'not':
        open.push({ part: part.operand, macro });
        break;
      case 'macro':
        if (part.definition === undefined || seen.has(part.definition.condition)) break;
        seen.add(part.definition.condition);
        open.push({ part: part.definition.condition, macro: part.name });
        break;
      default:
        for (const field of fieldsOf(part)) {
          const why = deprecationOf(field, catalogue);
          if (why === undefined || deprecated.has(field.name)) continue;
          deprecated.add(field.name);
          warnings.push({ code: 'LOAD_DEPRECATED_ITEM', message: why, span: field, macro, hint: undefined });
        }
        if (part.kind === 'comparison') warnings.push(...ofValues(part, macro, catalogue));
    }
  }
  return warnings;
}

/** What Falco warns of in an output that it takes. */
export function outputWarningsOf(
  text: string,
  format: OutputFormat,
  catalogue: FieldCatalogue,
): ConditionWarning[] {
  const warnings: ConditionWarning[] = droppedFields(text)
    .slice(0, 1)
    .map((span) => ({
      code: 'LOAD_DEPRECATED_ITEM',
      message:
        '%container.info is deprecated and printed as nothing: Falco adds fields of containers by itself',
      span,
      macro: undefined,
      hint: 'remove it',
    }));
  const deprecated = new Set<string>();
  for (const field of fieldsOfOutput(format)) {
    const message = deprecationOf(field, catalogue);
    if (message === undefined || deprecated.has(field.name)) continue;
    deprecated.add(field.name);
    warnings.push({ code: 'LOAD_DEPRECATED_ITEM', message, span: field, macro: undefined, hint: undefined });
  }
  return warnings;
}

function deprecationOf({ name }: FieldReference, catalogue: FieldCatalogue): string | undefined {
  if (!warnsOfField(name)) return undefined;
  const why = catalogue.field(name)?.deprecated;
  return why === undefined ? undefined : `${name} is deprecated: ${why}`;
}

function* ofValues(
  { left, operator, right }: Comparison,
  macro: string | undefined,
  catalogue: FieldCatalogue,
): Generator<ConditionWarning> {
  if (right.kind === 'transformer') return;
  const regex = operator.startsWith('regex');
  for (const value of right.kind === 'value' ? [right] : right.items) {
    const warning = { code: 'LOAD_COMPILE_CONDITION', span: value, macro } as const;
    const bare = value.text.replace(/[ \t\n\v\f\r]/g, '');
    if (regex && couldBeSimpler(value.text)) {
      const hint = 'use =, contains, startswith or endswith';
      yield { ...warning, message: `'${value.text}' needs no regular expression`, hint };
    }
    if (fieldNamed(bare, value, catalogue) !== undefined) {
      yield {
        ...warning,
        message: `'${value.text}' is a text here, not the field`,
        hint: `write val(${bare})`,
      };
    }
    if (bare.endsWith(')') && [...TRANSFORMERS, 'val'].some((name) => bare.startsWith(`${name}(`))) {
      yield {
        ...warning,
        message: `'${value.text}' is a text here, not a transformer`,
        hint: 'remove the quotes',
      };
    }
    if (value.text === '<NA>' && fieldsOfOperand(left).some(({ name }) => /^(ka|jevt)\./.test(name))) {
      const message = "'<NA>' is compared as a text";
      yield { ...warning, code: 'LOAD_UNSAFE_NA_CHECK', message, hint: 'use exists' };
    }
  }
}

/** The field whose whole name, argument included, a value is. */
function fieldNamed(text: string, value: Value, catalogue: FieldCatalogue): Field | undefined {
  const [, name, argument] = /^([a-zA-Z0-9_.]+)(?:\[([^\]]*)\])?$/.exec(text) ?? [];
  if (name === undefined || !name.includes('.') || !mayBeField(name, catalogue)) return undefined;
  try {
    return resolveField({ kind: 'field', name, argument, start: value.start, end: value.end }, catalogue);
  } catch (error) {
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}

/** Whether a regular expression says no more than =, contains, startswith or endswith could (libs, `filter.cpp`). */
function couldBeSimpler(pattern: string): boolean {
  const special = '.+*?^$()[]{}|\\';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern.charAt(i);
    if ((i === 0 && c === '^') || (i === pattern.length - 1 && c === '$')) continue;
    const atEdge = (i === 0 && pattern.length > 1) || i === pattern.length - 2;
    if (atEdge && c === '.' && '+*?'.includes(pattern.charAt(i + 1))) {
      i++;
      continue;
    }
    if (special.includes(c)) return false;
  }
  return true;
}
