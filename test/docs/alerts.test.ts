import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineFields, egressRules } from '../../lib/rules';
import { ROOT, testWith } from '../falco/falco-data';

const page = readFileSync(join(ROOT, 'docs/alerts.md'), 'utf8');

function outputOf(moreFields: string): string {
  const [output = ''] = egressRules({ moreFields }).flatMap((object) =>
    object.kind === 'rule' ? [object.output] : [],
  );
  return output;
}

function keysOf(output: string): [string, string][] {
  return [...output.matchAll(/(\w+)=%([\w.]+)/g)].map(([, key = '', field = '']) => [key, field]);
}

test('the table has every key of an output, in its order', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\| `([\w.]+)` +\|/gm)].map(([, key, field]) => [key, field]);
  expect(rows).toEqual(keysOf(outputOf('')));
});

test.each(['redacted', 'full'] as const)('%s is told with its keys', (commandLine) => {
  const [, row = ''] = new RegExp(`^\\| \`${commandLine}\` +\\|(.*)$`, 'm').exec(page) ?? [];
  const keys = keysOf(commandLineFields(commandLine));
  expect(keys.length).toBeGreaterThan(0);
  for (const [key, field] of keys) expect(row).toContain(`\`${key}\` (\`${field}\`)`);
});

testWith('../shared/data/falco-0.44.1/fields.json', 'Falco has each field', (json) => {
  const known = new Set([...json.matchAll(/"name": ?"([\w.]+)"/g)].map(([, name]) => name));
  const output = outputOf(commandLineFields('full') + commandLineFields('redacted'));
  const fields = keysOf(output).map(([, field]) => field.replace(/^evt\.arg\..*/, 'evt.arg'));
  expect(fields.filter((field) => !known.has(field))).toEqual(['k8smeta.deployment.name', 'k8smeta.rs.name']);
});
