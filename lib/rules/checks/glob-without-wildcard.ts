import type { Lint } from './lint';
import { valuesOf, written } from './reading';

/** A glob must match the whole text: without a wildcard it is `=`. */
export const globWithoutWildcard: Lint = {
  code: 'glob-without-wildcard',
  comparison(check) {
    if (check.kind === 'exists' || check.operator !== 'glob') return undefined;
    const [value] = valuesOf(check);
    if (value === undefined || /[*?[\\]/.test(value.text)) return undefined;
    return {
      span: check,
      message: 'a glob without a wildcard matches this one text only',
      hint: `write: ${written({ ...check, operator: '=' })}, or glob "*${value.text}*"`,
    };
  },
};
