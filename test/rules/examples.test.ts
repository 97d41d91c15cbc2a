import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runRuleTests } from '../../lib/rules';

const FOLDER = join(__dirname, '../../examples/rules');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.test.yaml'));

describe.each(files)('examples/rules/%s', (file) => {
  const { tests } = runRuleTests(join(FOLDER, file));

  test.each(tests.map((each) => [each.name, each] as const))('%s', (_, { differences }) => {
    expect(differences).toEqual([]);
  });
});
