import { nearest } from '../../schema/nearest';
import { compileCondition } from '../evaluate/compile';
import type { Event } from '../evaluate/event';
import type { Ruleset } from '../compile/compiled';
import type { RuleMatching } from '../evaluate/rules';
import type { FieldCatalogue } from '../fields/field';
import { parseCondition } from '../language/parse';
import { loadRules, loadRulesOrThrow, type LoadOptions } from '../load';
import type { RulesFile } from '../render';
import { Literals } from './literal';
import { Outcomes } from './outcomes';
import { printException } from './print-proposal';
import { propose, type Budget, type Proposal } from './propose';
import type { RecordedAlert, RecordedLine } from './record';
import { Replay } from './replay';
import { readField, pinsOf } from './roles';
import { keyOf, Tally, type Left } from './tally';

/** A recording, from its beginning each time. */
export type Recording = () => AsyncIterable<RecordedLine>;

/** The rules that raised alerts, and how Falco loads them. */
export interface TuneRules {
  readonly files: readonly RulesFile[];
  readonly load: LoadOptions;
  readonly matching: RuleMatching;
}

/** How far proposals may go, and the fields that each must hold. */
export interface TuneOptions extends Budget {
  readonly keep: readonly string[];
}

/** A field that every exception should hold, but that Falco doesn't have. */
class UnknownKeptFieldError extends Error {
  override readonly name = 'UnknownKeptFieldError';
  readonly code = 'UNKNOWN_FIELD';

  constructor(
    readonly field: string,
    meant: string | undefined,
  ) {
    super(`Falco has no field '${field}' to keep${meant === undefined ? '' : `; did you mean '${meant}'?`}`);
  }
}

/** What a recording held beside alerts of the rules. */
export interface Skipped {
  /** Alerts of rules that the files don't have, by rule. */
  readonly otherRules: ReadonlyMap<string, number>;
  /** Alerts that the rules, as they are given, can't have raised, by rule: they were others then. */
  readonly notRaised: ReadonlyMap<string, number>;
  /** Events, where the rules that they raised before are not known, or don't matter. */
  readonly events: number;
}

/** An exception, with what it would have hidden. */
export interface MeasuredProposal extends Proposal {
  /** How many alerts it removes: counted by trying each alert on the rules with it. */
  removed: number;
  /** How many more it takes from its rule only to leave them to others, by those: with `rule_matching: first`. */
  readonly instead: Map<string, number>;
  readonly yaml: string;
}

/** What comes of tuning. */
export interface Tuned {
  readonly proposals: readonly MeasuredProposal[];
  readonly left: readonly Left[];
  readonly skipped: Skipped;
  /** Of all alerts of the rules, under the rules with all proposals. */
  readonly outcomes: Outcomes;
}

/**
 * Proposes exceptions for recorded alerts, and tries each alert on the rules with them. The recording is read twice, and
 * little of it is kept.
 *
 * @throws RulesError for rules that Falco would refuse; {@link UnknownKeptFieldError}
 */
export async function tune(recording: Recording, rules: TuneRules, options: TuneOptions): Promise<Tuned> {
  const before = loadRulesOrThrow(rules.files, rules.load);
  const { catalogue } = before.ruleset;
  for (const field of options.keep) {
    if (readField(field, catalogue) === undefined)
      throw new UnknownKeptFieldError(field, nearest(field, catalogue.names));
  }
  const tally = new Tally(options.keep);
  const sieve = new Sieve(before.ruleset, new Replay(before.ruleset, before.ruleset, rules.matching));
  for await (const record of recording()) {
    if (record.kind === 'event') sieve.events++;
    if (record.kind === 'alert' && sieve.takes(record)) tally.add(record);
  }

  const lists = listNames(rules);
  const proposals = propose(tally, new Literals(lists, catalogue), options).map((proposal) => ({
    ...proposal,
    removed: 0,
    instead: new Map<string, number>(),
    yaml: printException(proposal),
  }));
  const changed = {
    name: 'proposals.yaml',
    text: proposals.map(({ yaml }) => yaml).join('\n'),
  };
  const after = loadRulesOrThrow([...rules.files, changed], rules.load);
  const replay = new Replay(before.ruleset, after.ruleset, rules.matching);
  const outcomes = new Outcomes();
  const attribution = new Attribution(proposals, options.keep, catalogue);
  const again = new Sieve(before.ruleset, replay);
  for await (const record of recording()) {
    if (record.kind !== 'alert' || !again.takes(record)) continue;
    const outcome = replay.alert(record);
    outcomes.add(record, outcome);
    if (!outcome.after.includes(record.rule) && !outcome.unknown.has(record.rule)) {
      attribution.add(record, rules.matching === 'first' ? outcome.after : []);
    }
  }
  const ranked = proposals.toSorted((a, b) => b.removed - a.removed);
  return { proposals: ranked, left: tally.left(), skipped: sieve, outcomes };
}

