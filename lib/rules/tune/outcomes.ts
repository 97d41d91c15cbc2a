import type { Outcome } from './replay';
import type { RecordedAlert, RecordedEvent } from './record';
import { compare } from './tally';

/** An alert that is no longer seen, or that is new. */
export interface Sample {
  /** The rules that it was, or is, an alert of. */
  readonly rules: readonly string[];
  readonly time: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What a replay did to the alerts of a rule. */
export interface RuleChange {
  readonly rule: string;
  before: number;
  after: number;
  /** Alerts of it of which can't be told whether they would still be raised. */
  unknown: number;
  /** Alerts of other rules, or events, of which can't be told whether they would be one of this rule. */
  maybe: number;
  /** The fields that alerts lack for that. */
  readonly lacking: Set<string>;
}

const SAMPLES = 3;

/** Counts what became of alerts and events. */
export class Outcomes {
  readonly rules = new Map<string, RuleChange>();
  readonly gone: Sample[] = [];
  readonly appeared: Sample[] = [];
  before = 0;
  after = 0;
  unknown = 0;

  add(record: RecordedAlert | RecordedEvent, { before, after, unknown }: Outcome): void {
    for (const rule of before) {
      const change = this.of(rule);
      this.before++;
      change.before++;
      if (unknown.has(rule)) {
        this.unknown++;
        change.unknown++;
      } else if (!after.includes(rule)) keep(this.gone, record, before);
    }
    for (const rule of after) {
      this.after++;
      this.of(rule).after++;
      if (!before.includes(rule)) keep(this.appeared, record, [rule]);
    }
    for (const [rule, fields] of unknown) {
      const change = this.of(rule);
      if (!before.includes(rule)) change.maybe++;
      for (const field of fields) if (change.lacking.size < 20) change.lacking.add(field);
    }
  }

  /** The rules with most alerts first. */
  changes(): RuleChange[] {
    return [...this.rules.values()].sort((a, b) => b.before - a.before || compare(a.rule, b.rule));
  }

  private of(rule: string): RuleChange {
    const known = this.rules.get(rule);
    if (known !== undefined) return known;
    const change = { rule, before: 0, after: 0, unknown: 0, maybe: 0, lacking: new Set<string>() };
    this.rules.set(rule, change);
    return change;
  }
}

function keep(samples: Sample[], record: RecordedAlert | RecordedEvent, rules: readonly string[]): void {
  if (samples.length >= SAMPLES) return;
  const fields = Object.entries(record.fields).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, String(value)] as const],
  );
  samples.push({
    rules,
    time: record.kind === 'alert' ? record.time : '',
    fields: Object.fromEntries(fields),
  });
}
