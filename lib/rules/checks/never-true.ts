import type { CompiledRule } from '../compile/compiled';
import { factsOf } from './facts';
import type { Lint, Problem } from './lint';
import { byOperand, contradicted } from './possible-values';

/** A rule that asks one field for two values at once. */
export const neverTrue: Lint = {
  code: 'never-true',
  rule(rule: CompiledRule, { catalogue }) {
    const problems: Problem[] = [];
    for (const [key, facts] of byOperand(factsOf(rule.condition))) {
      // Of a rule that no event meets Falco warns.
      if (key === 'evt.type' || key === 'syscall.type') continue;
      for (const wanted of facts) {
        const other = contradicted(wanted, facts, catalogue);
        if (other === undefined) continue;
        const at = other.at.start > wanted.at.start ? other.at : wanted.at;
        problems.push({
          span: at,
          message: `the rule is never true: no ${key} is all that it asks for`,
          hint: "'or' instead of 'and', or not one of the two",
        });
        break;
      }
    }
    return problems;
  },
};
