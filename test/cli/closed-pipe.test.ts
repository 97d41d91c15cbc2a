import { resolve } from 'node:path';
import { Project, SYNTH_PROGRAMS } from './project';

let project: Project;

beforeEach(() => {
  project = new Project();
});

afterEach(() => {
  project.remove();
});

const CLI = resolve(__dirname, '../../dist/falco-egress.js');

/** Runs a program whose output nobody reads: its pipe is closed before it writes. */
function unread(...command: string[]) {
  const script = '(sleep 0.2; "$@"; echo "code $?" >&2) | true';
  return project.execute('bash', ['-c', script, 'bash', process.execPath, ...command]);
}

const COMMANDS: readonly (readonly [name: string, ...command: string[]])[] = [
  ['rules check', CLI, 'rules', 'check', '--no-stock', 'a.yaml'],
  ['rules --help', CLI, 'rules', '--help'],
  ['--help', CLI, '--help'],
  ...SYNTH_PROGRAMS.map(([name, ...command]) => [name, ...command, '--help'] as const),
];

test.each(COMMANDS)('%s ends quietly when its output is read no further', (_, ...command) => {
  project.write('a.yaml', '- list: l\n  items: [a]\n');
  expect(unread(...command)).toMatchObject({ error: 'code 0\n' });
});
