import { loadRules, printRules } from '../../lib/rules';
import { recordings } from './recordings';

const files = recordings('rules-files');

describe('what Falco loads', () => {
  test.each(files.filter(({ ok }) => ok).map((row) => [row.id, row.yaml] as const))(
    '%s means the same when printed and read again',
    (id, text) => {
      const objects = loadRules([{ name: id, text }]).objects.map(({ object }) => object);
      const again = loadRules([{ name: id, text: printRules(objects) }]);
      expect(again.objects.map(({ object }) => object)).toEqual(objects);
    },
  );
});
