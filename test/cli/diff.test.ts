import { loadAll } from 'js-yaml';
import { Project, SMALL } from './project';

let project: Project;

function git(...args: string[]): void {
  const identity = [
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@example.org',
    '-c',
    'commit.gpgsign=false',
  ];
  const { code, error } = project.execute('git', [...identity, ...args]);
  if (code !== 0) throw new Error(error);
}

/** Settings, manifests and a commit of both. */
beforeEach(() => {
  project = new Project();
  project.write(
    'environments/prod.yaml',
    `cluster: prod\n${SMALL}namespaceLabels: { old: { network: green } }\n`,
  );
  expect(project.run('synth').code).toBe(0);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Synthesize');
});

afterEach(() => {
  project.remove();
});

function change(): void {
  project.write(
    'environments/prod.yaml',
    `cluster: prod\n${SMALL}namespaceLabels: { new: { network: blue } }\nsidekick: { replicas: 5 }\n`,
  );
}

test('nothing differs: nothing is printed, exit code 0', () => {
  expect(project.run('diff', 'prod@HEAD')).toEqual({ code: 0, out: '', error: '' });
  expect(project.run('diff', 'prod@main', '--json')).toEqual({
    code: 0,
    out: '{"changes":[]}\n',
    error: '',
  });
});

test('objects that come, go and change, and exit code 1; manifests are not written', () => {
  const before = project.files('manifests');
  change();
  const { code, out, error } = project.run('diff', 'prod@HEAD');
  expect([code, error]).toEqual([1, '']);
  expect(out).toMatch(/^\+ Namespace new$/m);
  expect(out).toMatch(/^- Namespace old$/m);
  expect(out).toMatch(/^~ Deployment falco-egress\/falco-egress-sidekick\n {4}spec\.replicas: \d → 5$/m);
  expect(project.files('manifests')).toEqual(before);

  const json = project.run('diff', 'prod@HEAD', '--json');
  expect([json.code, json.error]).toEqual([1, '']);
  const { changes } = JSON.parse(json.out) as { changes: { change: string; object: string }[] };
  expect(changes).toContainEqual({ change: 'added', object: 'Namespace new' });
  expect(changes).toContainEqual({ change: 'removed', object: 'Namespace old' });
  expect(changes).toContainEqual({
    change: 'changed',
    object: 'Deployment falco-egress/falco-egress-sidekick',
    fields: [{ path: 'spec.replicas', before: expect.any(Number) as number, after: 5 }],
  });
});

test('any revision, also of a folder inside the repository', () => {
  change();
  expect(project.run('synth').code).toBe(0);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Change');
  expect(project.run('diff', 'prod@HEAD').code).toBe(0);
  expect(project.run('diff', 'prod@HEAD~1').code).toBe(1);
  expect(project.run('diff', 'prod@main@{1}').code).toBe(1);
  expect(project.run('diff', 'prod@main@{0}').code).toBe(0);
  project.execute('sh', ['-c', 'mkdir infra && mv environments manifests infra']);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Move');
  const inside = project.execute('sh', [
    '-c',
    `cd infra && "$0" "$1" diff prod@HEAD`,
    process.execPath,
    programPath(),
  ]);
  expect(inside).toEqual({ code: 0, out: '', error: '' });
});

function programPath(): string {
  return require.resolve('../../dist/falco-egress.js');
}

test.each<[string, string, string]>([
  ['prod@nowhere', 'NO_REVISION', "there is no revision 'nowhere' in this git repository"],
  ['prod@--output=x', 'NO_REVISION', "there is no revision '--output=x' in this git repository"],
  ['pord@HEAD', 'USAGE', "no environment 'pord' in environments/; did you mean 'prod'? (there are: prod)"],
  [
    'other@HEAD',
    'NO_MANIFESTS',
    'there are no manifests in manifests/other at HEAD; commit them, or name another revision',
  ],
])('%s: one clear line, exit code 2', (target, code, message) => {
  if (target.startsWith('other')) project.write('environments/other.yaml', 'cluster: other\n');
  expect(project.run('diff', target)).toEqual({ code: 2, out: '', error: `${message}\n` });
  const json = project.run('diff', target, '--json');
  expect(json).toEqual({ code: 2, out: `${JSON.stringify({ error: { code, message } })}\n`, error: '' });
});

test('settings that are wrong are findings', () => {
  project.write('environments/prod.yaml', 'cluster: 3\n');
  const { code, error } = project.run('diff', 'prod@HEAD');
  expect(code).toBe(1);
  expect(error).toContain('environments/prod.yaml:1:10 error wrong-type cluster');
});

test('outside of a git repository', () => {
  project.execute('rm', ['-r', '.git']);
  const { code, out, error } = project.node([programPath(), 'diff', 'prod@HEAD'], {
    GIT_CEILING_DIRECTORIES: project.folder,
  });
  expect([code, out]).toEqual([2, '']);
  expect(error).toMatch(/^git rev-parse failed: fatal: not a git repository.*\n$/);
  const without = project.node([programPath(), 'diff', 'prod@HEAD'], { PATH: project.folder });
  expect(without).toEqual({ code: 2, out: '', error: 'git rev-parse failed: there is no git on the PATH\n' });
});

describe('a Falco of the official chart', () => {
  const OFFICIAL = `cluster: prod\n${SMALL}falco: { install: false, external: { form: helmValues } }\n`;
  const VALUES = 'manifests/prod/values.falco.txt';

  beforeEach(() => {
    project.write('environments/prod.yaml', OFFICIAL);
    expect(project.run('synth').code).toBe(0);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Hand Falco over');
  });

  test('what kubectl and Argo CD read of its folder are objects', () => {
    const files = Object.entries(project.files('manifests/prod'));
    const read = files.filter(([name]) => /\.(ya?ml|json|jsonnet)$/.test(name));
    for (const object of read.flatMap(([, text]) => loadAll(text)))
      expect(object).toMatchObject({
        apiVersion: expect.any(String) as string,
        kind: expect.any(String) as string,
      });
    expect(project.files('.')[VALUES]).toContain('customRules:');
  });

  test('its values are compared as a text', () => {
    expect(project.run('diff', 'prod@HEAD')).toEqual({ code: 0, out: '', error: '' });
    project.write('environments/prod.yaml', `${OFFICIAL}rules: [{ list: office, items: [10.0.0.1] }]\n`);
    const { code, out, error } = project.run('diff', 'prod@HEAD');
    expect([code, error]).toEqual([1, '']);
    expect(out).toMatch(/^~ file values\.falco\.txt\n {4}text:\n/m);
    expect(out).toMatch(/^ {6}\+ +list: "office"$/m);
    expect(project.run('diff', 'prod@HEAD~1').out).toMatch(/^\+ file values\.falco\.txt$/m);
  });

  test('so are values that an older version has written as .yaml', () => {
    git('mv', VALUES, 'manifests/prod/values.falco.yaml');
    git('commit', '--quiet', '--message', 'Old name');
    expect(project.run('diff', 'prod@HEAD')).toEqual({
      code: 1,
      out: '+ file values.falco.txt\n- file values.falco.yaml\n',
      error: '',
    });
  });
});
