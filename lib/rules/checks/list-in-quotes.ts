import type { Lint } from './lint';
import { valuesOf } from './reading';

/** In quotes the name of a list is a text like any other. */
export const listInQuotes: Lint = {
  code: 'list-in-quotes',
  comparison(check, { ruleset }) {
    const value = valuesOf(check).find(({ text, quoted }) => quoted && ruleset.lists.has(text));
    if (value === undefined) return undefined;
    return {
      span: value,
      message: `in quotes, '${value.text}' is a text, not the list of that name`,
      hint: `write: in (${value.text})`,
    };
  },
};
