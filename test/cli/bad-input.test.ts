import { Project, SMALL, SYNTH_PROGRAMS } from './project';

/** A project whose manifests are there and right, before somebody makes a mistake. */
let project: Project;
let before: Record<string, string>;

const RULES = 'rules/team-a/60-egress.yaml';

beforeEach(() => {
  project = new Project();
  project.write('environments/prod.yaml', `cluster: prod\n${SMALL}rulesFrom: [../rules/team-a]\n`);
  project.write(RULES, '- list: office\n  items: [10.0.0.1]\n');
  for (const name of ['00-namespaces.yaml', 'images.txt', 'RBAC.md'])
    project.write(`manifests/prod/${name}`, 'old');
  before = project.files('manifests');
});

afterEach(() => {
  project.remove();
});

const PROD = 'environments/prod.yaml';

/** What is written, and what is then said, with its place. */
const CASES: [name: string, files: Record<string, string>, places: string[]][] = [
  [
    'an unknown key',
    { [PROD]: 'cluster: c\nsidekick:\n  replicaz: 3\n' },
    [`${PROD}:3:3 error unknown-key sidekick.replicaz: unknown key 'replicaz'; did you mean 'replicas'?`],
  ],
  [
    'a wrong type',
    { [PROD]: 'cluster: 3\nsidekick: { replicas: many }\n' },
    [
      `${PROD}:1:10 error wrong-type cluster: expected text that is not empty, found 3`,
      `${PROD}:2:23 error wrong-type sidekick.replicas: expected a whole number of at least 1, found the text "many"`,
    ],
  ],
  [
    'a namespace that is not DNS-1123',
    {
      [PROD]: 'cluster: c\nnamespaces: { node: Falco_1 }\nnamespaceLabels: { Team_A: { network: green } }\n',
    },
    [
      `${PROD}:2:21 error invalid-setting namespaces.node: 'Falco_1' is not a name of Kubernetes (RFC 1123)`,
      `${PROD}:3:28 error invalid-setting namespaceLabels.Team_A: 'Team_A' is not a name of Kubernetes (RFC 1123)`,
    ],
  ],
  [
    'labels for a namespace of the stack itself',
    { [PROD]: 'cluster: c\nnamespaceLabels: { falco: { network: green } }\n' },
    [`${PROD}:2:27 error invalid-setting namespaceLabels.falco: 'falco' is a namespace of the stack itself`],
  ],
  [
    'an image without a tag',
    { [PROD]: 'cluster: c\nimages: { sidekick: { tag: "" } }\n' },
    [`${PROD}:2:28 error invalid-setting images.sidekick.tag: an image needs a tag; set images.sidekick.tag`],
  ],
  [
    'an exempt label with no value',
    { [PROD]: 'cluster: c\nexempt: { values: [] }\nnamespaceLabels: { shop: { network: "" } }\n' },
    [
      `${PROD}:2:19 error invalid-setting exempt.values: needs at least one value`,
      `${PROD}:3:37 error invalid-setting namespaceLabels.shop.network: 'network: ' is not a label of Kubernetes`,
    ],
  ],
  [
    'two environments of one name',
    { 'environments/prod.yml': 'cluster: c\n' },
    ['environments/prod.yml:1:1 error duplicate-environment prod.yaml has the same name; rename one of them'],
  ],
  [
    'a cycle of environments',
    { [PROD]: 'extends: base\n', 'environments/base.yaml': 'cluster: c\nextends: prod\n' },
    [
      `${PROD}:1:10 error invalid-setting a cycle: base.yaml → prod.yaml → base.yaml`,
      `environments/base.yaml:2:10 error invalid-setting a cycle: prod.yaml → base.yaml → prod.yaml`,
    ],
  ],
  [
    'settings that are not YAML',
    { [PROD]: 'cluster: [\n' },
    [`${PROD}:2:1 error not-yaml Flow sequence in block collection must be sufficiently indented`],
  ],
  [
    'a rules file that is not YAML',
    { [RULES]: '- list: office\n  items: [10.0.0.1\n' },
    [`${RULES}:3:1 error LOAD_ERR_YAML_PARSE not YAML`],
  ],
  [
    'a rules file that lacks a key',
    { [RULES]: '- rule: Office\n  desc: d\n  output: o\n  priority: WARNING\n' },
    [`${RULES}:1:3 error LOAD_ERR_YAML_VALIDATE no 'condition'`],
  ],
  [
    'a macro used before its definition',
    {
      [RULES]: '- macro: a\n  condition: evt.type = connect and b\n- macro: b\n  condition: evt.dir = <\n',
    },
    [`${RULES}:2:37 error LOAD_ERR_VALIDATE macro 'b' is used before it is defined`],
  ],
  [
    'a rules file that Falco would not read',
    { [PROD]: 'cluster: c\nrulesFrom: [../rules/team.txt]\n', 'rules/team.txt': '- list: a\n  items: []\n' },
    [`rules/team.txt:1:1 error invalid-setting rulesPackages.team.team.txt: 'team.txt' is not a name`],
  ],
  [
    'two rules files of one name in the directory of Falco',
    {
      [PROD]: 'cluster: c\nrulesFrom: [../a/team, ../b/team]\n',
      'a/team/x.yaml': '- list: a\n  items: []\n',
      'b/team/x.yaml': '- list: b\n  items: []\n',
    },
    [
      `b/team/x.yaml:1:1 error duplicate-rules-file in Falco's directory both this and a/team/x.yaml would be 60-team.x.yaml`,
    ],
  ],
  [
    'mistakes in several environments',
    { [PROD]: 'cluster: 3\n', 'environments/qa.yaml': 'cluster: ""\n' },
    [
      `${PROD}:1:10 error wrong-type cluster: expected text that is not empty, found 3`,
      'environments/qa.yaml:1:10 error wrong-type cluster: expected text that is not empty',
    ],
  ],
];

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}

