import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Project } from './project';

let project: Project;

beforeEach(() => {
  project = new Project();
});

afterEach(() => {
  project.remove();
});

const RULE =
  '- rule: A\n  desc: d\n  condition: evt.type = connect and fd.cip = 1.2.3.4\n  output: x\n  priority: INFO\n';
const WRONG = RULE.replace('fd.cip', 'fd.sop');
const UNKNOWN_KEY = RULE.replace('priority', 'colour: red\n  priority');

/** `rules check` against no stock rules, whatever is installed here. */
function check(...args: string[]) {
  return project.run('rules', 'check', '--no-stock', ...args);
}

describe('rules check', () => {
  test('a good file: exit code 0, and what it was checked against', () => {
    project.write('a.yaml', RULE);
    expect(check('a.yaml')).toEqual({
      code: 0,
      out: 'no errors, no warnings in 1 file (Falco 0.44.1, container 0.7.1, k8smeta 0.4.1)\n',
      error: '',
    });
  });

  test('a mistake: its place, what was meant, exit code 1', () => {
    project.write('a.yaml', WRONG);
    const { code, out, error } = check('a.yaml');
    expect([code, error]).toEqual([1, '']);
    expect(out.split('\n')).toEqual([
      'a.yaml:3:37 error LOAD_ERR_COMPILE_CONDITION there is no field fd.sop',
      '  3 |   condition: evt.type = connect and fd.sop = 1.2.3.4',
      expect.stringMatching(/^ {4}\| {37}\^{6} did you mean fd\.sip/),
      '1 error, no warnings in 1 file (Falco 0.44.1, container 0.7.1, k8smeta 0.4.1)',
      '',
    ]);
  });

  test('a warning: exit code 0, and 1 with --strict', () => {
    project.write('a.yaml', UNKNOWN_KEY);
    expect(check('a.yaml')).toMatchObject({
      code: 0,
      out: expect.stringContaining('no errors, 1 warning') as string,
    });
    expect(check('a.yaml', '--strict').code).toBe(1);
  });

  test('what only we warn of is left out by --no-lints', () => {
    project.write('a.yaml', `${RULE}${RULE}`);
    expect(check('a.yaml').out).toContain('duplicate-rule');
    expect(check('a.yaml', '--no-lints', '--strict').code).toBe(0);
  });

  test('a folder, in the order of names; other files and rule tests are left alone', () => {
    project.write('rules/b.yml', RULE.replace('evt.type = connect', 'm'));
    project.write('rules/a.yaml', '- macro: m\n  condition: evt.type = connect\n');
    project.write('rules/a.test.yaml', 'rules: [a.yaml]\n');
    project.write('rules/README.md', '# rules\n');
    expect(check('rules')).toMatchObject({ code: 0, out: expect.stringContaining('in 2 files') as string });
    // One Falco loads them all, and compiles after each.
    expect(check('rules/b.yml', 'rules/a.yaml').out).toContain('rules/b.yml:3:14 error LOAD_ERR_VALIDATE');
  });

  test('folders within a folder, as a project has its packages; not hidden ones', () => {
    project.write('rules/website.yaml', RULE);
    project.write('rules/shop/a.yaml', '- macro: m\n  condition: evt.type = connect\n');
    project.write(
      'rules/shop/eu/b.yaml',
      RULE.replace('evt.type = connect', 'm').replace('rule: A', 'rule: B'),
    );
    project.write('rules/.git/x.yaml', WRONG);
    project.write('rules/node_modules/x.yaml', WRONG);
    const files = ['rules/shop/a.yaml', 'rules/shop/eu/b.yaml', 'rules/website.yaml'];
    const { code, out } = check('rules', '--json');
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ files, errors: 0 })]);
    project.write('rules/shop/eu/b.yaml', WRONG);
    expect(check('rules').out).toContain('rules/shop/eu/b.yaml:3:37 error');
  });

  test('a project as init starts it', () => {
    expect(project.run('init', 'p', '--yaml').code).toBe(0);
    expect(check('p/rules')).toMatchObject({ code: 0, error: '' });
  });

  test('rules that use our macros: told of --library, and right with it', () => {
    project.write('a.yaml', RULE.replace('evt.type = connect', 'outbound_corp and not egress_declared'));
    const alone = check('a.yaml');
    expect([alone.code, alone.out]).toEqual([1, expect.stringContaining('--library egress')]);
    const { code, out } = check('a.yaml', '--library', 'egress', '--json');
    const expected = { library: ['egress'], files: ['a.yaml'], errors: 0, notCheckedThrough: [] };
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining(expected)]);
    project.write('a.yaml', RULE.replace('evt.type = connect', 'outbound_public'));
    expect(check('a.yaml', '--library', 'egress').out).toContain('--library egress,scope');
    expect(check('a.yaml', '--library', 'egress,scope,record,vistatech').code).toBe(0);
    expect(check('a.yaml', '--library', 'egress,scope', '--plugins', 'container').code).toBe(0);
    expect(check('a.yaml', '--library', 'egres')).toMatchObject({
      code: 2,
      error: expect.stringContaining("did you mean 'egress'?") as string,
    });
  });

  test('standard input', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [resolve(__dirname, '../../dist/falco-egress.js'), 'rules', 'check', '-'],
      { input: WRONG, encoding: 'utf8' },
    );
    expect([status, stdout.split(' ')[0]]).toEqual([1, '<stdin>:3:37']);
  });

  test('--json', () => {
    project.write('a.yaml', WRONG);
    const { code, out } = check('a.yaml', '--json', '--plugins', 'container');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      falco: '0.44.1',
      plugins: { container: '0.7.1' },
      stock: 'none',
      files: ['a.yaml'],
      errors: 1,
      warnings: 0,
      findings: [
        {
          file: 'a.yaml',
          line: 3,
          column: 37,
          length: 6,
          severity: 'error',
          code: 'LOAD_ERR_COMPILE_CONDITION',
          message: 'there is no field fd.sop',
          hint: expect.stringContaining('fd.sip') as string,
        },
      ],
      notCheckedThrough: [],
    });
  });

  test('no colours into a file', () => {
    project.write('a.yaml', WRONG);
    expect(check('a.yaml').out).not.toContain('\u001b');
  });
});

