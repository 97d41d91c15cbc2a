import { Project } from './project';

let project: Project;

beforeEach(() => {
  project = new Project();
  project.write('stock.yaml', '- macro: theirs\n  condition: evt.type = connect and fd.sop = 1.2.3.4\n');
  project.write('a.yaml', rule('theirs and fd.typechar = 4'));
});

afterEach(() => {
  project.remove();
});

function rule(condition: string): string {
  return `- rule: A\n  desc: d\n  condition: ${condition}\n  output: "%proc.name"\n  priority: INFO\n`;
}

const BLAMED = 'stock.yaml:2:37 error LOAD_ERR_COMPILE_CONDITION there is no field fd.sop';

describe('stock rules that Falco would refuse are told of, and nobody else is blamed', () => {
  test('rules check', () => {
    const { code, out, error } = project.run('rules', 'check', '--stock', 'stock.yaml', 'a.yaml');
    expect([code, error]).toEqual([1, '']);
    expect(out).toContain(`${BLAMED}\n  2 | `);
    expect(out).not.toContain('a.yaml:');
    expect(out).toContain('1 error, no warnings in 2 files');
  });

  test('rules check of files that use none of them', () => {
    project.write('stock.yaml', rule('evt.type = open and fd.sop = 1.2.3.4').replace('rule: A', 'rule: B'));
    project.write('a.yaml', rule('evt.type = open'));
    const { code, out } = project.run('rules', 'check', '--stock', 'stock.yaml', 'a.yaml');
    expect([code, out]).toEqual([1, expect.stringContaining('stock.yaml:3:') as string]);
  });

  test('rules check of a stock file that is no YAML', () => {
    project.write('stock.yaml', '- macro: [\n');
    const { code, out } = project.run('rules', 'check', '--stock', 'stock.yaml', '--json', 'a.yaml');
    const { findings } = JSON.parse(out) as { findings: { file: string; severity: string }[] };
    expect(code).toBe(1);
    expect(new Set(findings.map(({ file }) => file))).toEqual(new Set(['stock.yaml']));
  });

  test('a file that is given as the stock and to be checked has its findings once', () => {
    const { out } = project.run('rules', 'check', '--stock', 'stock.yaml', './stock.yaml', 'a.yaml');
    expect(out.split('there is no field fd.sop')).toHaveLength(2);
  });

  test('warnings of the stock are nobody’s matter', () => {
    project.write('stock.yaml', '- macro: theirs\n  condition: evt.type = connect\n  colour: red\n');
    const { code, out } = project.run('rules', 'check', '--stock', 'stock.yaml', 'a.yaml');
    expect([code, out]).toEqual([0, expect.stringContaining('no errors, no warnings in 1 file') as string]);
  });

  test('rules explain', () => {
    const { code, error } = project.run('rules', 'explain', '--stock', 'stock.yaml', 'a.yaml', 'A');
    expect([code, error]).toEqual([1, expect.stringContaining(BLAMED) as string]);
  });

  test('rules test', () => {
    project.write(
      'a.test.yaml',
      'rules: [a.yaml]\ntests:\n  - name: t\n    given: [{ evt.type: connect }]\n    expect: none\n',
    );
    const { code, out } = project.run('rules', 'test', '--stock', 'stock.yaml', 'a.test.yaml');
    expect([code, out]).toEqual([1, expect.stringContaining(BLAMED) as string]);
    expect(out).not.toContain('a.yaml:');
  });

  test('rules tune', () => {
    project.write('alerts', '');
    const { code, error } = project.run(
      'rules',
      'tune',
      '--rules',
      'a.yaml',
      '--stock',
      'stock.yaml',
      'alerts',
    );
    expect([code, error]).toEqual([1, expect.stringContaining(BLAMED) as string]);
  });
});

test('rules explain can do without stock rules', () => {
  const { code, error } = project.run('rules', 'explain', '--no-stock', 'a.yaml', 'A');
  expect([code, error]).toEqual([1, expect.stringContaining('theirs') as string]);
});
