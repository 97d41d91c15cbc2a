import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { Project } from '../cli/project';
import { ROOT } from './blocks';

const FOLDER = join(ROOT, 'actions/rules-check');
const WRONG =
  '- rule: A\n  desc: d\n  condition: evt.type = connect and nosuch\n  output: 100%25\n  priority: INFO\n';

let project: Project;

beforeEach(() => {
  project = new Project();
});

afterEach(() => {
  project.remove();
});

function action(paths: string, options: string) {
  return project.execute('bash', [join(FOLDER, 'check.sh')], {
    COMMAND: `${process.execPath} ${join(ROOT, 'dist/falco-egress.js')}`,
    PATHS: paths,
    OPTIONS: options,
  });
}

test('the action’s script shows findings beside their lines, and fails', () => {
  project.write('rules/a.yaml', WRONG);
  const { code, out } = action('rules', '--no-stock');
  expect(code).toBe(1);
  expect(out).toContain('::error file=rules/a.yaml,line=3,col=37,title=LOAD_ERR_VALIDATE::undefined macro');
});

test('the action’s script passes good rules', () => {
  project.write('a.yaml', '- list: l\n  items: [a]\n');
  expect(action('a.yaml', '--no-stock').code).toBe(0);
});

interface Hook {
  readonly entry: string;
  readonly args?: readonly string[];
  readonly pass_filenames?: boolean;
}

function theHook(): Hook {
  const hooks = load(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as Hook[];
  const hook = hooks[0];
  if (hook === undefined) throw new Error('there is no hook');
  return hook;
}

/** What pre-commit runs for changed files: its entry, its args, and the files unless it wants none. */
function hookOn(...changed: string[]) {
  const { entry, args = [], pass_filenames: passes = true } = theHook();
  return project.run(...entry.split(' ').slice(1), ...args, ...(passes ? changed : []));
}

test('the hook lets a changed file use a macro of one that has not changed, and finds what is wrong with it', () => {
  project.write('rules/a.yaml', '- macro: ours\n  condition: evt.type = connect\n');
  const rule = (condition: string): string =>
    `- rule: A\n  desc: d\n  condition: ${condition}\n  output: x\n  priority: INFO\n`;
  project.write('rules/b.yaml', rule('ours and fd.typechar = 4'));
  expect(hookOn('rules/b.yaml')).toMatchObject({ code: 0, error: '' });
  project.write('rules/b.yaml', rule('theirs'));
  expect(hookOn('rules/b.yaml')).toMatchObject({ code: 1, out: expect.stringContaining('theirs') as string });
});

test('the hook and the action call what there is', () => {
  expect(theHook().entry).toBe('falco-egress rules check');
  const { inputs } = load(readFileSync(join(FOLDER, 'action.yml'), 'utf8')) as { inputs: object };
  const documented = readFileSync(join(ROOT, 'docs/checking-rules.md'), 'utf8');
  for (const name of Object.keys(inputs)) expect(documented).toContain(`\`${name}\``);
});
