import type { FieldCatalogue } from '../fields/field';
import { typeOf } from '../fields/operand-type';
import type { Comparison, Exists, Operand } from '../language/ast';
import { ConditionError } from '../language/condition-error';
import { isEquality, valuesOf } from './reading';

/** Whether an operand is one text, so that it has no two values at once, and each value one spelling. */
export function isSingle(operand: Operand, catalogue: FieldCatalogue): boolean {
  try {
    const { type, isList, comparesWithFields } = typeOf(operand, catalogue);
    const hasOne = comparesWithFields || (operand.kind === 'field' && operand.argument !== undefined);
    return type === 'CHARBUF' && !isList && hasOne;
  } catch (error) {
    if (error instanceof ConditionError) return false;
    throw error;
  }
}

/** Whether a text is one for which a comparison is true; `undefined` where that isn't looked into. */
export function holdsFor(check: Comparison | Exists, text: string): boolean | undefined {
  if (check.kind === 'exists') return true;
  if (check.right.kind === 'transformer') return undefined;
  const values = valuesOf(check).map((value) => value.text);
  if (isEquality(check)) return values.includes(text);
  const [value = ''] = values;
  switch (check.operator) {
    case '!=':
      return text !== value;
    case 'startswith':
      return text.startsWith(value);
    case 'endswith':
      return text.endsWith(value);
    case 'contains':
      return text.includes(value);
    default:
      return undefined;
  }
}
