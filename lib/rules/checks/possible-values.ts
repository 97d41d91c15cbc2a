import type { FieldCatalogue, FieldType } from '../fields/field';
import type { Fact } from './facts';
import { isEquality, keyOf, valuesOf } from './reading';
import { holdsFor, singleType, spelling } from './single-value';

/** Longer lists, and more facts about one field, aren't looked into. */
const MOST = 200;

/** Facts by the one operand that each is about; those about several are left out. */
export function byOperand(facts: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> {
  const found = new Map<string, Fact[]>();
  for (const fact of facts) {
    const [first, ...others] = fact.checks;
    const key = keyOf(first.left);
    if (others.some(({ left }) => keyOf(left) !== key)) continue;
    const known = found.get(key);
    if (known === undefined) found.set(key, [fact]);
    else if (known.length < MOST) known.push(fact);
  }
  return found;
}

/**
 * The fact that rules out all values that another asks for.
 *
 * @param wanted a fact about one operand
 * @param facts what else holds of it
 */
export function contradicted(
  wanted: Fact,
  facts: readonly Fact[],
  catalogue: FieldCatalogue,
): Fact | undefined {
  if (wanted.negated || !wanted.checks.every(isEquality)) return undefined;
  const type = singleType(wanted.checks[0].left, catalogue);
  if (type === undefined) return undefined;
  const texts = wanted.checks.flatMap(valuesOf);
  // A field on the right may be anything.
  if (texts.length === 0 || texts.length > MOST) return undefined;
  let values = texts.map(({ text }) => spelling(text, type)).filter((value) => value !== undefined);
  if (values.length < texts.length) return undefined;
  for (const fact of facts) {
    if (fact === wanted) continue;
    values = values.filter((text) => mayHold(fact, text, type));
    if (values.length === 0) return fact;
  }
  return undefined;
}

function mayHold({ checks, negated }: Fact, text: string, type: FieldType): boolean {
  return negated
    ? holdsFor(checks[0], text, type) !== true
    : checks.some((check) => holdsFor(check, text, type) !== false);
}
