import type { MacroDefinition } from '../../../lib/rules/language/ast';
import { ConditionError } from '../../../lib/rules/language/condition-error';
import { parseCondition } from '../../../lib/rules/language/parse';
import { printResolved } from '../../../lib/rules/language/print';
import { resolveMacros } from '../../../lib/rules/language/resolve-macros';
import { comparisonsOf, fieldsOf, macroUses } from '../../../lib/rules/language/walk';

function macrosOf(conditions: Record<string, string>): Map<string, MacroDefinition> {
  return new Map(
    Object.entries(conditions).map(([name, text]) => [name, { name, condition: parseCondition(text) }]),
  );
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
    const macros = macrosOf({ a: 'proc.name = x or b', b: 'not fd.sport = 1' });
    const condition = resolveMacros(parseCondition('evt.type = connect and not a'), macros);
    expect(printResolved(condition)).toBe('(evt.type = connect and not (proc.name = x or not fd.sport = 1))');
  });

  test('keeps what needs no macro as it is', () => {
    const condition = parseCondition('evt.type = connect and not (proc.name = x or fd.sport exists)');
    expect(resolveMacros(condition, new Map())).toBe(condition);
  });

  test('does not change the condition it is given', () => {
    const condition = parseCondition('a');
    resolveMacros(condition, macrosOf({ a: 'fd.name exists' }));
    expect(condition).toEqual({ kind: 'macro', name: 'a', start: 0, end: 1 });
  });

  test('names a macro that is not there, and the nearest', () => {
    const error = errorOf(() =>
      resolveMacros(parseCondition('evt.type = x and not outbond'), macrosOf({ outbound: 'a' })),
    );
    expect(error).toMatchObject({
      code: 'LOAD_ERR_VALIDATE',
      message: "there is no macro 'outbond'",
      hint: "did you mean 'outbound'?",
      span: { start: 21, end: 28 },
    });
  });

  test('refuses macros that use themselves', () => {
    const macros = macrosOf({ a: 'b', b: 'evt.type = x or a' });
    expect(errorOf(() => resolveMacros(parseCondition('a'), macros))).toMatchObject({
      code: 'LOAD_ERR_VALIDATE',
      message: "macro 'a' uses itself",
    });
  });

  test('refuses macros that double more often than memory can bear', () => {
    const macros = new Map<string, MacroDefinition>();
    let last = 'evt.type = x';
    const error = errorOf(() => {
      for (let i = 0; i < 64; i++) {
        const name = `m${i}`;
        macros.set(name, { name, condition: resolveMacros(parseCondition(last), macros) });
        last = `${name} or ${name}`;
      }
    });
    expect(error.message).toMatch(/^the condition has more than \d+ parts, its macros in place$/);
  });

  test.each([['in their order'], ['all at once']])(
    'refuses a chain of 10,000 macros, resolved %s',
    (order) => {
      const macros = new Map<string, MacroDefinition>([
        ['m0', { name: 'm0', condition: parseCondition('fd.name exists') }],
      ]);
      const error = errorOf(() => {
        for (let i = 1; i <= 10_000; i++) {
          const condition = parseCondition(`not m${i - 1}`);
          const name = `m${i}`;
          macros.set(name, {
            name,
            condition: order === 'all at once' ? condition : resolveMacros(condition, macros),
          });
        }
        resolveMacros(parseCondition('m10000'), macros);
      });
      expect(error.message).toMatch(/^the condition nests deeper than \d+ levels, its macros in place$/);
    },
  );
});

describe('what a condition holds', () => {
  const text =
    'a and not (proc.name = val(proc.pname) or a) and join("-", (fd.sip, tolower(fd.name))) exists';
  const condition = resolveMacros(
    parseCondition(text),
    macrosOf({ a: 'b or evt.rawres >= 0', b: 'fd.sport = 1' }),
  );

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
