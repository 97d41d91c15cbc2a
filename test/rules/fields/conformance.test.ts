import { falcoFields } from '../../../lib/rules/fields/catalogue';
import { checkCondition } from '../../../lib/rules/fields/check-condition';
import { eventTypesOf } from '../../../lib/rules/fields/event-types';
import { ConditionError } from '../../../lib/rules/language/condition-error';
import { compileRecorded, readRows, RECORDINGS, type RecordedCondition } from './recorded';

const catalogue = falcoFields('0.44.1', ['container']);
const recorded = RECORDINGS === undefined ? describe.skip : describe;

/** The code that we refuse a recorded rules file with; `undefined` if we take it. */
function verdict(yaml: string): string | undefined {
  try {
    checkCondition(compileRecorded(yaml), catalogue);
    return undefined;
  } catch (error) {
    if (error instanceof ConditionError) return error.code;
    throw error;
  }
}

recorded('recorded conditions', () => {
  const rows = readRows<RecordedCondition>('conditions.jsonl');

  test('there are some', () => {
    expect(rows.length).toBeGreaterThan(100);
  });

  test.each(rows.map((row) => [row.id, row.condition.slice(0, 80), row] as const))(
    '%s %s: the verdict is Falco’s',
    (_id, _condition, row) => {
      expect(verdict(row.yaml)).toBe(row.errors[0]?.code);
    },
  );

  /** How many names Falco counts where a condition binds to every event, some that its own catalogue leaves out. */
  const EVERY_EVENT = 465;
  /** What `evt.type` may be compared with, but is no event's name. */
  const NAMELESS = ['syscall', 'unknown', 'container_added', 'container_removed'];
  const every = [...catalogue.eventTypes].filter((name) => !NAMELESS.includes(name));

  test.each(rows.filter(({ ok }) => ok).map((row) => [row.id, row.condition.slice(0, 80), row] as const))(
    '%s %s: the events are Falco’s',
    (_id, _condition, row) => {
      const condition = compileRecorded(row.yaml);
      const warned = row.warnings.some(({ code }) => code === 'LOAD_NO_EVTTYPE');
      expect(eventTypesOf(condition, catalogue).tooMany).toBe(warned);
      const expected = row.compiled?.at(-1)?.events;
      const found = eventTypesOf(condition, catalogue).names;
      if (expected === undefined) return;
      if (typeof expected === 'number') {
        const missing = found === 'all' ? [] : every.filter((name) => !found.has(name));
        expect(EVERY_EVENT - missing.length).toBe(expected);
        return;
      }
      // Falco delivers events of plugins to every rule.
      const names = found === 'all' ? every : [...found];
      expect(new Set([...names, 'asyncevent'])).toEqual(new Set(expected));
    },
  );
});

recorded('recorded truth', () => {
  const rows = readRows<{ readonly id: string; readonly condition: string; readonly accepted: boolean }>(
    'truth.jsonl',
  );

  test.each(rows.map(({ id, condition, accepted }) => [id, condition, accepted] as const))(
    '%s %s: accepted %s',
    (_id, condition, accepted) => {
      expect(verdict(`- rule: r\n  condition: ${JSON.stringify(condition)}\n`) === undefined).toBe(accepted);
    },
  );
});
