import type { Lint } from './lint';
import { fieldOf, isEquality, valuesOf } from './reading';

/** Names and paths, in which nobody has a star. */
const NAMES =
  /^(?:proc\.[pa]?(?:name|exe|exepath)|fd\.(?:name|directory|filename)|k8s(?:meta)?\..*|container\.(?:name|image.*)|fd\.[sc]ip\.name)$/;

/** Only glob knows wildcards. */
export const literalWildcard: Lint = {
  code: 'literal-wildcard',
  comparison(check) {
    if (check.kind === 'exists' || !NAMES.test(fieldOf(check)?.name ?? '')) return undefined;
    if (!isEquality(check) && !/^(?:!=|startswith|endswith|contains)/.test(check.operator)) return undefined;
    const value = valuesOf(check).find(({ text }) => text.includes('*'));
    if (value === undefined) return undefined;
    return {
      span: value,
      message: `to '${check.operator}' the star is a letter like any other`,
      hint: `write: glob "${value.text}"`,
    };
  },
};
