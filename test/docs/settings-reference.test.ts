import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsDefaults } from '../../lib/settings/settings';
import { generateSettingsReference } from '../../tools/generate/settings-reference';
import type { Schema } from '../../tools/generate/settings';

const root = join(__dirname, '../..');

function schema(): Schema {
  return JSON.parse(readFileSync(join(root, 'environments/settings.schema.json'), 'utf8')) as Schema;
}

/** The schema with one setting of a definition changed. */
function changed(definition: string, key: string, change: Partial<Schema>): Schema {
  const { definitions = {}, ...rest } = schema();
  const node = definitions[definition];
  const properties = { ...node?.properties, [key]: { ...node?.properties?.[key], ...change } };
  return { ...rest, definitions: { ...definitions, [definition]: { ...node, properties } } };
}

/** Paths of all settings that have a default; those of Pods and images stand in tables of their own. */
function paths(value: unknown, path: readonly string[] = []): string[] {
  const isMap =
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
  return isMap
    ? Object.entries(value).flatMap(([key, item]) => paths(item, [...path, key]))
    : [path.join('.')];
}

test('every setting with a default has a row', () => {
  const text = readFileSync(join(root, 'docs/reference/settings.md'), 'utf8');
  const rows = new Set([...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path));
  const generic = (path: string): string[] => [
    path,
    path.replace(/^images\.[^.]+\./, 'images.NAME.'),
    path.replace(
      /^(falco|metacollector|sidekick|sidekickUi\.store|sidekickUi|collector|responder|loki|grafana|secrets\.job)\.(?=[^.]+(\.[^.]+)?$)/,
      'COMPONENT.',
    ),
    // Maps with keys of the user, such as requests by resource.
    path.replace(/\.[^.]+$/, ''),
  ];
  const missing = paths(settingsDefaults).filter((path) => !generic(path).some((name) => rows.has(name)));
  // Of lists and maps of the user's, what is in them has rows.
  const ofTheUser = ['responses', 'sidekick.secretEnv', 'egress.declared'];
  expect(missing.filter((path) => !ofTheUser.includes(path))).toEqual([]);
});

test('a setting without a description is refused', () => {
  expect(() =>
    generateSettingsReference(changed('DemoSettings', 'enabled', { description: undefined })),
  ).toThrow('demo.enabled: no description');
});

test('a default that the TSDoc names wrongly is refused', () => {
  expect(() => generateSettingsReference(changed('DemoSettings', 'enabled', { default: true }))).toThrow(
    'demo.enabled: the TSDoc says @default true, the default is false',
  );
});
