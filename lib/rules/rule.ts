import { RulesError } from './finding';
import type { ListItem } from './list';
import type { Priority } from './priority';

/** A value of an exception, or the values that one of its fields may have. */
export type ExceptionValue = ListItem | readonly ExceptionValue[];

/** Alerts that a rule doesn't raise: the fields compared, how, and with what. */
export interface RuleException {
  readonly name: string;
  readonly fields?: string | readonly string[];
  readonly comps?: string | readonly string[];
  readonly values?: readonly ExceptionValue[];
}

/** What a rule is made of besides its name. */
export interface RuleBody {
  readonly desc: string;
  readonly condition: string;
  readonly output: string;
  readonly priority: Priority;
  readonly tags?: readonly string[];
  /** Where its events come from; `syscall` if absent. */
  readonly source?: string;
  readonly enabled?: boolean;
  readonly exceptions?: readonly RuleException[];
  readonly warnEvttypes?: boolean;
  readonly skipIfUnknownFilter?: boolean;
  /** Record system calls from the alert on, for `captureDuration` milliseconds. */
  readonly capture?: boolean;
  readonly captureDuration?: number;
}

/** A rule: when to alert, and what to say. */
export interface Rule extends RuleBody {
  readonly kind: 'rule';
  readonly name: string;
}

/** A rule. */
export function rule(props: RuleBody & { readonly name: string }): Rule {
  if (props.name.trim() === '') throw new RulesError('invalid-name', 'a rule needs a name');
  for (const key of ['desc', 'condition', 'output'] as const) {
    if (props[key].trim() === '') throw new RulesError('empty-text', `rule '${props.name}': ${key} is empty`);
  }
  return { kind: 'rule', ...props };
}

/** Falco's spelling of the parts of a rule, in the order in which they are printed. */
export const RULE_KEYS = {
  desc: 'desc',
  condition: 'condition',
  output: 'output',
  priority: 'priority',
  source: 'source',
  enabled: 'enabled',
  tags: 'tags',
  exceptions: 'exceptions',
  warnEvttypes: 'warn_evttypes',
  skipIfUnknownFilter: 'skip-if-unknown-filter',
  capture: 'capture',
  captureDuration: 'capture_duration',
} as const satisfies Record<keyof RuleBody, string>;
