import type { FieldValue } from '../evaluate/event';
import type { Alert } from '../evaluate/rules';

/** What came of a rule test file. */
export interface RuleTestResults {
  readonly file: string;
  /** Whether all of its tests passed. */
  readonly passed: boolean;
  readonly tests: readonly RuleTestResult[];
}

/** What came of one test. */
export interface RuleTestResult {
  readonly name: string;
  /** Where its name stands in the file; from 1. */
  readonly line: number;
  readonly column: number;
  readonly passed: boolean;
  /** What its events raised, whether it was expected or not. */
  readonly alerts: readonly RaisedAlert[];
  /** In what the alerts are not those that were expected; empty if it passed. */
  readonly differences: readonly Difference[];
}

/** An alert, and which of the test's events raised it, counted from 1. */
export interface RaisedAlert extends Alert {
  readonly event: number;
}

export type Difference = MissedAlert | DifferentAlert | UnexpectedAlert;

/** An alert that should have been, and wasn't, or not often enough. */
export interface MissedAlert {
  readonly kind: 'missed';
  readonly rule: string;
  /** How many such alerts were expected, and how many there were. */
  readonly expected: number;
  readonly found: number;
  readonly why: WhyMissed;
}

/** An alert of an expected rule that tells something else. */
export interface DifferentAlert {
  readonly kind: 'different';
  readonly rule: string;
  readonly event: number;
  readonly parts: readonly DifferentPart[];
}

/** What of an alert differs: `priority`, `output` or a field. */
export interface DifferentPart {
  readonly part: string;
  readonly expected: FieldValue;
  /** `undefined` of a field that the output doesn't tell. */
  readonly actual: FieldValue | undefined;
}

/** An alert that nobody expected. */
export interface UnexpectedAlert {
  readonly kind: 'unexpected';
  readonly alert: RaisedAlert;
}

/**
 * Why an alert was not raised:
 *
 * - `no event`: there was none, or all raised the alert already;
 * - `off`: the rule has `enabled: false`;
 * - `hidden`: the event raised the alert of another rule, and with `matching: first` no more;
 * - `condition`: of the event that came closest, these comparisons would have to come out otherwise.
 */
export type WhyMissed =
  | { readonly reason: 'no event' | 'off' }
  | { readonly reason: 'hidden'; readonly event: number; readonly by: string }
  | { readonly reason: 'condition'; readonly event: number; readonly checks: readonly MissedCheck[] };

/** A comparison that decided, what it said, and what the event holds. */
export interface MissedCheck {
  readonly text: string;
  readonly result: boolean;
  /** The macros in which it stands, outermost first. */
  readonly macros: readonly string[];
  /** `null` where the event has no value. */
  readonly values: readonly { readonly field: string; readonly value: FieldValue }[];
}
