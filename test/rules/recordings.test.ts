import { loadRules, printRules, renderFindings, type Finding } from '../../lib/rules';
import { recordings, type Recording } from './recordings';

const files = recordings('rules-files');
const conditions = recordings('conditions');

function errorsIn({ id, yaml }: Recording): Finding[] {
  return loadRules([{ name: id, text: yaml }], { plugins: ['container'] }).findings.filter(
    ({ severity }) => severity === 'error',
  );
}

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

  test.each([...files, ...conditions].filter(({ ok }) => !ok).map((row) => [row.id, row] as const))(
    'an error on %s with the code that Falco gives',
    (_, row) => {
      const codes = errorsIn(row).map(({ code }) => code);
      // Falco gives no code for a plugin that is too old.
      expect(codes[0]).toBe(row.errors[0]?.code ?? 'unmet-plugin-version');
    },
  );

  test.each(files.filter(({ ok }) => ok).map((row) => [row.id, row.yaml] as const))(
    '%s means the same when printed and read again',
    (id, text) => {
      const objects = loadRules([{ name: id, text }]).objects.map(({ object }) => object);
      const again = loadRules([{ name: id, text: printRules(objects) }]);
      expect(again.objects.map(({ object }) => object)).toEqual(objects);
    },
  );
});
