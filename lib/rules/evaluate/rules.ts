import type { CompiledRule, Ruleset } from '../compile/compiled';
import type { Priority } from '../priority';
import { compileCondition } from './compile';
import type { Event, FieldValue } from './event';
import { renderOutput } from './render-output';

/** What a rule says of an event, in the words of Falco's JSON. */
export interface Alert {
  readonly rule: string;
  readonly priority: Priority;
  readonly source: string;
  readonly tags: readonly string[];
  readonly output: string;
  readonly output_fields: Readonly<Record<string, FieldValue>>;
}

/** How rules are tried on an event: `rule_matching` of Falco's configuration. */
export type RuleMatching = 'first' | 'all';

interface Ready {
  readonly rule: CompiledRule;
  readonly holds: (event: Event) => boolean;
}

/** Tries rules on events. Made once, it is fast: an event is only tried on rules for its type. */
export class RuleEngine {
  private readonly byType = new Map<string, readonly Ready[]>();
  private readonly ready: readonly Ready[];

  /**
   * Rules that are off, and those of which a part isn't known (see {@link CompiledRule.complete}), are left out.
   *
   * @param matching whether an event raises an alert of the first rule that fits (Falco's default), or of all
   */
  constructor(
    private readonly ruleset: Ruleset,
    private readonly matching: RuleMatching,
  ) {
    const { rules, catalogue } = ruleset;
    this.ready = rules
      .filter(({ enabled, complete }) => enabled && complete)
      .map((rule) => ({ rule, holds: compileCondition(rule.condition, catalogue) }));
  }

  /** The rules that fit an event, in their order. */
  match(event: Event): CompiledRule[] {
    const fitting: CompiledRule[] = [];
    for (const { rule, holds } of this.readyFor(event['evt.type'])) {
      if (!holds(event)) continue;
      fitting.push(rule);
      if (this.matching === 'first') break;
    }
    return fitting;
  }

  /** The alerts of an event. */
  alerts(event: Event): Alert[] {
    return this.match(event).map(({ name, priority = 'DEBUG', source, tags, output }) => {
      const { text, fields } =
        output === undefined ? { text: '', fields: {} } : renderOutput(output, event, this.ruleset.catalogue);
      return { rule: name, priority, source, tags, output: text, output_fields: fields };
    });
  }

  private readyFor(type: FieldValue | undefined): readonly Ready[] {
    if (typeof type !== 'string') return this.ready;
    let ready = this.byType.get(type);
    if (ready === undefined) {
      ready = this.ready.filter(({ rule: { eventTypes } }) => eventTypes === 'all' || eventTypes.has(type));
      this.byType.set(type, ready);
    }
    return ready;
  }
}
