import { loadRules, printRules, renderFindings, type Finding } from '../../lib/rules';
import { recordings, type Recording } from './recordings';

const files = recordings('rules-files');
const conditions = recordings('conditions');

function errorsIn({ id, yaml }: Recording): Finding[] {
  return loadRules([{ name: id, text: yaml }]).findings.filter(({ severity }) => severity === 'error');
}

/** What takes a parser of conditions, Falco's fields or its plugins to refuse. The list may only become shorter. */
const NOT_YET_REFUSED = [
  'f023-condition-is-int',
  'f059-output-star',
  'f077-macro-bad-condition-unused',
  'f079-macro-bad-name',
  'f093-list-item-paren',
  'f094-list-item-unbalanced-quote',
  'f096-append-rule-cond-no-and',
  'f122-override-breaks-cond',
  'f127-exc-no-comps',
  'f129-exc-unknown-comp',
  'f130-exc-unknown-field',
  'f139-exc-append-new-no-fields',
  'f152-rpv-future',
  'f159-multiline-literal-comment',
];

describe('against the real Falco', () => {
  test('the recordings are there', () => {
    expect(files).toHaveLength(117);
    expect(conditions).toHaveLength(213);
  });

  test.each([...files, ...conditions].filter(({ ok }) => ok).map((row) => [row.id, row] as const))(
    'no error on %s, which Falco loads',
    (_, row) => {
      expect(renderFindings(errorsIn(row))).toBe('');
    },
  );

  test.each(
    files.filter(({ id, ok }) => !ok && !NOT_YET_REFUSED.includes(id)).map((row) => [row.id, row] as const),
  )('an error on %s with the code that Falco gives', (_, row) => {
    const codes = errorsIn(row).map(({ code }) => code);
    expect(row.errors.map(({ code }) => code)).toContain(codes[0]);
  });

  test('what is not refused yet is known', () => {
    const missed = files.filter((row) => !row.ok && errorsIn(row).length === 0).map(({ id }) => id);
    expect(missed).toEqual(NOT_YET_REFUSED);
  });

  test.each(files.filter(({ ok }) => ok).map((row) => [row.id, row.yaml] as const))(
    '%s means the same when printed and read again',
    (id, text) => {
      const objects = loadRules([{ name: id, text }]).objects.map(({ object }) => object);
      const again = loadRules([{ name: id, text: printRules(objects) }]);
      expect(again.objects.map(({ object }) => object)).toEqual(objects);
    },
  );
});
