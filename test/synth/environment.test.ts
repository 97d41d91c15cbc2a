import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEnvironments, loadEnvironment } from '../../lib/synth/environment';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-environment-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** The message of a failure, with the folder left out. */
function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
  }
  throw new Error('nothing failed');
}

test('an environment takes from the one that it extends where it is silent', () => {
  write('base.yaml', 'cluster: base\nsidekick: { replicas: 3, loki: { tenant: t } }\n');
  const { name, settings } = loadEnvironment(
    write('prod.yaml', 'extends: base\nsidekick: { replicas: 5 }\n'),
  );
  expect(name).toBe('prod');
  expect([settings.cluster, settings.sidekick.replicas, settings.sidekick.loki.tenant]).toEqual([
    'base',
    5,
    't',
  ]);
});

test('rules come from files and folders beside it, and from the command line; rule tests stay where they are', () => {
  mkdirSync(join(folder, 'team-a'));
  write('team-a/a.yaml', '- list: a\n  items: []\n');
  write('team-a/a.test.yaml', 'x');
  write('b.yaml.rules', '');
  write('rules-b.yaml', '- list: b\n  items: []\n');
  const file = write('prod.yaml', 'cluster: c\nrulesFrom: [team-a]\n');
  const { settings } = loadEnvironment(file, { rules: [join(folder, 'rules-b.yaml')] });
  expect(settings.rulesPackages).toEqual({
    'team-a': { 'a.yaml': '- list: a\n  items: []\n' },
    'rules-b': { 'rules-b.yaml': '- list: b\n  items: []\n' },
  });
});

test('an unknown key is shown where it stands, with the nearest right name', () => {
  const file = write('x.yaml', 'cluster: c\nsidekick:\n  replicaz: 3\n');
  expect(failure(() => loadEnvironment(file))).toBe(
    [
      `x.yaml:3:3 error unknown-key sidekick.replicaz: unknown key 'replicaz'; did you mean 'replicas'?`,
      '  3 |   replicaz: 3',
      '    |   ^^^^^^^^',
    ].join('\n'),
  );
});

test.each([
  [
    'a wrong type',
    'cluster: c\nsidekick: { replicas: many }\n',
    `x.yaml:2:23 error wrong-type sidekick.replicas: expected a whole number of at least 1, found the text "many"`,
  ],
  [
    'a number out of range',
    'cluster: c\nsidekick: { replicas: 0 }\n',
    `x.yaml:2:23 error out-of-range sidekick.replicas`,
  ],
  [
    'a wrong word',
    'cluster: c\ntls:\n  issuer: certmanager\n',
    `x.yaml:3:11 error not-a-choice tls.issuer: expected 'none', 'certManager' or 'existingSecrets', found the text "certmanager"; did you mean 'certManager'?`,
  ],
  [
    'a namespace that is no name',
    'cluster: c\nnamespaces: { node: Falco_1 }\n',
    `x.yaml:2:21 error invalid-setting namespaces.node: 'Falco_1' is not a name of Kubernetes`,
  ],
  ['no YAML', 'cluster: "c\n', 'x.yaml:2:1 error not-yaml'],
  ['a key that stands twice', 'cluster: a\ncluster: b\n', 'x.yaml:2:1 error not-yaml'],
  [
    'no cluster',
    'sidekick: { replicas: 1 }\n',
    'x.yaml:1:1 error invalid-setting cluster: every alert names its cluster',
  ],
  ['nothing at all', '', 'x.yaml:1:1 error invalid-setting cluster'],
  ['a list', '- a\n', 'x.yaml:1:1 error wrong-type'],
  [
    'an image without a tag',
    'cluster: c\nimages:\n  sidekick:\n    tag: ""\n',
    'x.yaml:4:10 error invalid-setting images.sidekick.tag: an image needs a tag',
  ],
  [
    'an exempt label with no value',
    'cluster: c\nexempt:\n  values: [""]\n',
    `x.yaml:3:12 error invalid-setting exempt.values.0`,
  ],
  [
    'a response to what is no condition',
    "cluster: c\nresponses:\n  - match: rule = 'x' an proc.name = y\n    action: notify\n",
    'x.yaml:3:12 error invalid-setting responses.0.match: column 12:',
  ],
  [
    'a response to a rule that nobody has',
    "cluster: c\nresponses:\n  - action: notify\n    match: rule = 'Egress conection'\n",
    `x.yaml:4:12 error invalid-setting responses.0.match: column 8: no rule 'Egress conection' is loaded`,
  ],
  [
    'a response to a rule that tells no Pod',
    [
      'cluster: c',
      'rules: [{ rule: mine, desc: d, condition: evt.type = open, output: o, priority: error }]',
      'falco: { config: { append_output: [{ suggested_output: false }] } }',
      'responses:',
      '  - { action: quarantine, match: rule = mine }',
      '',
    ].join('\n'),
    `x.yaml:5:34 error invalid-setting responses.0.match: column 1: the alerts of rule 'mine' don't tell`,
  ],
  [
    'rules from nowhere',
    'cluster: c\nrulesFrom:\n  - team-a\n',
    'x.yaml:3:5 error invalid-setting there is no file or folder team-a',
  ],
  [
    'an environment that is not there',
    'extends: defualt\ncluster: c\n',
    `x.yaml:1:10 error invalid-setting no environment 'defualt'`,
  ],
  [
    'itself as its base',
    'extends: x\ncluster: c\n',
    'x.yaml:1:10 error invalid-setting a cycle: x.yaml → x.yaml',
  ],
])('%s', (_what, text, expected) => {
  const file = write('x.yaml', text);
  expect(failure(() => loadEnvironment(file))).toContain(expected);
});

