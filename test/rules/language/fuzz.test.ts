import * as fc from 'fast-check';
import type { Condition } from '../../../lib/rules/language/ast';
import { ConditionError } from '../../../lib/rules/language/condition-error';
import { MAX_DEPTH } from '../../../lib/rules/language/level';
import { parseCondition } from '../../../lib/rules/language/parse';
import { printCondition, printResolved } from '../../../lib/rules/language/print';
import { resolveMacros } from '../../../lib/rules/language/resolve-macros';
import { comparisonsOf } from '../../../lib/rules/language/walk';
import { withoutPlaces } from './arbitrary-condition';
import { recordedConditions } from './conditions';

/** How many texts of each of the four kinds; more with FUZZ_RUNS. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 6_000);

/** The tree, or the error; anything else that is thrown fails the test. */
function outcome(text: string): Condition | ConditionError {
  try {
    return parseCondition(text);
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
}

/** What holds for every text: an error has a place in it, and a condition is the same when printed and read again. */
function check(text: string): void {
  const result = outcome(text);
  if (result instanceof ConditionError) {
    const { start, end } = result.span;
    if (start < 0 || start > end || end > text.length)
      throw new Error(`the span ${start} to ${end} is outside`);
    return;
  }
  const printed = printCondition(result);
  const again = parseCondition(printed);
  if (printCondition(again) !== printed) throw new Error(`${printed} is not printed as it is`);
  if (JSON.stringify(withoutPlaces(again)) !== JSON.stringify(withoutPlaces(result))) {
    throw new Error(`${printed} reads otherwise`);
  }
}

const TOKENS = [
  ...[
    'and',
    'or',
    'not',
    'not(',
    '(',
    ')',
    ',',
    ' ',
    '  ',
    '\n',
    '\t',
    '\b',
    '\v',
    '\0',
    '\ud800',
    '"',
    "'",
    '\\',
    '[',
    ']',
  ],
  ...[
    '=',
    '==',
    '!=',
    '<',
    '<=',
    '>=',
    'in',
    'intersects',
    'pmatch',
    'exists',
    'contains',
    'startswith',
    'glob',
    'regex',
  ],
  ...[
    'oneof',
    'anyof',
    'allof',
    'val(',
    'tolower(',
    'join(',
    'len(',
    'evt.type',
    'proc.aname',
    'm',
    'a',
    '0x1f',
    '-1',
    '1.5',
  ],
];

/** The conditions of the recordings: what rules are made of, and what is wrong with them. */
const seeds = recordedConditions().map(({ text }) => text);

const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(6),
        fc.oneof(fc.constantFrom(...TOKENS), fc.string({ unit: 'binary', maxLength: 2 })),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  )
  .map(([seed, edits]) =>
    edits.reduce((text, [at, removed, put]) => {
      const offset = at % (text.length + 1);
      return text.slice(0, offset) + put + text.slice(offset + removed);
    }, seed),
  );

describe('any text is a condition or a ConditionError', () => {
  test('of conditions with mistakes', () => {
    fc.assert(fc.property(mutated, check), { numRuns });
  });

  test('of tokens in any order', () => {
    const tokens = fc.array(fc.constantFrom(...TOKENS), { maxLength: 30 });
    fc.assert(
      fc.property(tokens, (words) => {
        check(words.join(''));
      }),
      { numRuns },
    );
    fc.assert(
      fc.property(tokens, (words) => {
        check(words.join(' '));
      }),
      { numRuns },
    );
  });

  test('of any characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { numRuns });
  });
});

describe('a text may be large', () => {
  const large = 10_000_000;

  test.each([
    ['blanks', ' '.repeat(large)],
    ['letters', 'a'.repeat(large)],
    ['letters and dots', 'a.'.repeat(large / 2)],
    ['negations', 'not '.repeat(large / 4)],
    ['brackets', `a.b${'['.repeat(large)}`],
    ['a quote', `a.b = "${'\\"'.repeat(large / 2)}`],
    ['quotes', `a.b in (${'"'.repeat(large)}`],
    ['parentheses', '('.repeat(large)],
    ['transformers', 'tolower('.repeat(large / 8)],
    ['closing parentheses', `a${')'.repeat(large)}`],
    ['surrogates', '\ud800'.repeat(large)],
    ['NUL', '\0'.repeat(large)],
  ])('of %s', (_, text) => {
    const result = outcome(text);
    if (result instanceof ConditionError) {
      expect(result.message.length + (result.hint ?? '').length).toBeLessThan(300);
    } else {
      expect(result.end - result.start).toBe(text.length);
    }
  });

  test('of one value', () => {
    const value = 'x\\'.repeat(large / 2);
    expect(parseCondition(`a.b = "${value.replaceAll('\\', '\\\\')} "`)).toMatchObject({
      right: { text: `${value} ` },
    });
  });

  test.each(['and', 'or'])('of a chain of 100,000 %ss', (connective) => {
    const text = Array.from({ length: 100_000 }, (_, i) => `a.b = ${i}`).join(` ${connective} `);
    const condition = parseCondition(text);
    expect(condition.kind).toBe(connective);
    expect(comparisonsOf(resolveMacros(condition, () => undefined))).toHaveLength(100_000);
    expect(printResolved(condition)).toBe(`(${text})`);
  });

  test('of a list of 100,000 values', () => {
    const text = `a.b in (${Array.from({ length: 100_000 }, (_, i) => `v${i}`).join(', ')})`;
    expect(printCondition(parseCondition(text))).toBe(text);
  });
});

describe('a text may nest', () => {
  test('1,000 parentheses that change nothing', () => {
    expect(printCondition(parseCondition(`${'('.repeat(1000)}a${')'.repeat(1000)}`))).toBe('a');
  });

  test('100,000 parentheses are refused', () => {
    expect(() => parseCondition(`${'('.repeat(100_000)}a${')'.repeat(100_000)}`)).toThrow(ConditionError);
  });

  const nested = (depth: number): string => `${'not (a or '.repeat(depth)}b${')'.repeat(depth)}`;

  test('a tree as deep as may be is printed and resolved', () => {
    // Each level is a 'not' and an 'or'.
    const levels = MAX_DEPTH / 2 - 1;
    const condition = parseCondition(nested(levels));
    const macros = new Map(
      ['a', 'b'].map((name) => [name, { name, condition: parseCondition('c.d exists') }]),
    );
    expect(comparisonsOf(resolveMacros(condition, (use) => macros.get(use.name)))).toHaveLength(levels + 1);
    expect(parseCondition(printCondition(condition))).toBeDefined();
  });

  test('a deeper tree is refused', () => {
    expect(() => parseCondition(nested(MAX_DEPTH))).toThrow(/nests deeper than/);
  });

  test('transformers that go too deep are refused', () => {
    const depth = 1000;
    const text = `${'tolower('.repeat(depth)}a.b${')'.repeat(depth)} = c`;
    expect(() => parseCondition(text)).toThrow(ConditionError);
  });
});
