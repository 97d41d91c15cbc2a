import { spawnSync } from 'node:child_process';
import { load } from 'js-yaml';
import { Project } from './project';

let project: Project;

beforeEach(() => {
  project = new Project();
});

afterEach(() => {
  project.remove();
});

const VALUES = `falcosidekick:
  enabled: true
  config:
    loki: { hostport: 'https://u:SECRETKEY@loki.example.org' }
customRules:
  office.yaml: |
    - list: office
      items: [192.0.2.1]
`;

test('an environment and its rules, which synthesize; the report tells of each value and of the Secret', () => {
  project.write('values.yaml', VALUES);
  const { code, out, error } = project.run(
    'import-values',
    'values.yaml',
    '--name',
    'prod',
    '--cluster',
    'eu-1',
  );
  expect([code, out]).toEqual([0, '']);
  expect(error.split('\n').filter((line) => line.startsWith('values.yaml'))).toEqual([
    expect.stringMatching(/^values\.yaml:2:3 taken falcosidekick\.enabled → sidekick\.enabled$/),
    expect.stringMatching(
      /^values\.yaml:4:13 taken falcosidekick\.config\.loki\.hostport → sidekick\.loki\.url/,
    ),
    expect.stringMatching(
      /^values\.yaml:6:3 taken customRules\."office\.yaml" → rulesPackages\.prod\.office\.yaml$/,
    ),
    'values.yaml:7:13 taken customRules."office.yaml": nothing uses list \'office\'',
    expect.stringMatching(/^values\.yaml:1:1 taken → cluster/),
    expect.stringMatching(/^values\.yaml:1:1 taken → sidekickUi\.enabled/),
  ]);
  expect(error).toContain(
    'kubectl -n falco-egress create secret generic falco-egress-outputs --from-literal=LOKI_USER=… --from-literal=LOKI_APIKEY=…',
  );
  expect(error).toContain('written: environments/prod.yaml, rules/prod/office.yaml');
  expect(JSON.stringify([project.files('environments'), error])).not.toContain('SECRETKEY');
  expect(load(project.files('environments')['prod.yaml'] ?? '')).toMatchObject({
    cluster: 'eu-1',
    rulesFrom: ['../rules/prod'],
  });
  expect(project.run('synth')).toMatchObject({
    code: 0,
    error: expect.stringContaining("nothing uses list 'office'") as string,
  });
  expect(project.files('manifests/prod')['10-rules.yaml']).toContain('60-prod.office.yaml');
});

test('to stdout the rules go along, and the file synthesizes anywhere', () => {
  project.write('values.yaml', VALUES);
  const { code, out } = project.run('import-values', 'values.yaml');
  expect(code).toBe(0);
  project.write('other/mine.yaml', out);
  expect(project.run('synth', '--settings', 'other/mine.yaml')).toMatchObject({ code: 0 });
});

test('stdin, and --out beside rules', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [require.resolve('../../dist/falco-egress.js'), 'import-values', '-', '--out', 'deep/eu.yaml'],
    { cwd: project.folder, input: VALUES, encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, expect.stringContaining('stdin:2:3 taken')]);
  expect(Object.keys(project.files('deep'))).toEqual(['eu.yaml', 'rules/eu/office.yaml']);
  expect(project.run('synth', '--settings', 'deep/eu.yaml')).toMatchObject({ code: 0 });
});

test('nothing is overwritten without --force', () => {
  project.write('values.yaml', VALUES);
  project.write('rules/prod/office.yaml', 'mine');
  const args = ['import-values', 'values.yaml', '--name', 'prod'];
  expect(project.run(...args)).toEqual({
    code: 2,
    out: '',
    error: 'already there: rules/prod/office.yaml; give another --name or --out, or --force to overwrite\n',
  });
  expect(Object.keys(project.files('.'))).toEqual(['rules/prod/office.yaml', 'values.yaml']);
  expect(project.run(...args, '--force').code).toBe(0);
});

test('what could not be mapped is exit code 1, and the rest is written', () => {
  project.write('values.yaml', 'tty: true\nauditLog: { enabled: true }\n');
  const { code, error } = project.run('import-values', 'values.yaml', '--name', 'prod');
  expect(code).toBe(1);
  expect(error).toContain('values.yaml:2:13 unmapped auditLog.enabled: ');
  expect(project.run('synth').code).toBe(0);
});

test('--json tells the same', () => {
  project.write('values.yaml', VALUES);
  const { code, out, error } = project.run('import-values', 'values.yaml', '--json');
  expect([code, error]).toEqual([0, '']);
  const told = JSON.parse(out) as {
    values: unknown[];
    secrets: unknown[];
    commands: string[];
    settings: object;
  };
  expect(told.values[0]).toEqual({
    file: 'values.yaml',
    line: 2,
    column: 3,
    value: 'falcosidekick.enabled',
    outcome: 'taken',
    settings: ['sidekick.enabled'],
    message: '',
  });
  expect(told.secrets).toHaveLength(2);
  expect(told.settings).toMatchObject({ cluster: 'values', sidekick: { enabled: true } });
  expect(out).not.toContain('SECRETKEY');
});

test.each([
  [['none.yaml'], 'there is no file none.yaml'],
  [['.'], '. is a folder; give the values file'],
  [
    ['v.yaml', '--name', '../x'],
    `'../x' is no name of an environment: lower-case letters, digits, '-', '_' and '.'`,
  ],
  [['v.yaml', '--out', 'x.txt'], `'x.txt' is no environment file: its name ends in .yaml or .yml`],
  [
    ['v.yaml', '--name', 'a', '--out', 'b.yaml'],
    '--name and --out both say where the settings go; give one of them',
  ],
  [[], "missing required argument 'file'; see --help"],
])('%j is wrong use: exit code 2', (args, message) => {
  project.write('v.yaml', 'tty: true\n');
  expect(project.run('import-values', ...args)).toEqual({ code: 2, out: '', error: `${message}\n` });
});

test('a file that holds no values is exit code 2, with its place, as JSON too', () => {
  project.write('v.yaml', 'tty: [\n');
  const { code, out, error } = project.run('import-values', 'v.yaml');
  expect([code, out, error]).toEqual([2, '', expect.stringMatching(/^v\.yaml:2:1 error not-yaml /)]);
  const json = project.run('import-values', 'v.yaml', '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    error: { code: 'INVALID_VALUES_FILE', findings: [{ file: 'v.yaml', line: 2, column: 1 }] },
  });
});

test('--help has examples', () => {
  expect(project.run('import-values', '--help').out).toContain('$ helm get values falco');
});
