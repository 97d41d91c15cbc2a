import { nearest } from '../../schema/nearest';
import type { Lint } from './lint';
import { valuesOf } from './reading';

/** A list that isn't there is a text to Falco; a macro that isn't there is an error. */
export const listNotLoaded: Lint = {
  code: 'list-not-loaded',
  comparison(check, { ruleset, stockLists }) {
    if (check.kind === 'exists' || !/^(?:in|intersects|pmatch)$|of$/.test(check.operator)) return undefined;
    for (const value of valuesOf(check)) {
      // Names of lists have several words; a text of one word may be any program's name.
      if (value.quoted || !/^[a-z]\w*_\w+$/i.test(value.text)) continue;
      if (stockLists.has(value.text)) {
        return {
          span: value,
          message: `'${value.text}' is a text here: the list is one of the stock rules, which aren't loaded`,
          hint: 'load the stock rules before, or define the list',
        };
      }
      const meant = nearest(value.text, ruleset.lists);
      if (meant !== undefined && isSlip(value.text, meant)) {
        return {
          span: value,
          message: `'${value.text}' is a text here: there is no list of that name`,
          hint: `did you mean '${meant}'?`,
        };
      }
    }
    return undefined;
  },
};

/** What is as long and starts alike is hardly another word. */
function isSlip(text: string, meant: string): boolean {
  return meant.includes('_') && Math.abs(text.length - meant.length) <= 2 && text[0] === meant[0];
}
