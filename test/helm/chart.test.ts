import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { load } from 'js-yaml';
import { chartFiles } from '../../lib/helm/chart';
import type { EnvironmentSchema } from '../../lib/helm/values-schema';
import { chartReadme } from '../../tools/generate/chart-readme';
import { leaves } from './leaves';

const root = resolve(__dirname, '../..');

const schema = JSON.parse(
  readFileSync(resolve(root, 'environments/settings.schema.json'), 'utf8'),
) as EnvironmentSchema;

const files = chartFiles(schema);

/** What gives another result in another cluster or at another time: Argo CD, which only renders, would never be in sync. */
const UNSTEADY =
  /\b(lookup|rand[A-Za-z]+|gen(CA|PrivateKey|SelfSigned\w+|Signed\w+)\w*|uuidv4|shuffle|now|htpasswd|derivePassword|encryptAES|getHostByName)\b|\.Capabilities|\.Release\.(IsUpgrade|IsInstall|Revision)/;

it('prints the same from the same values, wherever and whenever', () => {
  const unsteady = [...files]
    .filter(([path]) => path.startsWith('templates/'))
    // What stands in no action is text.
    .flatMap(([path, text]) => [...text.matchAll(/\{\{[^]*?\}\}/g)].map(([action]) => `${path}: ${action}`))
    .filter((action) => UNSTEADY.test(action.replace(/"(\\.|[^"\\])*"/g, '""')));
  expect(unsteady).toEqual([]);
});

it('would notice what is not steady', () => {
  for (const action of [
    '{{ now }}',
    '{{ randAlphaNum 5 }}',
    '{{ genCA "a" 1 }}',
    '{{ .Capabilities.KubeVersion }}',
  ])
    expect(action).toMatch(UNSTEADY);
});

it('shows chart hubs what they ask for', () => {
  const chart = load(files.get('Chart.yaml') ?? '') as {
    icon: string;
    version: string;
    annotations: Record<string, string>;
  };
  const [, path = ''] = /\/main\/(.*)$/.exec(chart.icon) ?? [];
  expect(readFileSync(resolve(root, path), 'utf8')).toContain('<svg');
  const images = load(chart.annotations['artifacthub.io/images'] ?? '') as { name: string; image: string }[];
  expect(images.map(({ image }) => image)).toEqual(
    expect.arrayContaining(
      readFileSync(resolve(root, 'manifests/default/images.txt'), 'utf8').match(/^docker\.io\/.*$/gm) ?? [],
    ),
  );
});

it('says of each value in values.yaml what it is', () => {
  const settings = new Set(leaves().flatMap(({ path }) => prefixes(path)));
  const above: string[] = [];
  const mute: string[] = [];
  const seen = new Set<string>();
  const lines = (files.get('values.yaml') ?? '').split('\n');
  for (const [index, line] of lines.entries()) {
    const [, indent = '', key] = /^( *)([a-zA-Z]\w*):/.exec(line) ?? [];
    if (key === undefined) continue;
    above.splice(indent.length / 2, Infinity, key);
    const path = above.join('.');
    if (!settings.has(path)) continue;
    seen.add(path);
    if (lines[index - 1]?.trim().startsWith('#') !== true) mute.push(path);
  }
  expect(mute).toEqual([]);
  expect([...settings].filter((path) => !seen.has(path))).toEqual([]);
});

function prefixes(path: string): string[] {
  const parts = path.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}

it('has a README with a row for each value, and none that only environment files have', () => {
  const readme = chartReadme(schema);
  const rows = new Set([...readme.matchAll(/^\| `([^`]+)` \|/gm)].map(([, path]) => path));
  for (const value of ['cluster', 'falco.install', 'sidekick.loki.url', 'namespaces.create', 'rules'])
    expect(rows).toContain(value);
  expect([...rows].filter((path = '') => !isValue(path))).toEqual([]);
  const lines = readme.split('\n').filter((line) => line.startsWith('|'));
  // A bar inside of a cell is no border.
  for (const line of lines) expect(line.replace(/\\\|/g, '').split('|')).toHaveLength(6);
});

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

const values = JSON.parse(files.get('values.schema.json') ?? '') as Schema & {
  readonly definitions: Readonly<Record<string, Schema>>;
};

/** Schemas that all hold at one place. */
function alternatives(schema: Schema): readonly Schema[] {
  const { $ref, allOf = [] } = schema;
  const target = $ref === undefined ? undefined : values.definitions[$ref.replace('#/definitions/', '')];
  return [schema, ...(target === undefined ? [] : alternatives(target)), ...allOf.flatMap(alternatives)];
}

/** Whether values.schema.json has a setting of the README's tables, in which a word in capitals stands for any key. */
function isValue(path: string): boolean {
  const parts = path.replaceAll('[]', '.[]').split('.');
  const [first = ''] = parts;
  const from = first === 'COMPONENT' ? below([values], 'sidekick') : below([values], first);
  return parts.slice(1).reduce(below, from).length > 0;
}

function below(schemas: readonly Schema[], key: string): readonly Schema[] {
  return schemas.flatMap(alternatives).flatMap((schema) => {
    const { properties = {}, additionalProperties, items } = schema;
    if (key === '[]') return items ?? [];
    if (key in properties) return properties[key] ?? [];
    if (!/^[A-Z]+$/.test(key)) return [];
    // `images.NAME`: any of those that are images.
    return typeof additionalProperties === 'object' ? additionalProperties : Object.values(properties);
  });
}
