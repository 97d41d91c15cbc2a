import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { CHART } from '../../lib/import-values/chart';
import { isMap } from '../../lib/import-values/mapping';
import { OUTPUT_KEYS } from '../../lib/import-values/output-keys';
import { resolveSettings, type FalcoEgressProps } from '../../lib/settings/settings';
import { formatPath } from '../../lib/schema/finding';
import { merge } from '../../lib/settings/resolved';
import { imported, synthesized } from './values';

function nested(path: string, value: unknown): object {
  return path
    .split('.')
    .toReversed()
    .reduce((inner, key) => ({ [key]: inner }), value as object);
}

describe.each(['1.x', '9.x'])('the whole values file of chart %s as it is', (version) => {
  const text = readFileSync(join(__dirname, `../fixtures/official-chart/${version}.yaml`), 'utf8');
  const result = imported(text);

  test('each leaf has a line, at its own place or at that of what it belongs to', () => {
    const told = new Set(result.lines.map(({ value }) => value.replace(/\[\d+\]/g, '')));
    const untold = leaves(load(text), []).filter(
      (path) => !path.some((_, depth) => told.has(path.slice(0, depth + 1).join('.'))),
    );
    expect(untold).toEqual([]);
  });

  test('nothing of it is unknown or asks for a person', () => {
    expect(result.lines.filter(({ outcome }) => ['unknown', 'unmapped'].includes(outcome))).toEqual([]);
  });

  test('the settings can be synthesized', () => {
    expect([...synthesized(result).keys()]).toContain('30-falco.yaml');
  });
});

function leaves(value: unknown, path: readonly string[]): string[][] {
  if (!isMap(value) || Object.keys(value).length === 0) return [[...path]];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]));
}

/** Values of every kind, right or wrong. */
const SAMPLES: readonly unknown[] = [
  'text',
  '10%',
  '1',
  'NOT a name!',
  'https://user:secretsecret@example.org/x',
  true,
  false,
  7,
  -0.5,
  [],
  ['text', { name: 'pull' }],
  [{ name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
  [{ name: 'A', value: 'b' }],
  { key: 'text' },
  { limits: { cpu: 1 } },
  { 'a b': { c: [1] } },
];

const FALCO_KEYS = [
  'log_level',
  'http_output',
  'webserver.ssl_enabled',
  'metrics.interval',
  'plugins',
  'rules_files',
];

const PATHS = [
  ...Object.keys(CHART).filter((path) => path !== 'falco'),
  ...FALCO_KEYS.map((key) => `falco.${key}`),
];

test.each(SAMPLES.map((sample) => [JSON.stringify(sample), sample] as const))(
  '%s under every key of the chart: a line for each, settings that work, and no secret in them',
  (_, sample) => {
    let values: object = {};
    for (const path of PATHS) values = merge(values, nested(path, sample));
    const result = imported(values);
    const told = result.lines.map(({ value }) => value);
    const known = PATHS.map((path) => formatPath(path.split('.')));
    expect(known.filter((path) => !told.some((value) => value.startsWith(path)))).toEqual([]);
    expect(JSON.stringify([result.settings, result.lines])).not.toContain('secretsecret');
    const props = { ...result.settings, rulesPackages: { prod: result.rules } };
    expect(() => resolveSettings(props as unknown as FalcoEgressProps)).not.toThrow();
    const unknown = result.lines.filter(
      ({ outcome, value }) => outcome === 'unknown' && known.includes(value),
    );
    expect(unknown.map(({ value }) => value).filter((value) => value !== 'driver.kind')).toEqual([]);
  },
);

test('with an output that is on, each of its keys is told', () => {
  for (const { name, keys, switches } of OUTPUT_KEYS.values()) {
    const own = Object.fromEntries(
      keys.map((key) => [key, switches.includes(key) ? 'https://example.org' : 'x1']),
    );
    const result = imported({
      ...nested(`falcosidekick.config.${name}`, own),
    });
    const told = result.lines.filter(({ value }) => value.startsWith('falcosidekick.config'));
    expect([name, told.length]).toEqual([name, keys.length]);
    expect(told.filter(({ outcome }) => outcome === 'unknown')).toEqual([]);
  }
});
