import type { ConditionText } from '../compile/condition-text';
import type { Ruleset } from '../compile/compiled';
import { Reporter } from '../compile/reporter';
import type { Condition } from '../language/ast';
import type { Report } from '../read/node';
import type { Problem } from './lint';
import { LINTS } from './lints';
import type { Silencers } from './silencers';
import { partsOf } from './surroundings';

const OF_COMPARISONS = LINTS.filter(({ comparison }) => comparison !== undefined);
const OF_GROUPS = LINTS.filter(({ group }) => group !== undefined);
const OF_RULES = LINTS.filter(({ rule }) => rule !== undefined);
const OF_OUTPUTS = LINTS.filter(({ output }) => output !== undefined);

/**
 * Reports what lints find in what Falco would load, each thing once.
 *
 * @param files the files that are checked, each with what is silenced in it; what is found in others isn't reported
 * @param stockLists lists of the stock rules that aren't loaded
 */
export function runLints(
  ruleset: Ruleset,
  files: ReadonlyMap<Report, Silencers>,
  stockLists: ReadonlySet<string>,
): void {
  const reporter = new Reporter();
  const report = (code: string, { span, message, hint }: Problem, text: ConditionText): void => {
    const place = text.placeOf(span);
    const silencers = place && files.get(place.report);
    if (place === undefined || silencers === undefined || silencers.silence(code, place.range)) return;
    reporter.warning(code, place.report, place.range, message, hint);
  };
  const lintText = (condition: Condition, text: ConditionText): void => {
    for (const { node, negated, beside, chain } of partsOf(condition)) {
      const context = { negated, beside, chain, ruleset, stockLists };
      if (node.kind === 'and' || node.kind === 'or') {
        for (const { code, group } of OF_GROUPS) {
          const problem = group?.(node, context);
          if (problem !== undefined) report(code, problem, text);
        }
      } else if (node.kind === 'comparison' || node.kind === 'exists') {
        for (const { code, comparison } of OF_COMPARISONS) {
          const problem = comparison?.(node, context);
          if (problem !== undefined) report(code, problem, text);
        }
      }
    }
  };
  for (const { condition, text } of ruleset.macros.values()) {
    if (isOf(files, text)) lintText(condition, text);
  }
  for (const rule of ruleset.rules) {
    const { text, condition, known } = rule;
    if (isOf(files, text)) {
      lintText(condition, text);
      for (const { code, rule: lint } of OF_RULES) {
        for (const problem of lint?.(rule, ruleset) ?? []) report(code, problem, text);
      }
    }
    if (known.output === undefined || !isOf(files, known.output)) continue;
    for (const { code, output: lint } of OF_OUTPUTS) {
      for (const problem of lint?.(rule, ruleset) ?? []) report(code, problem, known.output);
    }
  }
}

/** Whether any of a text was written in one of these files. */
function isOf(files: ReadonlyMap<Report, Silencers>, text: ConditionText): boolean {
  return text.reports().some((report) => files.has(report));
}
