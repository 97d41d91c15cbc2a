import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError } from '../../lib/settings/check';
import { resolveSettings, type FalcoEgressProps } from '../../lib/settings/settings';
import { FalcoEgress } from '../../lib/stack';
import { EnvironmentError } from '../../lib/synth/environment-error';
import { loadEnvironment } from '../../lib/synth/environment';
import { diffObjects, renderChanges } from '../../lib/synth/object-diff';
import { synthesize, type KubeObject } from '../constructs';
import { EQUAL_AT_EDGES, linesWhereTaken, NULLS } from '../helm/edges';
import { together } from '../helm/leaves';
import { CHART, HELMS, helmPrograms, helmTemplate } from './helm';

/*
 * Values at the edges of what JSON, YAML and Go's templates carry, and the ways in which Helm is given values.
 */

let programs: ReadonlyMap<string, string>;
let folder: string;

beforeAll(async () => {
  programs = await helmPrograms();
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-'));
}, 1_200_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function synthesized(settings: FalcoEgressProps): KubeObject[] {
  return synthesize((scope) => {
    new FalcoEgress(scope, 'falco-egress', settings);
  });
}

function refused(settings: FalcoEgressProps): boolean {
  try {
    resolveSettings(settings);
    return false;
  } catch (error) {
    if (error instanceof SettingsError) return true;
    throw error;
  }
}

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const changes = (ours: readonly KubeObject[], theirs: readonly KubeObject[]) =>
  renderChanges(diffObjects(ours, theirs));

describe.each(HELMS)('%s', (helm) => {
  const template = (values: object, flags: readonly string[] = [], chart = CHART) =>
    helmTemplate(programs.get(helm) ?? helm, values, ['--no-hooks', ...flags], chart);

  test.each(Object.entries(EQUAL_AT_EDGES))('gives the same: %s', async (_what, values) => {
    const settings = together(values);
    expect(changes(synthesized(settings), await template(settings))).toBe('');
  });

  test('gives the same: text of lines wherever it is taken', async () => {
    const { paths, values } = linesWhereTaken((some) => !refused(together(some)));
    expect(paths.length).toBeGreaterThan(30);
    expect(paths).toEqual(expect.arrayContaining(['annotations', 'sidekick.env', 'falco.annotations']));
    const settings = together(values);
    expect(changes(synthesized(settings), await template(settings))).toBe('');
  });

  test.each(NULLS)('refuses null, as our synth does: %j', async (values) => {
    const settings = together(values);
    expect(() => synthesized(settings)).toThrow(SettingsError);
    await expect(template(settings)).rejects.toThrow('schema');
  });

  test('names the value that null took away', async () => {
    await expect(template({ sidekick: { replicas: null } })).rejects.toThrow(
      /at '\/sidekick': missing property 'replicas'/,
    );
  });

  test('namespace of the release: only where Helm keeps it', async () => {
    expect(changes(await template({}), await template({}, ['--namespace', 'other']))).toBe('');
  });

  test('values one by one', async () => {
    const ours = synthesized(
      together({
        cluster: '0x10',
        annotations: { 'a.b/c': 'true' },
        sidekick: { replicas: 3, outputs: { mine: { n: 1_000_000, f: 1.5, t: [true, 'no'] } } },
      }),
    );
    const flags = [
      ['--set', 'sidekick.replicas=3,sidekick.outputs.mine.n=1000000'],
      ['--set-string', 'cluster=0x10,annotations.a\\.b/c=true'],
      ['--set-json', 'sidekick.outputs.mine.t=[true,"no"]'],
      ['--set-json', 'sidekick.outputs.mine.f=1.5'],
    ];
    expect(changes(ours, await template({}, flags.flat()))).toBe('');
  });

  test.each([
    ['a word that --set takes for a truth value', ['--set', 'cluster=true'], '/cluster'],
    ['a number that is text', ['--set-string', 'sidekick.replicas=3'], '/sidekick/replicas'],
    ['null', ['--set', 'sidekick.replicas=null'], "missing property 'replicas'"],
    ['what Helm takes for a truth value', ['--set-json', 'sidekick.env.A=false'], '/sidekick/env/A'],
  ])('refuses %s', async (_what, flags, said) => {
    await expect(template({}, flags)).rejects.toThrow(said);
  });

  test('two files: the later one wins, map by map', async () => {
    const [first, second] = [
      { cluster: 'one', labels: { a: 'b' }, exempt: { values: ['x', 'y'] } },
      { cluster: 'two', labels: { c: 'd' }, exempt: { values: ['z'] } },
    ];
    const files = [first, second].map((values, index) =>
      written(`${helm}-${index}.yaml`, JSON.stringify(values)),
    );
    const flags = files.flatMap((file) => ['--values', file]);
    expect(changes(synthesized(together(first, second)), await template({}, flags))).toBe('');
  });

  test('as a part of another chart, with global values', async () => {
    const parent = join(folder, `parent-${helm}`);
    mkdirSync(join(parent, 'charts'), { recursive: true });
    cpSync(CHART, join(parent, 'charts/falco-egress'), { recursive: true });
    writeFileSync(join(parent, 'Chart.yaml'), 'apiVersion: v2\nname: parent\nversion: 1.0.0\n');
    writeFileSync(join(parent, 'values.yaml'), 'falco-egress:\n  cluster: mine\nglobal:\n  team: a\n');
    const values = {
      sidekick: { customFields: { a: 'no' } },
      responses: [{ match: 'output contains x', action: 'notify' }],
    };
    expect(
      changes(
        synthesized(together(values, { cluster: 'mine' })),
        await template({ 'falco-egress': values, global: { other: { deep: 1 } } }, [], parent),
      ),
    ).toBe('');
    await expect(template({ 'falco-egress': { sidekik: {} } }, [], parent)).rejects.toThrow('sidekik');
    await expect(template({ 'falco-egress': { sidekick: null } }, [], parent)).rejects.toThrow('sidekick');
  });

  test('a whole environment file is a values file', async () => {
    const file = written(
      `whole-${helm}.yaml`,
      [
        'cluster: 12:30',
        'sidekick:',
        '  replicas: 0x3',
        "  customFields: { 'no': 'yes', date: 2001-01-01, nO: tRUE, a: 1.2.3 }",
        '  outputs:',
        '    mine: { a: 1e3, b: 0o17, c: 1.5e3, d: .5, e: 00, f: 1., g: 190:20:30, h: TRUE, i: 12e+3, j: 08 }',
        'rulesPackages:',
        '  team:',
        '    a.yaml: |',
        '      - list: mine',
        '        items: [a]',
        '',
      ].join('\n'),
    );
    const { settings } = loadEnvironment(file);
    expect(changes(synthesized(settings), await template({}, ['--values', file]))).toBe('');
  });
});

test.each(['no', 'Yes', 'on', 'OFF', 'y', '010', '1_000', '0b1', '+0x10', '0O7', '.inf', '.nan', '-0o7'])(
  'an environment in which Helm would read otherwise is refused: %s',
  (word) => {
    for (const text of [`mine: { a: ${word} }`, `mine: { ${word}: a }`, `mine: { a: [1, ${word}] }`]) {
      const file = written('ambiguous.yaml', `cluster: a\nsidekick:\n  outputs:\n    ${text}\n`);
      expect(() => loadEnvironment(file)).toThrow(EnvironmentError);
      expect(() => loadEnvironment(file)).toThrow(`'${word}' without quotes`);
      expect(() => loadEnvironment(file)).toThrow('ambiguous.yaml:4:');
    }
    const quoted = written(
      'quoted.yaml',
      `cluster: a\nsidekick: { customFields: { '${word}': "${word}" } }\n`,
    );
    const { settings } = loadEnvironment(quoted);
    expect(settings.sidekick.customFields).toEqual({ [word]: word });
  },
);
