import type { Lint } from './lint';
import { fieldOf, short, valuesOf } from './reading';

/** Texts of many words, of which hardly anybody asks for the whole. */
const LONG_TEXT = /^proc\.(?:p|a)?cmdline$|^proc\.(?:exeline|a?args|a?env)$|^evt\.args$|^fd\.name$/;

/** A regular expression must match the whole text, too. */
export const regexOfWholeText: Lint = {
  code: 'regex-of-whole-text',
  comparison(check) {
    if (check.kind === 'exists' || check.operator !== 'regex') return undefined;
    const name = fieldOf(check)?.name;
    const [value] = valuesOf(check);
    if (name === undefined || !LONG_TEXT.test(name) || value === undefined) return undefined;
    // What can't grow matches texts of a few lengths only. What needs no regular expression, Falco warns of.
    if (/[*+{^$]/.test(value.text) || !/[[(|.?\\]/.test(value.text)) return undefined;
    return {
      span: value,
      message: `a regular expression must match the whole text of ${name}`,
      hint: `write: ${name} regex ".*${short(value.text.includes('|') ? `(${value.text})` : value.text)}.*"`,
    };
  },
};