describe('rules within other files', () => {
  test('a ConfigMap among other objects: the places are those of the manifest', () => {
    const manifest = [
      'kind: Namespace',
      'apiVersion: v1',
      '---',
      'apiVersion: v1',
      'kind: ConfigMap',
      'data:',
      '  falco.yaml: |',
      '    engine: {kind: modern_ebpf}',
      '  b.yaml: |',
      ...WRONG.trimEnd()
        .split('\n')
        .map((line) => `    ${line}`),
      `  a.yaml: ${JSON.stringify('- macro: m\n  condition: nosuch\n')}`,
      '',
    ];
    project.write('all.yaml', manifest.join('\n'));
    const places = check('all.yaml').out.match(/^\S+:\d+:\d+ .*/gm);
    expect(places).toEqual([
      "all.yaml:15:37 error LOAD_ERR_VALIDATE undefined macro 'nosuch'",
      'all.yaml:12:41 error LOAD_ERR_COMPILE_CONDITION there is no field fd.sop',
    ]);
  });

  test.each([
    ['the official chart', 'customRules:\n  a.yaml: |-\n    ', 3],
    ['a chart around it', 'falco:\n  customRules:\n    a.yaml: |-\n      ', 4],
  ])('the values of %s', (_, head, line) => {
    project.write(
      'values.yaml',
      `${head}- macro: m\n${' '.repeat(head.length - head.lastIndexOf('\n') - 1)}  condition: nosuch\n`,
    );
    expect(check('values.yaml').out).toContain(`values.yaml:${line + 1}:`);
    expect(check('values.yaml').code).toBe(1);
  });

  test('a manifest without rules', () => {
    project.write('a.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n');
    expect(check('a.yaml')).toMatchObject({ code: 0, error: '' });
  });
});

describe('the stock rules', () => {
  const USES = RULE.replace('evt.type = connect', 'outbound');

  test('by their names alone: the last line says what that leaves open', () => {
    project.write('a.yaml', USES);
    const { code, out } = project.run('rules', 'check', 'a.yaml', '--json');
    const { stock, notCheckedThrough } = JSON.parse(out) as { stock: string; notCheckedThrough: string[] };
    // Where a Falco is installed, its rules are taken.
    expect([code, stock === 'names' ? notCheckedThrough : ['A']]).toEqual([0, ['A']]);
  });

  test('from a file: they are checked through, and what they are warned of is not told', () => {
    project.write('a.yaml', USES);
    project.write(
      'stock.yaml',
      '- macro: outbound\n  condition: evt.type = connect and fd.typechar = 4\n- list: unused\n  items: []\n',
    );
    const { code, out } = project.run('rules', 'check', 'a.yaml', '--stock', 'stock.yaml');
    expect([code, out.split('\n').length]).toEqual([0, 2]);
  });

  test('not at all', () => {
    project.write('a.yaml', USES);
    expect(check('a.yaml').out).toContain("undefined macro 'outbound'");
  });
});

