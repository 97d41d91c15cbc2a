import type { Lint } from './lint';
import { valuesOf } from './reading';

/** Falco looks for lists in the items of a list, and no deeper: what is left of a name is a text. */
export const listTooDeep: Lint = {
  code: 'list-too-deep',
  comparison(check, { ruleset }) {
    const value = valuesOf(check).find(
      ({ text, quoted }) => !quoted && ruleset.lists.has(text) && !ruleset.ownItems.has(text),
    );
    if (value === undefined) return undefined;
    return {
      span: value,
      message: `'${value.text}' is a text here, not the list of that name: it is in a list of a list`,
      hint: `put the items of '${value.text}' themselves into the list that holds its name`,
    };
  },
};
