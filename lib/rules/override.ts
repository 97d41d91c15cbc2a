import { RulesError } from './finding';
import { list, type ListItem } from './list';
import type { RuleBody } from './rule';

/** A new value for a part of something that is defined already, or more of it. */
export type Change<T> =
  { readonly how: 'replace'; readonly value: T } | { readonly how: 'append'; readonly value: T };

/** The parts of a rule that Falco can append to; all others it can only replace. */
export const APPENDABLE = ['condition', 'output', 'desc', 'tags', 'exceptions'] as const;
type Appendable = (typeof APPENDABLE)[number];

/** The parts of a rule that can be overridden: all but its source. */
export type Overridable = Exclude<keyof RuleBody, 'source'>;

/** What an override does to a rule, part by part. */
export type RuleChanges = {
  readonly [K in Overridable]?: K extends Appendable
    ? Change<NonNullable<RuleBody[K]>>
    : Extract<Change<NonNullable<RuleBody[K]>>, { how: 'replace' }>;
};

/** Changes to a rule that an earlier file, or an earlier place in this one, defines. */
export interface RuleOverride {
  readonly kind: 'rule-override';
  readonly name: string;
  readonly changes: RuleChanges;
}

/** A change to the condition of a macro that is defined already. */
export interface MacroOverride {
  readonly kind: 'macro-override';
  readonly name: string;
  readonly condition: Change<string>;
}

/** A change to the items of a list that is defined already. */
export interface ListOverride {
  readonly kind: 'list-override';
  readonly name: string;
  readonly items: Change<readonly ListItem[]>;
}

/** New values for parts of a rule; `{ append: … }` adds to the part instead. */
export type RuleOverrides = {
  readonly [K in Overridable]?: K extends Appendable
    ? NonNullable<RuleBody[K]> | { readonly append: NonNullable<RuleBody[K]> }
    : NonNullable<RuleBody[K]>;
};

/** Replaces parts of a rule, or adds to them: `overrideRule('Terminal shell in container', { priority: 'ERROR' })`. */
export function overrideRule(name: string, overrides: RuleOverrides): RuleOverride {
  const given = Object.entries(overrides).filter(([, value]) => (value as unknown) !== undefined);
  if (given.length === 0)
    throw new RulesError('empty-override', `override of rule '${name}' changes nothing`);
  const changes = given.map(([key, value]: [string, unknown]) => [key, change(value)]);
  return { kind: 'rule-override', name, changes: Object.fromEntries(changes) as RuleChanges };
}

function change(value: unknown): Change<unknown> {
  if (typeof value === 'object' && value !== null && 'append' in value) {
    return { how: 'append', value: value.append };
  }
  return { how: 'replace', value };
}

/** Adds to a rule's condition. The text goes on where the condition ends: start it with `and` or `or`. */
export function appendToCondition(name: string, text: string): RuleOverride {
  return overrideRule(name, { condition: { append: continued(text, `rule '${name}'`) } });
}

/** Adds to a macro's condition. The text goes on where the condition ends: start it with `and` or `or`. */
export function appendToMacro(name: string, text: string): MacroOverride {
  const value = continued(text, `macro '${name}'`);
  return { kind: 'macro-override', name, condition: { how: 'append', value } };
}

/** Adds items to a list. */
export function appendToList(name: string, items: readonly ListItem[]): ListOverride {
  return { kind: 'list-override', name, items: { how: 'append', value: list(name, items).items } };
}

/** Turns a rule off that an earlier file turns on. */
export function disableRule(name: string): RuleOverride {
  return overrideRule(name, { enabled: false });
}

/** Turns a rule on that an earlier file leaves off. */
export function enableRule(name: string): RuleOverride {
  return overrideRule(name, { enabled: true });
}

function continued(text: string, what: string): string {
  if (/^\s*(?:and|or)(?=[\s(])/.test(text)) return text;
  throw new RulesError(
    'no-connective',
    `${what}: what is appended must start with 'and' or 'or', not: ${text}`,
  );
}
