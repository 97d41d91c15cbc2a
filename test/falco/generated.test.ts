import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { falcoVersion } from '../../lib/falco/versions';
import { CONFIG_SCHEMA_SOURCE, generateFalcoConfig, missingNotes } from '../../tools/generate/falco-config';
import { readConfigSchema } from '../../tools/generate/falco-config-model';
import { FIELDS_SOURCE, generateFields } from '../../tools/generate/falco-fields';
import { generateStockIndex, STOCK_RULES_SOURCE } from '../../tools/generate/falco-stock-index';
import { ROOT, testWith } from './falco-data';

describe('the committed files are what the generators write', () => {
  testWith(CONFIG_SCHEMA_SOURCE, 'configuration', (json) => {
    for (const { path, text } of generateFalcoConfig(json, '0.44.1')) {
      expect(text).toBe(readFileSync(join(ROOT, path), 'utf8'));
    }
  });

  testWith(STOCK_RULES_SOURCE, 'stock index', (yaml) => {
    for (const { path, text } of generateStockIndex(yaml, '0.44.1')) {
      expect(text).toBe(readFileSync(join(ROOT, path), 'utf8'));
    }
  });

  testWith(FIELDS_SOURCE, 'fields and events', (fields) => {
    const beside = (name: string): string => readFileSync(join(ROOT, dirname(FIELDS_SOURCE), name), 'utf8');
    const written = generateFields(
      fields,
      beside('fields-without-container-plugin.json'),
      beside('events.json'),
      '0.44.1',
    );
    for (const { path, text } of written) expect(text).toBe(readFileSync(join(ROOT, path), 'utf8'));
  });

  testWith(
    CONFIG_SCHEMA_SOURCE,
    'every key of the configuration has a note, and every note a key',
    (json) => {
      expect(missingNotes(json)).toEqual([]);
    },
  );

  testWith(CONFIG_SCHEMA_SOURCE, 'the schema in the row says what the schema of Falco says', (json) => {
    expect(falcoVersion('0.44.1').configSchema()).toEqual(readConfigSchema(JSON.parse(json)).root);
  });
});

describe('the stock index', () => {
  test('of 0.44.1', () => {
    const { rules, macros, lists, ...rest } = falcoVersion('0.44.1').stockIndex();
    expect([rules.length, macros.length, lists.length]).toEqual([25, 87, 49]);
    expect(rest).toEqual({
      requiredEngineVersion: '0.57.0',
      requiredPluginVersions: { container: '0.4.0' },
      disabledRules: [],
    });
  });

  test('tells rules that are off from those that are on', () => {
    const [file] = generateStockIndex(
      [
        '- required_engine_version: 0.1.0',
        "- rule: Isn't on",
        '  enabled: false',
        '- rule: Is on',
        '- macro: a',
        '- list: b',
      ].join('\n'),
      '0.0.0',
    );
    expect(file?.text).toContain(`rules: [\n      'Isn\\'t on', 'Is on',\n`);
    expect(file?.text).toContain(`disabledRules: [\n      'Isn\\'t on',\n`);
  });

  test.each([
    ['a: 1', 'must be a list'],
    ['- 1', 'is not an object'],
    ['- rules: x', 'of no known kind: rules'],
    ['- rule: x', 'no required_engine_version'],
  ])('%j is refused', (yaml, message) => {
    expect(() => generateStockIndex(yaml, '0.0.0')).toThrow(message);
  });
});

describe('reading a schema', () => {
  const schemaOf = (property: unknown): unknown => ({
    $ref: '#/definitions/FalcoConfig',
    definitions: {
      FalcoConfig: { type: 'object', additionalProperties: false, properties: { a: property } },
    },
  });

  test.each<[unknown, string]>([
    [{ type: 'string', pattern: '^a' }, 'FalcoConfig.a: keyword not understood: pattern'],
    [
      { type: 'array', items: { type: 'string' }, uniqueItems: true },
      'FalcoConfig.a: keyword not understood',
    ],
    [{ allOf: [] }, 'FalcoConfig.a: no known type in the schema'],
    [
      { oneOf: [{ type: 'integer' }, { type: 'number' }] },
      'FalcoConfig.a: two alternatives of the same type',
    ],
    [{ type: 'array', items: [{ type: 'string' }] }, 'FalcoConfig.a: an object was expected'],
  ])('%j can not be checked by halves', (property, message) => {
    expect(() => readConfigSchema(schemaOf(property))).toThrow(message);
  });
});
