import type { Condition } from '../language/ast';
import type { Lint } from './lint';
import { isEquality, keyOf, valuesOf, written } from './reading';
import { isSingle } from './single-value';

/** `a != x or a != y` excludes nothing. */
export const alwaysTrue: Lint = {
  code: 'always-true',
  group(group, { negated, ruleset }) {
    if (group.kind !== 'or' || negated) return undefined;
    const first = new Map<string, string>();
    for (const operand of group.operands) {
      const excluded = exclusionOf(operand);
      if (excluded === undefined || !isSingle(excluded.left, ruleset.catalogue)) continue;
      const key = keyOf(excluded.left);
      const [value] = valuesOf(excluded);
      const before = first.get(key);
      if (value === undefined) continue;
      if (before === undefined) first.set(key, value.text);
      else if (before !== value.text) {
        return {
          span: operand,
          message: `true whatever ${key} is: it can't be '${before}' and '${value.text}' at once`,
          hint: `write: and not ${written({ ...excluded, operator: '=' })}`,
        };
      }
    }
    return undefined;
  },
};

/** A comparison that excludes one value. */
function exclusionOf(operand: Condition): Extract<Condition, { kind: 'comparison' }> | undefined {
  if (operand.kind === 'comparison') return operand.operator === '!=' ? operand : undefined;
  if (operand.kind !== 'not' || operand.operand.kind !== 'comparison') return undefined;
  return isEquality(operand.operand) && valuesOf(operand.operand).length === 1 ? operand.operand : undefined;
}
