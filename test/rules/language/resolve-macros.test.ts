import type { Condition, MacroDefinition } from '../../../lib/rules/language/ast';
import { ConditionError } from '../../../lib/rules/language/condition-error';
import { parseCondition } from '../../../lib/rules/language/parse';
import { printResolved } from '../../../lib/rules/language/print';
import { resolveMacros } from '../../../lib/rules/language/resolve-macros';
import { comparisonsOf, fieldsOf, macroUses } from '../../../lib/rules/language/walk';

function resolveIn(macros: ReadonlyMap<string, MacroDefinition>, text: string): Condition {
  return resolveMacros(parseCondition(text), (use) => macros.get(use.name));
}

/** Each may use those before it. */
function macrosOf(conditions: Record<string, string>): Map<string, MacroDefinition> {
  const macros = new Map<string, MacroDefinition>();
  for (const [name, text] of Object.entries(conditions)) {
    macros.set(name, { name, condition: resolveIn(macros, text) });
  }
  return macros;
}

/** What it throws, or fails. */
function errorOf(act: () => unknown): ConditionError {
  try {
    act();
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('resolveMacros', () => {
  test('replaces macros within macros', () => {
    const macros = macrosOf({ b: 'not fd.sport = 1', a: 'proc.name = x or b' });
    const condition = resolveIn(macros, 'evt.type = connect and not a');
    expect(printResolved(condition)).toBe('(evt.type = connect and not (proc.name = x or not fd.sport = 1))');
  });

  test('keeps what needs no macro as it is', () => {
    const condition = parseCondition('evt.type = connect and not (proc.name = x or fd.sport exists)');
    expect(resolveMacros(condition, () => undefined)).toBe(condition);
  });

  test('does not change the condition it is given', () => {
    const condition = parseCondition('a');
    const known = macrosOf({ a: 'fd.name exists' });
    resolveMacros(condition, (use) => known.get(use.name));
    expect(condition).toEqual({ kind: 'macro', name: 'a', start: 0, end: 1 });
  });

  test('leaves a use as it is of which only the name is known', () => {
    const condition = parseCondition('a or b');
    const known = macrosOf({ a: 'fd.name exists' });
    expect(resolveMacros(condition, (use) => known.get(use.name))).toMatchObject({
      operands: [{ definition: { name: 'a' } }, { kind: 'macro', name: 'b' }],
    });
  });

  test('refuses macros that double more often than memory can bear', () => {
    const macros = new Map<string, MacroDefinition>();
    let last = 'evt.type = x';
    const error = errorOf(() => {
      for (let i = 0; i < 64; i++) {
        const name = `m${i}`;
        macros.set(name, { name, condition: resolveIn(macros, last) });
        last = `${name} or ${name}`;
      }
    });
    expect(error.message).toMatch(/^the condition has more than \d+ parts, its macros in place$/);
  });

  test('refuses a chain of 10,000 macros', () => {
    const macros = new Map<string, MacroDefinition>();
    let last = 'fd.name exists';
    const error = errorOf(() => {
      for (let i = 0; i < 10_000; i++) {
        const name = `m${i}`;
        macros.set(name, { name, condition: resolveIn(macros, last) });
        last = `not ${name}`;
      }
    });
    expect(error.message).toMatch(/^the condition nests deeper than \d+ levels, its macros in place$/);
  });
});

describe('what a condition holds', () => {
  const text =
    'a and not (proc.name = val(proc.pname) or a) and join("-", (fd.sip, tolower(fd.name))) exists';
  const condition = resolveIn(macrosOf({ b: 'fd.sport = 1', a: 'b or evt.rawres >= 0' }), text);

  test('its checks, with those of its macros, in their order', () => {
    expect(comparisonsOf(condition).map((check) => printResolved(check))).toEqual([
      'fd.sport = 1',
      'evt.rawres >= 0',
      'proc.name = val(proc.pname)',
      'fd.sport = 1',
      'evt.rawres >= 0',
      'join(-,(fd.sip,tolower(fd.name))) exists',
    ]);
  });

  test('its fields, with those of its macros', () => {
    expect(fieldsOf(condition).map((field) => field.name)).toEqual([
      'fd.sport',
      'evt.rawres',
      'proc.name',
      'proc.pname',
      'fd.sport',
      'evt.rawres',
      'fd.sip',
      'fd.name',
    ]);
  });

  test('the macros of its own text', () => {
    expect(macroUses(condition).map(({ name, start }) => [name, start])).toEqual([
      ['a', 0],
      ['a', text.indexOf('a)')],
    ]);
  });
});
