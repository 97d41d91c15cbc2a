import { realpathSync } from 'node:fs';
import { load } from 'js-yaml';
import { Project } from './project';

let project: Project;

beforeEach(() => {
  project = new Project();
});

afterEach(() => {
  project.remove();
});

test('the YAML form synthesizes, and is then not stale', () => {
  const { code, out } = project.run('init', '--yaml');
  expect(code).toBe(0);
  expect(out.trim().split('\n').sort()).toEqual(Object.keys(project.files('.')).sort());
  expect(project.run('synth')).toMatchObject({ code: 0, error: '' });
  expect(project.run('synth', '--check').code).toBe(0);
  expect(project.files('manifests/production')['10-rules.yaml']).toContain(
    'rule: Connection to vistatech.it',
  );
});

test('the YAML form has a test of its rule, which passes, and fails with another rule', () => {
  project.run('init', '--yaml');
  const { scripts } = JSON.parse(project.files('.')['package.json'] ?? '') as { scripts: { test: string } };
  const [program, ...args] = scripts.test.split(' ');
  expect(program).toBe('falco-egress');
  const passed = project.run(...args);
  expect(passed).toMatchObject({ code: 0, out: expect.stringContaining(' 0 failed') as string });
  expect(passed.out).toMatch(/ [1-9]\d* passed/);
  const rules = project.files('.')['rules/website/website.yaml'] ?? '';
  project.write('rules/website/website.yaml', rules.replaceAll('213.215.222.58', '213.215.222.57'));
  expect(project.run(...args).code).toBe(1);
});

test.each(['My Proj', "Bob's $HOME", 'plain', '-dash'])(
  'a shell gets into the folder %j as it is told',
  (folder) => {
    const { code, error } = project.run('init', '--yaml', '--', folder);
    expect(code).toBe(0);
    const [, enter = ''] = /^Next: (cd .*) && npm install && npm run synth\n$/.exec(error) ?? [];
    const shell = project.execute('sh', ['-c', `${enter} && pwd`]);
    expect(shell).toEqual({ code: 0, out: `${realpathSync(project.folder)}/${folder}\n`, error: '' });
  },
);

test('the workflow runs scripts that there are', () => {
  for (const [folder, ...options] of [['a'], ['b', '--yaml']]) {
    expect(project.run('init', folder ?? '', ...options).code).toBe(0);
    const files = project.files(folder ?? '');
    const { scripts } = JSON.parse(files['package.json'] ?? '') as { scripts: Record<string, string> };
    const { jobs } = load(files['.github/workflows/manifests.yaml'] ?? '') as {
      jobs: { check: { steps: { run?: string }[] } };
    };
    const commands = jobs.check.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
    const run = commands.flatMap((command) => /^npm (?:run )?(\w+)$/.exec(command)?.[1] ?? []);
    expect(run).toEqual(expect.arrayContaining(['test', 'check']));
    expect(run.filter((name) => name !== 'ci' && !(name in scripts))).toEqual([]);
  }
});

test('a folder is made, named in the package, and told as JSON', () => {
  const { code, out, error } = project.run('init', 'deep/My Egress', '--json');
  expect([code, error]).toEqual([0, '']);
  expect((JSON.parse(out) as { written: string[] }).written).toContain('deep/My Egress/main.ts');
  expect(JSON.parse(project.files('deep/My Egress')['package.json'] ?? '')).toMatchObject({
    name: 'my-egress',
  });
});

test('a folder of our own name gives a package that can depend on ours', () => {
  project.run('init', 'falco-egress');
  expect(JSON.parse(project.files('falco-egress')['package.json'] ?? '')).toMatchObject({
    name: 'falco-egress-stack',
  });
});

test('nothing is overwritten, and what is in the way is named', () => {
  project.write('p/main.ts', 'mine');
  project.write('p/README.md', 'mine');
  expect(project.run('init', 'p')).toEqual({
    code: 2,
    out: '',
    error: 'already there: p/main.ts, p/README.md; nothing was written: give another folder, or move them\n',
  });
  expect(project.files('.')).toEqual({ 'p/README.md': 'mine', 'p/main.ts': 'mine' });
});

test('a file is no folder', () => {
  project.write('p', '');
  expect(project.run('init', 'p')).toEqual({ code: 2, out: '', error: 'p is a file; give a folder\n' });
});