test('what is wrong in a file that is extended is shown there', () => {
  write('base.yaml', 'cluster: c\nimages: { sidekick: { tag: "" } }\n');
  const file = write('prod.yaml', 'extends: base\n');
  expect(failure(() => loadEnvironment(file))).toContain(
    'base.yaml:2:28 error invalid-setting images.sidekick.tag',
  );
});

test('a cycle over several files names them', () => {
  write('a.yaml', 'extends: b\n');
  write('b.yaml', 'extends: c\n');
  const file = write('c.yaml', 'extends: a\n');
  expect(failure(() => loadEnvironment(file))).toContain('a cycle: c.yaml → a.yaml → b.yaml → c.yaml');
});

test('two environments of one name are refused', () => {
  write('a.yaml', 'cluster: a\n');
  write('a.yml', 'cluster: a\n');
  expect(failure(() => findEnvironments(folder))).toContain(
    'a.yml:1:1 error duplicate-environment a.yaml has the same name',
  );
});

test.each(['..yaml', '...yaml', 'Prod.yaml', '-x.yaml', 'a b.yml'])(
  '%s is no name of an environment',
  (name) => {
    const file = write(name, 'cluster: c\n');
    expect(failure(() => loadEnvironment(file))).toContain(`${name}:1:1 error invalid-name`);
  },
);

test('hidden files are no environments', () => {
  write('.#prod.yaml', '');
  write('prod.yaml', 'cluster: c\n');
  expect([...findEnvironments(folder).keys()]).toEqual(['prod']);
});

test('a second document is an error where it begins', () => {
  const file = write('x.yaml', 'cluster: c\n---\ncluster: d\n');
  expect(failure(() => loadEnvironment(file))).toContain(
    'x.yaml:2:1 error second-document a second document',
  );
  expect(loadEnvironment(write('y.yaml', '# first\n---\ncluster: c\n...\n')).settings.cluster).toBe('c');
});

test('aliases that multiply without end, or lead nowhere, are told of where the first stands', () => {
  const lists = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [was = '', is = ''] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'])
    lists.push(`${is}: &${is} [${Array(9).fill(`*${was}`).join(', ')}]`);
  const bomb = write('bomb.yaml', `${lists.join('\n')}\n`);
  expect(failure(() => loadEnvironment(bomb))).toMatch(
    /^bomb\.yaml:2:8 error not-yaml Excessive alias count/,
  );
  const nowhere = write('nowhere.yaml', 'cluster: *c\n');
  expect(failure(() => loadEnvironment(nowhere))).toMatch(
    /^nowhere\.yaml:1:10 error not-yaml Unresolved alias/,
  );
});
