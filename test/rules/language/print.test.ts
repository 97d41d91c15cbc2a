import * as fc from 'fast-check';
import type { Condition, MacroDefinition } from '../../../lib/rules/language/ast';
import { parseCondition } from '../../../lib/rules/language/parse';
import { printCondition, printResolved } from '../../../lib/rules/language/print';
import { resolveMacros } from '../../../lib/rules/language/resolve-macros';
import { arbitraryCondition, withoutPlaces } from './arbitrary-condition';
import { recordedConditions, type RecordedCondition } from './conditions';

function resolved({ text, macros }: RecordedCondition): Condition {
  const definitions = new Map<string, MacroDefinition>();
  const resolve = (condition: string): Condition =>
    resolveMacros(parseCondition(condition), (use) => definitions.get(use.name));
  for (const [name, condition] of macros) definitions.set(name, { name, condition: resolve(condition) });
  return resolve(text);
}

/** Those that Falco prints without the quotes they need: an empty value, and values within a transformer. */
const NOT_READABLE = new Set(['c065', 'c177', 'c178', 'c216']);

const compiled = recordedConditions().filter((row) => row.compiled !== undefined);

test('there are conditions that Falco compiled', () => {
  expect(compiled.length).toBeGreaterThan(100);
});

describe('printResolved', () => {
  test.each(compiled.map((row) => [row.id, row] as const))('prints %s as Falco does', (_, row) => {
    expect(printResolved(resolved(row))).toBe(row.compiled);
  });

  test("prints the names of macros that weren't resolved", () => {
    expect(printResolved(parseCondition('a and not b'))).toBe('(a and not b)');
  });

  test('leaves out an empty argument, as Falco does', () => {
    expect(printResolved(parseCondition('proc.env[""] = a'))).toBe('proc.env = a');
  });
});

describe('printCondition', () => {
  const readable = compiled.filter((row) => row.macros.size === 0 && !NOT_READABLE.has(row.id));
  test.each(readable.map((row) => [row.id, row] as const))('prints %s as Falco does', (_, row) => {
    expect(printCondition(parseCondition(row.text))).toBe(row.compiled);
  });

  test.each([
    ['evt.type in connect', 'evt.type in connect'],
    ['evt.type in(connect)', 'evt.type in (connect)'],
    ['proc.name = ""', 'proc.name = ""'],
    ['proc.name = "a,b"', 'proc.name = "a,b"'],
    ['proc.name = "oneof"', 'proc.name = "oneof"'],
    ['proc.name = "a b\\ "', 'proc.name = "a b\\ "'],
    ['proc.name = a\\', 'proc.name = "a\\ "'],
    ['proc.env["a b"] exists', 'proc.env["a b"] exists'],
    ['proc.env["a=b"] exists', 'proc.env[a=b] exists'],
    ['concat("a", 5, proc.name) = x', 'concat("a",5,proc.name) = x'],
    ['not (not a)', 'not (not a)'],
    ['not not a', 'a'],
    ['(not) and a', '((not) and a)'],
  ])('of %j is %j', (text, printed) => {
    expect(printCondition(parseCondition(text))).toBe(printed);
  });

  test('reads back as the same condition', () => {
    fc.assert(
      fc.property(arbitraryCondition, (condition) => {
        const text = printCondition(condition);
        expect(withoutPlaces(parseCondition(text))).toEqual(condition);
      }),
      { numRuns: 1000 },
    );
  });
});
