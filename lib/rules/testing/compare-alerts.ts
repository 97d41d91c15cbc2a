import type { CompiledRule } from '../compile/compiled';
import type { FieldValue } from '../evaluate/event';
import { matchAlerts } from './match-alerts';
import type { Difference, DifferentPart, RaisedAlert, WhyMissed } from './results';
import type { ExpectedAlert } from './test-file';

/** What alerts are held against. */
export interface Expectation {
  readonly alert: ExpectedAlert;
  readonly rule: CompiledRule;
}

/**
 * In what alerts are not those that were expected.
 *
 * @param ignored alerts that may be there unexpected
 */
export function compareAlerts(
  expectations: readonly Expectation[],
  alerts: readonly RaisedAlert[],
  ignored: (alert: RaisedAlert) => boolean,
  why: (rule: CompiledRule) => WhyMissed,
): readonly Difference[] {
  const counts = expectations.map(({ alert }) => alert.count);
  const { taken, left } = matchAlerts(alerts.length, counts, (expectation, index) => {
    const [expected, alert] = [expectations[expectation], alerts[index]];
    return expected !== undefined && alert !== undefined && fits(expected.alert, alert);
  });
  const unexpected = left.flatMap((index) => alerts[index] ?? []);
  const differences: Difference[] = [];
  for (const [index, { alert: expected, rule }] of expectations.entries()) {
    let found = taken[index]?.length ?? 0;
    const missing = expected.count - found;
    for (let i = 0; i < missing; i++) {
      const other = unexpected.findIndex(({ rule: name }) => name === expected.rule.text);
      const [alert] = other < 0 ? [] : unexpected.splice(other, 1);
      if (alert === undefined) break;
      found++;
      const parts = differentParts(expected, alert);
      differences.push({ kind: 'different', rule: rule.name, event: alert.event, parts });
    }
    if (found < expected.count) {
      differences.push({ kind: 'missed', rule: rule.name, expected: expected.count, found, why: why(rule) });
    }
  }
  for (const alert of unexpected) if (!ignored(alert)) differences.push({ kind: 'unexpected', alert });
  return differences;
}

function fits(expected: ExpectedAlert, alert: RaisedAlert): boolean {
  return expected.rule.text === alert.rule && differentParts(expected, alert).length === 0;
}

function differentParts({ priority, fields, output }: ExpectedAlert, alert: RaisedAlert): DifferentPart[] {
  const parts: DifferentPart[] = [];
  if (priority !== undefined && priority !== alert.priority) {
    parts.push({ part: 'priority', expected: priority, actual: alert.priority });
  }
  if (output !== undefined && !output.fits(alert.output)) {
    parts.push({ part: 'output', expected: output.text, actual: alert.output });
  }
  for (const [name, expected = null] of Object.entries(fields)) {
    const actual = Object.hasOwn(alert.output_fields, name) ? alert.output_fields[name] : undefined;
    if (actual === undefined || !isSame(expected, actual)) parts.push({ part: name, expected, actual });
  }
  return parts;
}

/** Recorded numbers may be text, and times bigints. */
function isSame(expected: FieldValue, actual: FieldValue): boolean {
  if (expected === null || actual === null) return expected === actual;
  return String(expected) === String(actual);
}
