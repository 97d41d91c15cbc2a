import { conjunction, disjunction, truthy } from './condition';
import type { Marks } from './marks';
import type { Condition, ValueNode } from './node';
import { TokenError } from './token-error';
import { describe, Splice, type Tokens } from './tokens';

/** What tells marks and tokens from values. */
interface Of {
  readonly marks: Marks;
  readonly tokens: Tokens;
}

/** Where a value says something, as `given` of `lib/settings/decide.ts` has it: a condition, or already known. */
export function whereGiven(value: unknown, of: Of): Condition | boolean {
  const node = of.tokens.nodeOf(value);
  if (node !== undefined) return whereNodeGiven(node, of);
  if (value instanceof Splice) return whereGiven(value.of, of);
  if (typeof value === 'string') {
    const only = of.marks.only(value);
    if (only?.is === 'code') return truthy(only.code, false);
    if (only?.is === 'choice')
      return chosen(only.condition, whereGiven(only.yes, of), whereGiven(only.no, of));
    return value !== '';
  }
  if (Array.isArray(value))
    return anyOf(
      value.map((item: unknown) => (item instanceof Splice ? whereGiven(item, of) : whereThere(item, of))),
    );
  if (typeof value === 'object' && value !== null)
    return anyOf(
      Object.entries(value).map(([key, item]) =>
        of.tokens.isSplice(key, item) ? whereGiven(item, of) : whereThere(item, of),
      ),
    );
  return Boolean(value);
}

/** Where an item of a list or a value of a map is there at all. */
function whereThere(value: unknown, of: Of): Condition | boolean {
  const node = of.tokens.nodeOf(value);
  if (node?.is !== 'choice') return value !== undefined;
  return chosen(node.condition, whereThere(node.yes, of), whereThere(node.no, of));
}

function whereNodeGiven(node: ValueNode, of: Of): Condition | boolean {
  switch (node.is) {
    case 'number':
    case 'list':
    case 'map':
      return truthy(node.code, false);
    case 'boolean':
      return node.condition;
    case 'each':
      return truthy(node.loop.code, false);
    case 'choice':
      return chosen(node.condition, whereGiven(node.yes, of), whereGiven(node.no, of));
    case 'overlay':
      throw new TokenError(describe(node), 'was asked whether it says anything');
  }
}

function chosen(
  condition: Condition,
  yes: Condition | boolean,
  no: Condition | boolean,
): Condition | boolean {
  if (yes === true && no === true) return true;
  return anyOf([...both(condition, yes), ...both(condition.negation, no)]);
}

function both(side: Condition, given: Condition | boolean): Condition[] {
  if (typeof given === 'object') return [conjunction([side, given])];
  return given ? [side] : [];
}

function anyOf(conditions: readonly (Condition | boolean)[]): Condition | boolean {
  if (conditions.includes(true)) return true;
  const open = conditions.filter((condition) => typeof condition === 'object');
  return open.length > 0 && disjunction(open);
}
