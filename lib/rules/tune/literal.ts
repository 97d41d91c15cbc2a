import { ConditionText } from '../compile/condition-text';
import { expandLists } from '../compile/list-expansion';
import { compileCondition } from '../evaluate/compile';
import { checkCondition } from '../fields/check-condition';
import type { FieldCatalogue } from '../fields/field';
import { ConditionError } from '../language/condition-error';
import { parseCondition } from '../language/parse';
import { quoteAlways, quoteValue } from '../language/quoting';
import type { Pin } from './roles';

/** A value as it must stand in an exception, or why none can be written that Falco takes for it. */
export type Literal = { readonly text: string } | { readonly problem: string };

/** Longer ones are no sign of anything, and falcosidekick cuts long values. */
const LONGEST = 256;

/** Writes values of alerts for exceptions. */
export class Literals {
  private readonly known = new Map<string, Literal>();
  private readonly lists: readonly { name: string; items: readonly string[]; complete: true }[];

  /** @param lists the names of all lists: Falco puts items in the place of such a name wherever it stands between blanks */
  constructor(
    lists: Iterable<string>,
    private readonly catalogue: FieldCatalogue,
  ) {
    this.lists = [...lists].map((name) => ({ name, items: [], complete: true }));
  }

  of({ field, value }: Pick<Pin, 'field' | 'value'>): Literal {
    const key = `${field}\0${typeof value}\0${value}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const literal = this.make(field, value);
    // Only a memory of the last ones: values come from strangers, without end.
    if (this.known.size >= 20_000) this.known.clear();
    this.known.set(key, literal);
    return literal;
  }

  private make(field: string, value: Pin['value']): Literal {
    const text = String(value);
    if (text.length > LONGEST) return { problem: `a value of ${field} is longer than ${LONGEST} characters` };
    if (/\uFFFD|\p{Surrogate}|\0/u.test(text))
      return { problem: `a value of ${field} holds bytes that are no text` };
    for (const literal of [quoteValue(text), quoteAlways(text)]) {
      if (this.isReplaced(literal)) continue;
      // Falco's own reader of exceptions puts quotes around what has a blank in it and none at its start.
      if (literal.includes(' ') && !literal.startsWith('"')) continue;
      return this.means(field, literal, value)
        ? { text: literal }
        : { problem: `Falco has no way to compare ${field} with a value of it` };
    }
    return { problem: `a value of ${field} holds the name of a list, which Falco would replace` };
  }

  private isReplaced(literal: string): boolean {
    return expandLists(ConditionText.made(`(${literal})`), this.lists).used.size > 0;
  }

  private means(field: string, literal: string, value: Pin['value']): boolean {
    try {
      // Both ways in which exceptions compare.
      return [`${field} = ${literal}`, `${field} in (${literal})`].every((text) => {
        const condition = parseCondition(text);
        checkCondition(condition, this.catalogue);
        return compileCondition(condition, this.catalogue)({ [field]: value });
      });
    } catch (error) {
      if (error instanceof ConditionError) return false;
      throw error;
    }
  }
}
