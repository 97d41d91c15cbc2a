import { join } from 'node:path';
import { Project } from './project';

let project: Project;

beforeEach(() => {
  project = new Project();
  project.write('rules/a.yaml', RULES);
  project.write('rules/a.test.yaml', TESTS);
});

afterEach(() => {
  project.remove();
});

const RULES = `- macro: reaches
  condition: evt.type = connect and fd.sip exists
- list: sites
  items: [1.1.1.1, 1.0.0.1]
- rule: A
  desc: d
  condition: reaches and not fd.sip in (sites)
  output: "%fd.sip"
  priority: INFO
`;
const TESTS = `rules: [a.yaml]
tests:
  - name: a
    given: { evt.type: connect, fd.sip: 9.9.9.9 }
    expect: { alerts: [{ rule: A }] }
`;

describe('rules test', () => {
  test('a folder’s tests are run, from wherever', () => {
    project.write('rules/deep/b.test.yml', TESTS.replace('a.yaml', '../a.yaml'));
    project.write('rules/node_modules/c.test.yml', 'x');
    expect(project.run('rules', 'test', 'rules')).toEqual({
      code: 0,
      out: 'rules/a.test.yaml\n  ✓ a\nrules/deep/b.test.yml\n  ✓ a\n2 tests in 2 files: 2 passed, 0 failed\n',
      error: '',
    });
    const beside = project.run('rules', 'test', join(project.folder, 'rules/a.test.yaml'));
    expect(beside.code).toBe(0);
  });

  test('one that fails says what differs, and exits with 1', () => {
    project.write('rules/a.test.yaml', TESTS.replace('9.9.9.9', '1.1.1.1'));
    const { code, out } = project.run('rules', 'test', 'rules', '--junit', 'out.xml');
    expect(code).toBe(1);
    expect(out).toContain('✗ a (rules/a.test.yaml:3:11)\n      - A\n          event 1 doesn');
    expect(out).toContain('fd.sip in (1.1.1.1, 1.0.0.1) is true: fd.sip is "1.1.1.1"');
    expect(out).toContain('1 test in 1 file: 0 passed, 1 failed\n');
    expect(project.files('.')['out.xml']).toContain('tests="1" failures="1"');
  });

  test('a file that is wrong keeps no other from being run', () => {
    project.write('rules/b.test.yaml', TESTS.replace('fd.sip', 'fd.spi'));
    const { code, out } = project.run('rules', 'test', 'rules', '--json');
    expect(code).toBe(1);
    const { files, summary } = JSON.parse(out) as { files: Record<string, unknown>[]; summary: unknown };
    expect(summary).toEqual({ files: 2, broken: 1, tests: 1, failed: 0 });
    expect(files).toMatchObject([
      { file: 'rules/a.test.yaml', passed: true, tests: [{ name: 'a', passed: true, differences: [] }] },
      {
        file: 'rules/b.test.yaml',
        passed: false,
        error: { code: 'invalid-test', findings: [{ line: 4, column: 33 }] },
      },
    ]);
    expect(project.run('rules', 'test', 'rules').out).toContain('1 file could not be run');
  });

  test.each([
    [[], 'name a test file or a folder of them; see --help'],
    [['none'], 'there is no file or folder none'],
    [['empty'], 'there are no *.test.yaml in empty'],
    [['rules', '--stock', 'no.yaml'], 'there is no file no.yaml for --stock'],
    [['rules', '--jnuit', 'x'], "unknown option '--jnuit'; did you mean '--junit'?; see --help"],
  ])('%j is wrong use', (args, message) => {
    project.write('empty/x.yaml', '');
    expect(project.run('rules', 'test', ...args)).toEqual({ code: 2, out: '', error: `${message}\n` });
  });

  test('--help prints its options', () => {
    expect(project.run('rules', 'test', '--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('--junit FILE') as string,
    });
  });
});

describe('rules explain', () => {
  const explain = (...args: string[]) => project.run('rules', 'explain', 'rules/a.yaml', 'A', ...args);

  test('prints the condition, macros named and lists in place', () => {
    expect(explain()).toEqual({
      code: 0,
      error: '',
      out: [
        'INFO, syscall, on connect',
        'and',
        '  reaches',
        '    and',
        '      evt.type = connect',
        '      fd.sip exists',
        '  not',
        '    fd.sip in (1.1.1.1, 1.0.0.1)',
        '',
      ].join('\n'),
    });
    expect(JSON.parse(explain('--json').out)).toMatchObject({
      rule: 'A',
      eventTypes: ['connect'],
      condition: '(reaches and not fd.sip in (1.1.1.1, 1.0.0.1))',
    });
  });

  test('says what decided of an event', () => {
    project.write('e.yaml', 'evt.type: connect\nfd.sip: 1.1.1.1\n');
    const { code, out } = explain('--event', 'e.yaml');
    expect(code).toBe(0);
    expect(out).toMatch(/^event 1 does not fit\n> false and\n/);
    expect(out).toContain('> true      fd.sip in (1.1.1.1, 1.0.0.1) · fd.sip is "1.1.1.1"\n');
    project.write('e.jsonl', '{"evt.type":"connect","fd.sip":"9.9.9.9"}\n{"output_fields":{}}\n');
    const events = (JSON.parse(explain('--event', 'e.jsonl', '--json').out) as { events: unknown[] }).events;
    expect(events).toMatchObject([
      { kind: 'and', result: true, decides: true },
      { kind: 'and', result: false },
    ]);
  });

  test.each([
    ['fd.spi: 1.1.1.1\n', 'e.yaml:1:1 error invalid-test there is no field fd.spi'],
    ['{"fd.spi":"1.1.1.1"}\n', 'e.yaml:1:1 error invalid-test there is no field fd.spi'],
  ])('an event that is wrong says where: %j', (text, message) => {
    project.write('e.yaml', text);
    const { code, error } = explain('--event', 'e.yaml');
    expect(code).toBe(1);
    expect(error).toContain(message);
  });

  test('rules that are wrong, and what is not there', () => {
    expect(project.run('rules', 'explain', 'rules/a.yaml', 'a')).toMatchObject({
      code: 2,
      error: "there is no rule 'a' in these files; did you mean 'A'?\n",
    });
    expect(project.run('rules', 'explain', 'A').code).toBe(2);
    expect(explain('--event', 'none')).toMatchObject({ code: 2, error: 'there is no file none\n' });
    project.write('rules/a.yaml', RULES.replace('fd.sip exists', 'fd.dip exists'));
    const { code, error } = explain();
    expect(code).toBe(1);
    expect(error).toContain('rules/a.yaml:2:37 error LOAD_ERR_COMPILE_CONDITION');
  });

  test('a rule that leans on stock rules can be explained, and tried on events only with them', () => {
    project.write(
      'rules/a.yaml',
      '- rule: A\n  desc: d\n  condition: outbound\n  output: o\n  priority: INFO\n',
    );
    expect(explain().out).toContain('outbound (not known)');
    project.write('e.yaml', 'evt.type: connect\n');
    expect(explain('--event', 'e.yaml').error).toContain('name their file by --stock');
    project.write('s.yaml', '- macro: outbound\n  condition: evt.type = connect\n');
    expect(explain('--event', 'e.yaml', '--stock', 's.yaml').out).toContain('event 1 fits');
  });
});
