import { isAlertField } from '../../rules/alerts/fields';
import { compileMatch, parseMatch, printProblem } from '../../rules/alerts/match';
import type { CompiledRule, Ruleset } from '../../rules/compile/compiled';
import { fieldKey } from '../../rules/evaluate/read/field';
import type { Comparison, Condition, Span } from '../../rules/language/ast';
import { ConditionError } from '../../rules/language/condition-error';
import { printedPriority } from '../../rules/priority';
import { nearest } from '../../schema/nearest';
import type { ResponseSettings } from '../../settings/responder';
import { forRule, type RuleFacts } from './for-rule';
import { tells, toldFields } from './told-fields';

/** The rules whose alerts responses answer. */
export interface RulesOfResponses {
  /** What is loaded, as far as it is known. */
  readonly ruleset: Ruleset;
  /** Names of further rules that Falco loads. */
  readonly stockRules: ReadonlySet<string>;
  /** Falco's `append_output`, as it is configured. */
  readonly appendOutput: unknown;
  /** Whether Falco may load rules that nobody here knows: then a name that isn't known is no mistake. */
  readonly others: boolean;
}

/** What is wrong with a response, where it stands in the settings. */
export interface ResponseFinding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Alerts of Falco itself, of no rules file. */
const INTERNAL = 'Falco internal: ';

/**
 * What is wrong with responses for these rules: a rule that there isn't, and a rule whose alerts don't tell which Pod they
 * are of, or not what the condition asks for. A condition that can't be read is passed over: `checkMatch` has told of it.
 */
export function checkResponses(
  responses: readonly Pick<ResponseSettings, 'match' | 'action'>[],
  rules: RulesOfResponses,
): readonly ResponseFinding[] {
  const known = new Map(rules.ruleset.rules.map((rule) => [rule.name, rule]));
  const names = [...new Set([...known.keys(), ...rules.stockRules])];
  return responses.flatMap(({ match, action }, index) => {
    const condition = parsed(match);
    if (condition === undefined) return [];
    const asked = ruleComparisons(condition, false);
    const unknown = rules.others ? [] : asked.flatMap((each) => unknownRules(each, names));
    const named = new Set(asked.filter(({ negated }) => !negated).flatMap(namesIn));
    const unfit = [...named].flatMap((name) => {
      const rule = known.get(name);
      return rule === undefined ? [] : unfitRule(rule, condition, action, rules);
    });
    return [...unknown, ...unfit].map(({ span, message, hint }) => ({
      path: ['responses', index, 'match'],
      message: printProblem(match, span.start, message, hint),
    }));
  });
}

interface Problem {
  readonly span: Span;
  readonly message: string;
  readonly hint?: string;
}

function parsed(match: string): Condition | undefined {
  try {
    return parseMatch(match);
  } catch (error) {
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}

/** A comparison of the rule's name, and whether it stands behind `not`. */
interface RuleComparison {
  readonly comparison: Comparison;
  readonly negated: boolean;
}

function ruleComparisons(condition: Condition, negated: boolean): RuleComparison[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.operands.flatMap((operand) => ruleComparisons(operand, negated));
    case 'not':
      return ruleComparisons(condition.operand, !negated);
    case 'comparison': {
      const { left } = condition;
      const ofRule = left.kind === 'field' && left.name === 'rule';
      return ofRule ? [{ comparison: condition, negated }] : [];
    }
    default:
      return [];
  }
}

const EQUAL: readonly string[] = ['=', '==', 'in', 'intersects'];

function namesIn({ comparison: { operator, right } }: RuleComparison): string[] {
  return EQUAL.includes(operator) ? valuesOf(right).map(({ text }) => text) : [];
}

function valuesOf(right: Comparison['right']) {
  if (right.kind === 'transformer') return [];
  return right.kind === 'value' ? [right] : right.items;
}

function unknownRules({ comparison }: RuleComparison, names: readonly string[]): Problem[] {
  const { operator, right } = comparison;
  if (right.kind === 'transformer') return [];
  if (EQUAL.includes(operator) || operator === '!=')
    return valuesOf(right).flatMap((value) => {
      if (names.includes(value.text) || value.text.startsWith(INTERNAL)) return [];
      const meant = nearest(value.text, names);
      const hint = meant === undefined ? 'name a rule as its file does' : `did you mean '${meant}'?`;
      return [{ span: value, message: `no rule '${value.text}' is loaded`, hint }];
    });
  const fits = compileMatch(comparison);
  if (names.some((rule) => fits({ rule }))) return [];
  return [{ span: comparison, message: 'no rule that is loaded has such a name' }];
}

function unfitRule(
  rule: CompiledRule,
  condition: Condition,
  action: ResponseSettings['action'],
  { ruleset: { catalogue }, appendOutput }: RulesOfResponses,
): Problem[] {
  const told = toldFields(rule, appendOutput, catalogue);
  if (told === undefined) return [];
  const left = forRule(condition, factsOf(rule));
  if (left.known && !left.holds) return [];
  const missing = action === 'notify' ? undefined : missingIdentity(told);
  const unseen = left.known
    ? []
    : left.fields.filter((field) => !isAlertField(field.name) && !tells(told, fieldKey(field)));
  return [
    ...(missing === undefined
      ? []
      : [
          {
            span: condition,
            message: `the alerts of rule '${rule.name}' don't tell ${missing}, so no Pod can be ${DONE[action] ?? 'acted on'} by them`,
            hint: "add it to the rule's output, or keep suggested_output in falco.config.append_output",
          },
        ]),
    ...unseen.map((field) => ({
      span: field,
      message: `the alerts of rule '${rule.name}' have no ${fieldKey(field)}, so nothing is ever equal to it`,
      hint: `add %${fieldKey(field)} to the rule's output`,
    })),
  ];
}

const DONE: Readonly<Record<string, string>> = {
  quarantine: 'cut off',
  label: 'labelled',
  evict: 'evicted',
  delete: 'deleted',
};

/** What alerts need so that the Pod is found, and is the very one: a name is used again. */
const IDENTITY: readonly (readonly string[])[] = [
  ['k8s.ns.name', 'k8smeta.ns.name'],
  ['k8s.pod.name', 'k8smeta.pod.name'],
  ['k8s.pod.uid', 'k8smeta.pod.uid', 'container.id'],
];

function missingIdentity(told: ReadonlySet<string>): string | undefined {
  const missing = IDENTITY.filter((fields) => !fields.some((field) => told.has(field)));
  if (missing.length === 0) return undefined;
  return missing
    .map((fields) => fields.filter((field) => !field.startsWith('k8smeta.')))
    .map((fields) => fields.map((field) => `%${field}`).join(' or '))
    .join(' and ');
}

function factsOf({ name, priority, tags, source }: CompiledRule): RuleFacts {
  return {
    ...{ rule: name, tags, source },
    ...(priority !== undefined && { priority: printedPriority(priority) }),
  };
}
