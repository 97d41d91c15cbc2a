import * as fc from 'fast-check';
import { compileCondition } from '../../../lib/rules/evaluate/compile';
import type { Event } from '../../../lib/rules/evaluate/event';
import { explain } from '../../../lib/rules/evaluate/explain';
import type { Condition } from '../../../lib/rules/language/ast';
import { parseCondition } from '../../../lib/rules/language/parse';
import { printCondition } from '../../../lib/rules/language/print';
import { catalogue } from './catalogue';
import { truthEvents, truthRows } from './recorded';

/** Every hundredth, so that all kinds of events are among them. */
const events = truthEvents().filter((_, index) => index % 100 === 0);
const checks = truthRows()
  .filter((row) => row.accepted)
  .map((row) => parseCondition(row.condition));

const span = { start: 0, end: 0 };
const not = (operand: Condition): Condition => ({ ...span, kind: 'not', operand });
const join = (kind: 'and' | 'or', operands: readonly Condition[]): Condition => ({ ...span, kind, operands });

/** Conditions made of those that the real Falco was asked. */
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...checks),
    tie('condition').map(not),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('condition'), { minLength: 2, maxLength: 4 }))
      .map(([kind, operands]) => join(kind, operands)),
  ),
}));

function results(of: Condition): boolean[] {
  return events.map(compileCondition(of, catalogue));
}

/** Without sorting, sets of event types and other haste. */
function plainly(of: Condition, event: Event): boolean {
  switch (of.kind) {
    case 'and':
      return of.operands.every((operand) => plainly(operand, event));
    case 'or':
      return of.operands.some((operand) => plainly(operand, event));
    case 'not':
      return !plainly(of.operand, event);
    default:
      return compileCondition(of, catalogue)(event);
  }
}

describe('a compiled condition', () => {
  test('says what its parts say, in whatever order they run', () => {
    fc.assert(
      fc.property(condition, fc.constantFrom(...events), (any, event) => {
        expect(compileCondition(any, catalogue)(event)).toBe(plainly(any, event));
      }),
    );
  });

  test('keeps De Morgan’s laws', () => {
    fc.assert(
      fc.property(condition, condition, (a, b) => {
        expect(results(not(join('and', [a, b])))).toEqual(results(join('or', [not(a), not(b)])));
        expect(results(not(join('or', [a, b])))).toEqual(results(join('and', [not(a), not(b)])));
      }),
    );
  });

  test('is the same when denied twice', () => {
    fc.assert(
      fc.property(condition, (any) => {
        expect(results(not(not(any)))).toEqual(results(any));
      }),
    );
  });

  test('is the same once printed and read back', () => {
    fc.assert(
      fc.property(condition, (any) => {
        expect(results(parseCondition(printCondition(any)))).toEqual(results(any));
      }),
    );
  });

  test('says what its explanation says', () => {
    fc.assert(
      fc.property(condition, fc.constantFrom(...events), (any, event) => {
        expect(explain(any, event, catalogue).result).toBe(compileCondition(any, catalogue)(event));
      }),
    );
  });

  test('never fails, whatever an event holds', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.oneof(fc.string(), fc.integer())),
    );
    const keys = [...new Set(events.flatMap((event) => Object.keys(event)))];
    const anyEvent = fc.dictionary(fc.constantFrom(...keys), value);
    const compiled = checks.map((check) => compileCondition(check, catalogue));
    fc.assert(
      fc.property(anyEvent, (event) => {
        for (const passes of compiled) expect(typeof passes(event)).toBe('boolean');
      }),
    );
  });
});
