import type { FieldCatalogue } from '../fields/field';
import type { Fact } from './facts';
import { isEquality, keyOf, valuesOf } from './reading';
import { holdsFor, isSingle } from './single-value';

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
  if (wanted.negated || !wanted.checks.every(isEquality) || !isSingle(wanted.checks[0].left, catalogue))
    return undefined;
  let values = wanted.checks.flatMap(valuesOf).map(({ text }) => text);
  // A field on the right may be anything.
  if (values.length === 0 || values.length > MOST) return undefined;
  for (const fact of facts) {
    if (fact === wanted) continue;
    values = values.filter((text) => mayHold(fact, text));
    if (values.length === 0) return fact;
  }
  return undefined;
}

function mayHold({ checks, negated }: Fact, text: string): boolean {
  return negated
    ? holdsFor(checks[0], text) !== true
    : checks.some((check) => holdsFor(check, text) !== false);
}
