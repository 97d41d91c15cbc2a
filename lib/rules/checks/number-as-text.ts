import { ConditionError } from '../language/condition-error';
import { typeOf } from '../fields/operand-type';
import type { FieldCatalogue } from '../fields/field';
import type { Operand } from '../language/ast';
import type { Lint } from './lint';
import { fieldOf, valuesOf } from './reading';

/** Texts are compared letter by letter: "9" is more than "10". */
export const numberAsText: Lint = {
  code: 'number-as-text',
  comparison(check, { ruleset }) {
    if (check.kind === 'exists') return undefined;
    const field = fieldOf(check);
    const value = valuesOf(check).find(({ text }) => /^[+-]?\d+$/.test(text));
    if (value === undefined) return undefined;
    if (field?.name === 'evt.res' && /^(?:[=!<>]|in$)/.test(check.operator)) {
      return {
        span: check,
        message: 'evt.res is a name, such as SUCCESS or ECONNREFUSED, never a number',
        hint: 'use evt.rawres for the number',
      };
    }
    if (!['<', '<=', '>', '>='].includes(check.operator) || !isText(check.left, ruleset.catalogue))
      return undefined;
    const raw =
      field?.name.startsWith('evt.arg.') === true ? field.name.replace('evt.arg.', 'evt.rawarg.') : undefined;
    return {
      span: check,
      message: 'compares letters, not numbers: "9" is more than "10"',
      hint: raw === undefined ? 'use a field that is a number' : `use ${raw}, if that is a number`,
    };
  },
};

function isText(operand: Operand, catalogue: FieldCatalogue): boolean {
  try {
    const { type, isList } = typeOf(operand, catalogue);
    return type === 'CHARBUF' && !isList;
  } catch (error) {
    if (error instanceof ConditionError) return false;
    throw error;
  }
}
