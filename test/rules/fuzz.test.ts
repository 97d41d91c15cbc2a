import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { loadRules, renderFindings } from '../../lib/rules';
import { falcoFields } from '../../lib/rules/fields/catalogue';
import { checkCondition } from '../../lib/rules/fields/check-condition';
import { ConditionError } from '../../lib/rules/language/condition-error';
import { parseCondition } from '../../lib/rules/language/parse';
import { recordings } from './recordings';

/** Of the stock rules' items, each by itself; without them our recordings alone are mutated. */
const STOCK = resolve(__dirname, '../../../shared/data/rules/falco_rules.yaml');
const stock = existsSync(STOCK)
  ? readFileSync(STOCK, 'utf8')
      .split(/^(?=- )/m)
      .filter((item) => item.length < 2000)
  : [];
const seeds = [...recordings('rules-files').map(({ yaml }) => yaml), ...stock];
/** Words, blanks, and signs one by one. */
const tokensOf = (text: string): string[] => text.match(/[\w.]+|\s+|[^\w\s]/g) ?? [];
const words = [...new Set(seeds.flatMap(tokensOf))];
const STRANGE = [
  '',
  '\u0000',
  '\ufeff',
  '\t',
  '"',
  "'",
  '[',
  '{',
  '(',
  ')',
  '*a',
  '&a',
  '- ',
  '\r',
  '\u2028',
  '🦅',
  '%',
  '|',
  '>',
  '---\n',
  '\ud800',
];

const MUTATED_CONDITIONS = 80_000;
const MUTATED_FILES = 18_000;
const ARBITRARY_FILES = 2_000;

/** A seed with a few tokens replaced, removed, doubled or swapped for strange ones. */
const mutated = (from: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...from),
      fc.array(
        fc.tuple(fc.nat(), fc.nat(3), fc.oneof(fc.constantFrom(...words), fc.constantFrom(...STRANGE))),
        { minLength: 1, maxLength: 4 },
      ),
    )
    .map(([seed, changes]) => {
      const tokens = tokensOf(seed);
      for (const [at, how, word] of changes) {
        const index = at % Math.max(1, tokens.length);
        const token = tokens[index] ?? '';
        tokens[index] = [word, '', token + token, token + word][how] ?? word;
      }
      return tokens.join('');
    });

const catalogue = falcoFields('0.44.1');
let tried = 0;

/** An answer, whose findings stand within the file, and can be shown. */
function answers(text: string): void {
  tried++;
  const file = { name: 'f.yaml', text };
  const { findings } = loadRules([file]);
  if (findings.length === 0) return;
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  for (const { line, column, code, message } of findings) {
    const length = lines[line - 1]?.length;
    if (length === undefined || column < 1 || column > length + 1 || code === '' || message === '')
      throw new Error(`${line}:${column} ${code} ${message} is not in ${JSON.stringify(text)}`);
  }
  renderFindings(findings, [file]);
}

/** A tree, or an error within the text. */
function parses(text: string): void {
  tried++;
  try {
    checkCondition(parseCondition(text), catalogue);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    const { start, end } = error.span;
    if (start < 0 || end < start || end > text.length + 1)
      throw new Error(`${start}–${end} is not in ${JSON.stringify(text)}`, { cause: error });
  }
}

afterAll(() => {
  console.log(`${tried} inputs were tried; ${stock.length} of the seeds are stock rules`);
});

test('mutated conditions get an answer', () => {
  const conditions = recordings('conditions')
    .map(({ condition = '' }) => condition)
    .filter((text) => text.length < 2000);
  fc.assert(fc.property(mutated(conditions), parses), { numRuns: MUTATED_CONDITIONS });
}, 600_000);

test('mutated rules files get an answer', () => {
  fc.assert(fc.property(mutated(seeds), answers), { numRuns: MUTATED_FILES });
}, 600_000);

test('any text gets an answer', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), answers), { numRuns: ARBITRARY_FILES });
}, 600_000);
