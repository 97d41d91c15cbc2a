import {
  FALCO_VERSIONS,
  falcoVersion,
  isFalcoVersion,
  UnknownFalcoVersionError,
} from '../../lib/falco/versions';

test('the row of 0.44.1', () => {
  const { configSchema, stockIndex, fieldSource, ...facts } = falcoVersion('0.44.1');
  expect(facts).toMatchInlineSnapshot(`
   {
     "engine": "0.62.0",
     "plugins": {
       "container": {
         "inImage": true,
         "leastFalco": "0.41.0",
         "library": "libcontainer.so",
         "version": "0.7.1",
       },
       "k8smeta": {
         "inImage": false,
         "leastFalco": "0.40.0",
         "library": "libk8smeta.so",
         "pluginApi": "3.9.0",
         "version": "0.4.1",
       },
     },
     "stockRules": "5.1.0",
     "version": "0.44.1",
   }
  `);
  expect(fieldSource.events.split(' ')).toContain('connect');
  expect(Object.keys(configSchema().keys)).toContain('http_output');
  expect(stockIndex().rules).toContain('Terminal shell in container');
});

test('every version has a row that names itself, oldest first', () => {
  expect(FALCO_VERSIONS.map((version) => falcoVersion(version).version)).toEqual(FALCO_VERSIONS);
  const sorted = FALCO_VERSIONS.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  expect(FALCO_VERSIONS).toEqual(sorted);
});

test.each(FALCO_VERSIONS)('the stock rules of %s need no newer engine or plugin than theirs', (version) => {
  const row = falcoVersion(version);
  const { requiredEngineVersion, requiredPluginVersions } = row.stockIndex();
  expect(requiredEngineVersion.localeCompare(row.engine, 'en', { numeric: true })).toBeLessThanOrEqual(0);
  for (const [name, least] of Object.entries(requiredPluginVersions)) {
    const plugin = Object.entries(row.plugins).find(([known]) => known === name)?.[1];
    expect(least.localeCompare(plugin?.version ?? '', 'en', { numeric: true })).toBeLessThanOrEqual(0);
  }
});

test('schema and stock index are built once', () => {
  expect(falcoVersion('0.44.1').configSchema()).toBe(falcoVersion('0.44.1').configSchema());
  expect(falcoVersion('0.44.1').stockIndex()).toBe(falcoVersion('0.44.1').stockIndex());
});

test.each([
  ['0.45.0', '0.44.1'],
  ['v0.44.1', '0.44.1'],
  ['0.44', '0.44.1'],
  ['1', '0.44.1'],
  ['latest', undefined],
  ['toString', undefined],
])('an unknown version %s is refused, and the nearest is %s', (version, nearest) => {
  expect(isFalcoVersion(version)).toBe(false);
  const error = thrownBy(() => falcoVersion(version));
  expect(error).toBeInstanceOf(UnknownFalcoVersionError);
  expect(error).toMatchObject({ code: 'UNKNOWN_FALCO_VERSION', version, nearest });
});

test('the error says what is known', () => {
  expect(() => falcoVersion('0.45.0')).toThrow(
    "Falco version '0.45.0' is not known; the nearest known one is 0.44.1. Known: 0.44.1.",
  );
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
