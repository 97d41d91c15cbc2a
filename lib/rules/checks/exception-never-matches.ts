import type { CompiledRule } from '../compile/compiled';
import type { Condition } from '../language/ast';
import { factsOf, type Fact } from './facts';
import type { Lint, Problem } from './lint';
import { byOperand, contradicted } from './possible-values';
import { keyOf } from './reading';

/** An exception for what the rule itself leaves out, or that asks one field for two values. */
export const exceptionNeverMatches: Lint = {
  code: 'exception-never-matches',
  rule(rule, { catalogue }) {
    const parts = partsOf(rule);
    if (parts === undefined) return [];
    const own = byOperand(factsOf(parts.own));
    const problems: Problem[] = [];
    for (const row of parts.rows) {
      const asked = factsOf(row);
      const within = byOperand(asked);
      for (const fact of asked) {
        const key = keyOf(fact.checks[0].left);
        const isOut = (others: readonly Fact[] = []): boolean =>
          contradicted(fact, others, catalogue) !== undefined ||
          others.some((other) => contradicted(other, [fact], catalogue) !== undefined);
        const byRule = isOut(own.get(key));
        if (!byRule && !isOut(within.get(key))) continue;
        problems.push({
          span: fact.at,
          message: byRule
            ? `the exception never matches: with this ${key} the rule isn't true anyway`
            : `the exception never matches: it asks ${key} for two values at once`,
          hint: byRule ? 'remove it, or correct the value' : 'make two exceptions of it',
        });
        break;
      }
    }
    return problems;
  },
};

/** A rule's own condition, and what each line of its exceptions' values became. */
function partsOf({
  condition,
  known,
}: CompiledRule): { own: Condition; rows: readonly Condition[] } | undefined {
  const count = (known.exceptions?.all ?? []).filter(({ values }) => values.length > 0).length;
  if (count === 0 || condition.kind !== 'and' || condition.operands.length !== count + 1) return undefined;
  const [own, ...exceptions] = condition.operands;
  if (own === undefined) return undefined;
  const rows = exceptions.flatMap((exception) => {
    if (exception.kind !== 'not') return [];
    return exception.operand.kind === 'or' ? exception.operand.operands : [exception.operand];
  });
  return { own, rows };
}