/** Nothing is written, also not beside the manifests. */
function expectUntouched(): void {
  expect(project.files('manifests')).toEqual(before);
  expect(Object.keys(project.files('.')).filter((path) => path.startsWith('.'))).toEqual([]);
}

test.each(CASES)('%s: a clear error, exit code 1, and the old manifests stay', (_case, files, places) => {
  for (const [path, text] of Object.entries(files)) project.write(path, text);

  const { code, out, error } = project.run('synth');
  expect([code, out]).toEqual([1, '']);
  const heads = error.split('\n').filter((line) => /^\S+:\d+:\d+ /.test(line));
  expect(heads).toEqual(places.map((place) => expect.stringContaining(place) as string));
  expect(error).not.toContain(project.folder);
  expect(error).not.toMatch(/^ +at /m);
  expectUntouched();

  const json = project.run('synth', '--check', '--json');
  expect([json.code, json.error]).toEqual([1, '']);
  const { error: told } = JSON.parse(json.out) as { error: { code: string; findings: Finding[] } };
  expect(told.code).toBe('INVALID_ENVIRONMENT');
  expect(
    told.findings.map(
      (one) => `${one.file}:${one.line}:${one.column} ${one.severity} ${one.code} ${one.message}`,
    ),
  ).toEqual(heads);
});

test.each(SYNTH_PROGRAMS)('%s tells findings by exit code 1, in frames or as JSON', (_name, ...program) => {
  project.write(PROD, 'cluster: 3\n');
  expect(project.node(program)).toEqual({
    code: 1,
    out: '',
    error: [
      `${PROD}:1:10 error wrong-type cluster: expected text that is not empty, found 3`,
      '  1 | cluster: 3',
      '    |          ^',
      '',
    ].join('\n'),
  });
  expect(project.node([...program, '--json'])).toMatchObject({ code: 1, error: '' });
  expectUntouched();
});

test('a failure that is no mistake of the settings leaves the old manifests too', () => {
  project.write('manifests/prod/00-namespaces.yaml', 'old');
  project.write('blocked', '');
  const { code, out, error } = project.run('synth', '--out', 'blocked/manifests');
  expect([code, out]).toEqual([2, '']);
  expect(error).toMatch(/^E(NOTDIR|EXIST): .*\n$/m);
  expectUntouched();
});

test('rules given on the command line are named by the path that was given', () => {
  project.write('more/x.yaml', '- rule: Office\n  desc: d\n');
  const { code, error } = project.run('synth', '--rules', './more');
  expect(code).toBe(1);
  expect(error).toMatch(/^more\/x\.yaml:1:3 error LOAD_ERR_YAML_VALIDATE /);
  const absolute = project.run('synth', '--rules', `${project.folder}/more`);
  expect(absolute.error).toContain(`${project.folder}/more/x.yaml:1:3 error`);
});

test('a folder without rules is no package', () => {
  project.write('more/README.md', '');
  expect(project.run('synth', '--rules', 'more')).toEqual({
    code: 1,
    out: '',
    error: 'more:1:1 error no-rules there is no rules file here: none ends in .yaml or .yml\n',
  });
});

test('rules of the command line replace none of the environment', () => {
  project.write('other/team-a/60-egress.yaml', '- list: other\n  items: []\n');
  const { code, error } = project.run('synth', '--rules', 'other/team-a');
  expect(code).toBe(1);
  expect(error).toContain('other/team-a/60-egress.yaml:1:1 error duplicate-rules-file');
  expect(project.run('synth', '--rules', 'rules/team-a').code).toBe(0);
});
