import packageJson from '../../package.json';
import { Project, SYNTH_PROGRAMS } from './project';

let project: Project;

beforeEach(() => {
  project = new Project();
});

afterEach(() => {
  project.remove();
});

test.each(['--help', '-h', 'help'])('%s prints every command', (argument) => {
  const { code, out, error } = project.run(argument);
  expect([code, error]).toEqual([0, '']);
  expect(out).toMatch(/^ +synth .*write the manifests/m);
  expect(out).toMatch(/^ +diff .*what a change does/m);
  expect(out).toMatch(/^ +init .*start a project/m);
  expect(out).toMatch(/^ +import-values .*official chart/m);
});

test.each(['--version', '-V'])('%s prints the version', (argument) => {
  expect(project.run(argument)).toEqual({ code: 0, out: `${packageJson.version}\n`, error: '' });
});

test.each(SYNTH_PROGRAMS)('%s --help prints its options', (_name, ...program) => {
  const { code, out, error } = project.node([...program, '--help']);
  expect([code, error]).toEqual([0, '']);
  for (const option of ['--settings FILE', '--rules PATH', '--out DIR', '--check', '--json'])
    expect(out).toContain(option);
  expect(project.run('help', 'synth').out.trim()).toBe(out.trim());
});

test('without a command the help goes to people, as wrong use', () => {
  const { code, out, error } = project.run();
  expect([code, out]).toEqual([2, '']);
  expect(error).toContain('Usage: falco-egress [options] [command]');
});

test.each<[string[], string]>([
  [['synt'], "unknown command 'synt' (Did you mean synth?); see --help"],
  [['--versoin'], "unknown option '--versoin' (Did you mean --version?); see --help"],
  [['synth', '--setings', 'x.yaml'], "unknown option '--setings'; did you mean '--settings'?; see --help"],
  [['synth', '--check=yes'], "Option '--check' does not take an argument; see --help"],
  [['synth', '--out'], "Option '--out <value>' argument missing; see --help"],
  [['diff'], "missing required argument 'environment@revision'; see --help"],
  [['diff', 'default'], "'default' is not ENVIRONMENT@REVISION; write one such as production@HEAD~1"],
  [['diff', '@HEAD'], "'@HEAD' is not ENVIRONMENT@REVISION; write one such as production@HEAD~1"],
  [['diff', 'default@'], "'default@' is not ENVIRONMENT@REVISION; write one such as production@HEAD~1"],
  [
    ['diff', 'defualt@HEAD'],
    "no environment 'defualt' in environments/; did you mean 'default'? (there are: default)",
  ],
  [
    ['synth', 'defualt'],
    "no environment 'defualt' in environments/; did you mean 'default'? (there are: default)",
  ],
  [['synth', '--settings', 'x.yaml'], 'there is no file x.yaml for --settings'],
  [['synth', '--rules', 'rules'], 'there is no file or folder rules for --rules'],
  [
    ['synth', 'default', '--settings', 'other/default.yaml'],
    "two environments are called 'default': give each once, or rename one of the files",
  ],
])('%j is one clear line, and exit code 2', (args, message) => {
  project.write('environments/default.yaml', 'cluster: c\n');
  project.write('other/default.yaml', 'cluster: c\n');
  expect(project.run(...args)).toEqual({ code: 2, out: '', error: `${message}\n` });
  const [command = '', ...rest] = args;
  expect(project.run(command, '--json', ...rest)).toEqual({
    code: 2,
    out: `${JSON.stringify({ error: { code: 'USAGE', message } })}\n`,
    error: '',
  });
});

test.each(SYNTH_PROGRAMS)('%s where no environment is says so, and removes nothing', (_name, ...program) => {
  project.write('manifests/default/images.txt', 'x');
  project.write('manifests/default/RBAC.md', 'x');
  expect(project.node(program)).toEqual({
    code: 2,
    out: '',
    error:
      'there is no environment here: none of environments/*.yaml; give a file anywhere else by --settings\n',
  });
  expect(Object.keys(project.files('manifests'))).toHaveLength(2);
});
