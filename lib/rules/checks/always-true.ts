import type { FieldCatalogue } from '../fields/field';
import type { Condition, Conjunction, Disjunction } from '../language/ast';
import type { Lint, Problem } from './lint';
import { isEquality, keyOf, valuesOf, written } from './reading';
import { singleType, spelling } from './single-value';

/** `a != x or a != y` excludes nothing. */
export const alwaysTrue: Lint = {
  code: 'always-true',
  group(group, { negated, ruleset }) {
    return negated ? undefined : excludesNothing(group, ruleset.catalogue);
  },
};

/** What is wrong with a chain of `or` that excludes one value, or another. */
export function excludesNothing(
  group: Conjunction | Disjunction,
  catalogue: FieldCatalogue,
): Problem | undefined {
  if (group.kind !== 'or') return undefined;
  const first = new Map<string, { readonly text: string; readonly spelt: string }>();
  for (const operand of group.operands) {
    const excluded = exclusionOf(operand);
    const type = excluded && singleType(excluded.left, catalogue);
    if (excluded === undefined || type === undefined) continue;
    const key = keyOf(excluded.left);
    const [value] = valuesOf(excluded);
    const spelt = value && spelling(value.text, type);
    const before = first.get(key);
    if (value === undefined || spelt === undefined) continue;
    if (before === undefined) first.set(key, { text: value.text, spelt });
    else if (before.spelt !== spelt) {
      return {
        span: operand,
        message: `true whatever ${key} is: it can't be '${before.text}' and '${value.text}' at once`,
        hint: `write: and not ${written({ ...excluded, operator: '=' })}`,
      };
    }
  }
  return undefined;
}

/** A comparison that excludes one value. */
function exclusionOf(operand: Condition): Extract<Condition, { kind: 'comparison' }> | undefined {
  if (operand.kind === 'comparison') return operand.operator === '!=' ? operand : undefined;
  if (operand.kind !== 'not' || operand.operand.kind !== 'comparison') return undefined;
  return isEquality(operand.operand) && valuesOf(operand.operand).length === 1 ? operand.operand : undefined;
}
