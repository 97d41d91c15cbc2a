import type { Lint } from './lint';
import { fieldOf, keyOf } from './reading';

/** A variable that isn't set has the empty text for a value. */
export const variableExists: Lint = {
  code: 'variable-exists',
  comparison(check) {
    const field = fieldOf(check);
    if (check.kind !== 'exists' || field?.argument === undefined || !/^proc\.a?env$/.test(field.name))
      return undefined;
    return {
      span: check,
      message: `true of every process: ${field.name} of a variable that isn't set is the empty text`,
      hint: `write: ${keyOf(field)} != ""`,
    };
  },
};
