import { FILE_KEYS } from '../../lib/settings/environment';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsDefaults } from '../../lib/settings/settings';

interface Schema {
  readonly $ref?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly description?: string;
}

const schema = JSON.parse(
  readFileSync(join(__dirname, '../../environments/settings.schema.json'), 'utf8'),
) as Schema;

/** Maps that are the user's own: their keys are no settings of ours. */
const OPEN = new Set([
  'StringMap',
  'KubernetesFragment',
  'Quantities',
  'FalcoConfig',
  'Resources',
  'NamespaceLabels',
  'RulesPackage',
]);

function target(node: Schema): { name: string; node: Schema } {
  const name = node.$ref?.replace('#/definitions/', '') ?? '';
  return { name, node: name === '' ? node : (schema.definitions?.[name] ?? {}) };
}

function visit(node: Schema, visitor: (path: string[], leaf: Schema) => void, path: string[] = []): void {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const { name, node: inner } = target(child);
    const here = [...path, key];
    if (inner.properties !== undefined && !OPEN.has(name)) visit(inner, visitor, here);
    else visitor(here, child);
  }
}

function valueAt(path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    settingsDefaults,
  );
}

const root = schema.definitions?.['EnvironmentFile'] ?? {};
const NOT_SETTINGS = new Set<string>([...FILE_KEYS, 'cluster']);

describe('defaults', () => {
  const leaves: [string, string[], Schema][] = [];
  visit(root, (path, leaf) => {
    if (!NOT_SETTINGS.has(path[0] ?? '')) leaves.push([path.join('.'), path, leaf]);
  });

  test('there are many settings', () => {
    expect(leaves.length).toBeGreaterThan(150);
  });

  test.each(leaves)('%s has a value', (_name, path) => {
    expect(valueAt(path)).toBeDefined();
  });

  test.each(leaves.filter(([, , leaf]) => leaf.default !== undefined))(
    '%s is what its @default says',
    (_name, path, leaf) => {
      expect(valueAt(path)).toEqual(leaf.default);
    },
  );

  test.each(leaves)('%s is described', (_name, path, leaf) => {
    const words = leaf.description ?? target(leaf).node.description ?? '';
    // Switches and names whose group says it all have a default and no sentence.
    expect(words !== '' || leaf.default !== undefined || path.at(-1) === 'name').toBe(true);
  });
});
