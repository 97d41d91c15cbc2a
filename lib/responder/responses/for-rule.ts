import { compileMatch } from '../../rules/alerts/match';
import type { Event } from '../../rules/evaluate/event';
import type { Comparison, Condition, FieldReference } from '../../rules/language/ast';
import { fieldsOf } from '../../rules/language/walk';

/** What a condition comes to for the alerts of one rule, before there is one. */
export type ForRule =
  | { readonly known: true; readonly holds: boolean }
  /** It depends on these fields. */
  | { readonly known: false; readonly fields: readonly FieldReference[] };

/** What a rule says of all its alerts; what isn't known of it is absent. */
export type RuleFacts = Event;

/** What is left of a condition once the rule is known. */
export function forRule(condition: Condition, facts: RuleFacts): ForRule {
  switch (condition.kind) {
    case 'and':
      return together(condition.operands, facts, false);
    case 'or':
      return together(condition.operands, facts, true);
    case 'not': {
      const inner = forRule(condition.operand, facts);
      return inner.known ? { known: true, holds: !inner.holds } : inner;
    }
    case 'comparison':
      if (isOfRule(condition, facts)) return { known: true, holds: compileMatch(condition)(facts) };
      return { known: false, fields: fieldsOf(condition) };
    default:
      return { known: false, fields: fieldsOf(condition) };
  }
}

/** @param decides what one operand needs to be for all to be that */
function together(operands: readonly Condition[], facts: RuleFacts, decides: boolean): ForRule {
  const parts = operands.map((operand) => forRule(operand, facts));
  if (parts.some((part) => part.known && part.holds === decides)) return { known: true, holds: decides };
  const fields = parts.flatMap((part) => (part.known ? [] : part.fields));
  return parts.every(({ known }) => known) ? { known: true, holds: !decides } : { known: false, fields };
}

function isOfRule({ left, right }: Comparison, facts: RuleFacts): boolean {
  return left.kind === 'field' && right.kind !== 'transformer' && facts[left.name] !== undefined;
}