describe('wrong use: exit code 2', () => {
  test.each([
    [['nowhere.yaml'], 'there is no file or folder nowhere.yaml'],
    [[], 'name a rules file'],
    [['--strickt', 'a.yaml'], "unknown option '--strickt'; did you mean '--strict'?"],
    [['a.yaml', '--falco', '0.12'], "Falco version '0.12' is not known"],
    [['a.yaml', '--plugins', 'kontainer'], "plugin 'kontainer'"],
    [['a.yaml', '--stock', 'a.yaml'], 'contradict'],
    [['empty'], 'there is no rules file in empty'],
  ])('%j', (args, message) => {
    project.write('a.yaml', RULE);
    project.write('empty/README.md', '');
    const { code, out, error } = check(...args);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(message);
    expect(error.trim().split('\n')).toHaveLength(1);
  });
});

describe('encodings', () => {
  function bytes(content: Buffer) {
    writeFileSync(join(project.folder, 'a.yaml'), content);
    return check('a.yaml');
  }

  test('UTF-16 with a byte order mark, as Falco reads it', () => {
    const little = Buffer.from(`\ufeff${RULE}`, 'utf16le');
    expect(bytes(little).code).toBe(0);
    expect(bytes(Buffer.from(little).swap16()).code).toBe(0);
  });

  test('anything else that is no UTF-8: where it stops to be', () => {
    const latin1 = Buffer.from(RULE.replace('output: x', 'output: Zürich'), 'latin1');
    expect(bytes(latin1)).toMatchObject({
      code: 1,
      out: expect.stringContaining('a.yaml:4:12 error not-utf-8') as string,
    });
  });
});

describe('files that are large, or none', () => {
  const MEGABYTES_5 = `# ${'x'.repeat(5 * 1024 * 1024)}\n`;

  test('more than 4 MB are refused, with the way out', () => {
    project.write('a.yaml', `# head one\n${MEGABYTES_5}`);
    const { code, error } = check('a.yaml');
    expect(code).toBe(2);
    expect(error).toContain('a.yaml:2:4194294 has more than 4 MB');
    expect(error).toContain('split it');
  });

  test('on standard input too', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [resolve(__dirname, '../../dist/falco-egress.js'), 'rules', 'check', '--no-stock', '-'],
      { input: MEGABYTES_5, encoding: 'utf8' },
    );
    expect(status).toBe(2);
    expect(stderr).toContain('standard input:1:4194305 has more than 4 MB');
  });

  test('a device that never ends is not read for ever', () => {
    expect(check('/dev/zero')).toMatchObject({ code: 2, out: '' });
  });

  test('a named pipe is not waited for', () => {
    project.execute('mkfifo', ['pipe']);
    const { code, error } = check('pipe');
    expect(code).toBe(2);
    expect(error).toContain('- < pipe');
  });

  test('what the shell puts in the place of <(…) is read', () => {
    project.write('a.yaml', RULE);
    const program = resolve(__dirname, '../../dist/falco-egress.js');
    const { code, out } = project.execute('bash', [
      '-c',
      `"${process.execPath}" "${program}" rules check --no-stock <(cat a.yaml)`,
    ]);
    expect([code, out]).toEqual([0, expect.stringContaining('no errors, no warnings in 1 file')]);
  });
});

describe('warnings of one code', () => {
  const list = (name: string): string => `- list: ${name}\n  items: [a]\n`;
  const unused = (count: number): string => Array.from({ length: count }, (_, i) => list(`l${i}`)).join('');

  test('are printed a hundred times, then counted; --json has them all', () => {
    project.write('a.yaml', unused(130));
    const { out } = check('a.yaml');
    expect(out.match(/LOAD_UNUSED_LIST nothing uses/g)).toHaveLength(100);
    expect(out).toContain('\na.yaml: 30 more of LOAD_UNUSED_LIST; --json prints all\n');
    expect(out).toContain('no errors, 130 warnings in 1 file');
    const { findings } = JSON.parse(check('a.yaml', '--json').out) as { findings: unknown[] };
    expect(findings).toHaveLength(130);
  });

  test('are counted in each file by itself', () => {
    project.write('a.yaml', unused(100));
    project.write('b.yaml', unused(100).replaceAll('list: l', 'list: m'));
    expect(check('a.yaml', 'b.yaml').out).not.toContain('more of');
  });
});
