import type { CompiledRule, Ruleset } from '../compile/compiled';
import type { Event } from '../evaluate/event';
import { RuleEngine, type RuleMatching } from '../evaluate/rules';
import { Facts, PartNames } from './facts';
import { askOf, type Ask } from './partial';
import type { RecordedAlert, RecordedEvent } from './record';

/** What became of an alert, or of an event, under changed rules. */
export interface Outcome {
  /** Rules that it was an alert of. */
  readonly before: readonly string[];
  /** Rules that it is one of now. */
  readonly after: readonly string[];
  /** Rules of which the alert doesn't tell whether it would be one now, and the fields that it lacks for that. */
  readonly unknown: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A rule as the alerts of one rule may be asked about it. */
interface Asked {
  readonly name: string;
  readonly ask: Ask;
  readonly eventTypes: ReadonlySet<string> | 'all';
}

/** All that there is to ask of the alerts of one rule. */
interface Questions {
  /** What follows about the event from the rule itself. */
  readonly defaults: Event;
  /** The rule as it was. */
  readonly raised: Ask | undefined;
  readonly rules: readonly Asked[];
}

/**
 * Tries recorded alerts and events on changed rules.
 *
 * An alert holds a few fields only, but it proves that its rule's condition was true, so that only what has changed needs
 * to be asked of it.
 */
export class Replay {
  private readonly names = new PartNames();
  private readonly questions = new Map<string, Questions>();
  private readonly beforeEngine: RuleEngine | undefined;
  private readonly afterEngine: RuleEngine;

  /** @param before the rules that raised the alerts; without them only the rule of an alert itself is tried on it */
  constructor(
    private readonly before: Ruleset | undefined,
    private readonly after: Ruleset,
    private readonly matching: RuleMatching,
  ) {
    this.beforeEngine = before && new RuleEngine(before, matching);
    this.afterEngine = new RuleEngine(after, matching);
  }

  /** An event tells all: a field that isn't there has no value. */
  event({ fields }: RecordedEvent): Outcome {
    const before = this.beforeEngine?.match(fields) ?? [];
    return {
      before: before.map(({ name }) => name),
      after: this.afterEngine.match(fields).map(({ name }) => name),
      unknown: new Map(),
    };
  }

  /**
   * Whether the rules of before, as they are given, can have raised an alert: if not, they aren't those that did, and
   * nothing follows from it.
   */
  canBeOf({ rule, fields }: RecordedAlert): boolean {
    const { raised, defaults } = this.questionsOf(rule);
    return raised?.(withDefaults(fields, defaults)) !== false;
  }

  alert({ rule, fields }: RecordedAlert): Outcome {
    const { defaults, rules } = this.questionsOf(rule);
    const event = withDefaults(fields, defaults);
    const type = event['evt.type'];
    const after: string[] = [];
    const unknown = new Map<string, ReadonlySet<string>>();
    for (const { name, ask, eventTypes } of rules) {
      if (typeof type === 'string' && eventTypes !== 'all' && !eventTypes.has(type)) continue;
      const verdict = ask(event);
      if (verdict === false) continue;
      if (verdict !== true) {
        unknown.set(name, verdict);
        continue;
      }
      after.push(name);
      if (this.matching === 'first') break;
    }
    return { before: [rule], after, unknown };
  }

  private questionsOf(rule: string): Questions {
    const known = this.questions.get(rule);
    if (known !== undefined) return known;
    const questions = this.make(rule);
    this.questions.set(rule, questions);
    return questions;
  }

  private make(rule: string): Questions {
    const raised = this.before?.rules.find(({ name }) => name === rule);
    if (this.before === undefined || raised === undefined)
      return { defaults: {}, raised: undefined, rules: this.asked(undefined, (name) => name === rule) };
    const own = {
      defaults: defaultsOf(raised),
      raised: askOf(raised.condition, undefined, this.before.catalogue),
    };
    const facts = new Facts(this.names);
    facts.add(raised.condition, true);
    const others = this.before.rules.filter(({ name, enabled }) => name !== rule && enabled);
    if (this.matching === 'first') {
      const place = this.before.rules.indexOf(raised);
      for (const earlier of this.before.rules.slice(0, place)) {
        if (earlier.enabled && earlier.complete) facts.add(earlier.condition, false);
      }
      return { ...own, rules: this.asked(facts, () => true) };
    }
    // What a rule that hasn't changed says of the event is an alert of its own, if it is one.
    const same = new Set(
      others
        .filter(({ name, condition }) => this.isUnchanged(name, this.names.of(condition)))
        .map(({ name }) => name),
    );
    return { ...own, rules: this.asked(facts, (name) => !same.has(name)) };
  }

  private isUnchanged(name: string, part: string): boolean {
    const now = this.after.rules.find((rule) => rule.name === name);
    return now !== undefined && this.names.of(now.condition) === part;
  }

  private asked(facts: Facts | undefined, wanted: (name: string) => boolean): Asked[] {
    return this.after.rules
      .filter(({ name, enabled }) => enabled && wanted(name))
      .map(({ name, condition, eventTypes, complete }) => ({
        name,
        ask: askOf(condition, facts, this.after.catalogue),
        // Of a rule of which a part isn't known, neither are its types.
        eventTypes: complete ? eventTypes : 'all',
      }));
  }
}

/** A rule for one type of event tells the type. */
function defaultsOf({ eventTypes, complete }: CompiledRule): Event {
  if (eventTypes === 'all' || !complete || eventTypes.size !== 1) return {};
  return { 'evt.type': [...eventTypes][0] };
}

function withDefaults(fields: Event, defaults: Event): Event {
  for (const name in defaults) {
    if (!(name in fields)) return { ...defaults, ...fields };
  }
  return fields;
}
