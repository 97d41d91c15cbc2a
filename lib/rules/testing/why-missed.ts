import type { CompiledRule } from '../compile/compiled';
import type { Event } from '../evaluate/event';
import { explain } from '../evaluate/explain';
import type { FieldCatalogue } from '../fields/field';
import type { RaisedAlert, WhyMissed } from './results';
import { shortfallOf } from './shortfall';

/** So many events are looked at for the one that came closest. */
const MOST_EVENTS = 1_000;

/** Why a rule didn't raise an alert (or one more) of any event. */
export function whyMissed(
  rule: CompiledRule,
  events: readonly Event[],
  alerts: readonly RaisedAlert[],
  catalogue: FieldCatalogue,
): WhyMissed {
  if (!rule.enabled) return { reason: 'off' };
  const raised = new Set(alerts.filter(({ rule: name }) => name === rule.name).map(({ event }) => event));
  let closest: WhyMissed & { reason: 'condition' | 'no event' } = { reason: 'no event' };
  for (const [index, event] of events.slice(0, MOST_EVENTS).entries()) {
    const number = index + 1;
    if (raised.has(number)) continue;
    const explanation = explain(rule.condition, event, catalogue);
    if (explanation.result) {
      const other = alerts.find((alert) => alert.event === number);
      if (other !== undefined) return { reason: 'hidden', event: number, by: other.rule };
      continue;
    }
    const shortfall = shortfallOf(explanation);
    if (closest.reason === 'condition' && closest.checks.length <= shortfall.length) continue;
    const checks = shortfall.map(({ check: { text, result, values }, macros }) => ({
      text,
      result,
      macros,
      values,
    }));
    closest = { reason: 'condition', event: number, checks };
  }
  return closest;
}
