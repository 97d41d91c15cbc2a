import type {
  Comparison,
  Exists,
  FieldReference,
  Operand,
  TransformerArgument,
  Value,
} from '../language/ast';
import { printCondition } from '../language/print';

/** The field on the left, if it stands there as it is. */
export function fieldOf({ left }: Comparison | Exists): FieldReference | undefined {
  return left.kind === 'field' ? left : undefined;
}

/** The values on the right; none if a field is compared with. */
export function valuesOf(check: Comparison | Exists): readonly Value[] {
  if (check.kind === 'exists' || check.right.kind === 'transformer') return [];
  return check.right.kind === 'value' ? [check.right] : check.right.items;
}

/** Whether it asks for one of its values: `=` or `in`. */
export function isEquality(check: Comparison | Exists): boolean {
  return check.kind === 'comparison' && ['=', '==', 'in'].includes(check.operator);
}

/** The operand as text: two of the same text have the same value. */
export function keyOf(operand: Operand): string {
  if (operand.kind === 'field') {
    const { name, argument } = operand;
    return argument === undefined ? name : `${name}[${argument}]`;
  }
  return `${operand.name}(${operand.arguments.map(argumentKey).join()})`;
}

function argumentKey(argument: TransformerArgument): string {
  switch (argument.kind) {
    case 'value':
      return JSON.stringify(argument.text);
    case 'arguments':
      return `(${argument.items.map(argumentKey).join()})`;
    default:
      return keyOf(argument);
  }
}

const LONGEST_HINT = 120;

/** A comparison as it is to be written; with a mark of omission if it is long. */
export function written(check: Comparison | Exists): string {
  return short(printCondition(check));
}

/** A text, with a mark of omission if it is long. */
export function short(text: string): string {
  return text.length <= LONGEST_HINT ? text : `${text.slice(0, LONGEST_HINT - 1)}…`;
}