/** Lets alerts through that the rules can have raised, and counts the others. */
class Sieve implements Skipped {
  readonly otherRules = new Map<string, number>();
  readonly notRaised = new Map<string, number>();
  events = 0;
  private readonly known: ReadonlySet<string>;

  constructor(
    ruleset: Ruleset,
    private readonly replay: Replay,
  ) {
    this.known = new Set(ruleset.rules.map(({ name }) => name));
  }

  takes(alert: RecordedAlert): boolean {
    if (this.known.has(alert.rule) && this.replay.canBeOf(alert)) return true;
    const counts = this.known.has(alert.rule) ? this.notRaised : this.otherRules;
    counts.set(alert.rule, (counts.get(alert.rule) ?? 0) + 1);
    return false;
  }
}

/** Tries recorded alerts and events on changed rules. */
export async function replayRecording(
  recording: Recording,
  before: TuneRules | undefined,
  changed: TuneRules,
): Promise<{ readonly outcomes: Outcomes; readonly skipped: Skipped }> {
  const old = before && loadRulesOrThrow(before.files, before.load).ruleset;
  const now = loadRulesOrThrow(changed.files, changed.load).ruleset;
  const replay = new Replay(old, now, changed.matching);
  const sieve = new Sieve(old ?? now, replay);
  const outcomes = new Outcomes();
  for await (const record of recording()) {
    if (record.kind === 'alert') {
      if (sieve.takes(record)) outcomes.add(record, replay.alert(record));
    } else if (record.kind === 'event') {
      if (old === undefined) sieve.events++;
      else outcomes.add(record, replay.event(record));
    }
  }
  return { outcomes, skipped: sieve };
}

/** The names of all lists, the stock's among them. */
function listNames({ files, load: { stock, ...load } }: TuneRules): Set<string> {
  const isFiles = stock !== undefined && 'length' in stock;
  const own = loadRules(isFiles ? [...stock, ...files] : files, load).objects.flatMap(({ object }) =>
    object.kind === 'list' || object.kind === 'list-override' ? [object.name] : [],
  );
  return new Set([...own, ...(stock === undefined || isFiles ? [] : stock.lists)]);
}

/** Says of each alert that is gone which proposal removed it: the first that does. */
class Attribution {
  private readonly byKey = new Map<string, MeasuredProposal>();
  private readonly byRule = new Map<
    string,
    { proposal: MeasuredProposal; hides: (event: Event) => boolean }[]
  >();

  constructor(
    proposals: readonly MeasuredProposal[],
    private readonly kept: readonly string[],
    catalogue: FieldCatalogue,
  ) {
    for (const proposal of proposals) {
      const { rule, seen } = proposal;
      for (const { pins } of seen) this.byKey.set(keyOf(rule, pins), proposal);
      const all = this.byRule.get(rule) ?? [];
      all.push({ proposal, hides: compileCondition(parseCondition(conditionOf(proposal)), catalogue) });
      this.byRule.set(rule, all);
    }
  }

  /** @param instead the rules that raise it now */
  add({ rule, fields }: RecordedAlert, instead: readonly string[]): void {
    const pins = pinsOf(fields, this.kept);
    const own = 'reason' in pins ? undefined : this.byKey.get(keyOf(rule, pins));
    const proposal = own ?? this.byRule.get(rule)?.find(({ hides }) => hides(fields))?.proposal;
    if (proposal === undefined) return;
    if (instead.length === 0) proposal.removed++;
    for (const other of instead) proposal.instead.set(other, (proposal.instead.get(other) ?? 0) + 1);
  }
}

/** What an exception hides, as a condition. */
function conditionOf({ fields, rows }: Proposal): string {
  const texts = rows.map((row) => {
    const cells = fields.map((field, column) => `${field} in (${(row[column] ?? []).join(', ')})`);
    return `(${cells.join(' and ')})`;
  });
  return texts.join(' or ');
}
