import { lintsOf, withRule } from './found';

function withException(condition: string, ...lines: readonly string[]): string[] {
  return lintsOf(withRule(condition, '  exceptions:', ...lines.map((line) => `    ${line}`)));
}

test.each([
  ['evt.type = connect and proc.name = a', 'proc.name', 'b'],
  ['evt.type = connect and proc.name in (a, c)', 'proc.name', 'b'],
  ['evt.type = connect and not proc.name in (a, b)', 'proc.name', 'b'],
  ['evt.type = connect and proc.name startswith x', 'proc.name', 'b'],
  ['evt.type = connect and container.id != host', 'evt.type', 'open'],
  ['evt.type = connect and evt.rawres >= 0 and fd.sport = 443', 'fd.sport', '80'],
  ['evt.type = connect and evt.rawres >= 0 and fd.sport > 1023', 'fd.sport', '80'],
  ['evt.type = connect', 'container.id', 'never'],
])('of %s with %s = %s', (condition, field, value) => {
  const lints = withException(condition, '- name: e', `  fields: [${field}]`, `  values: [[${value}]]`);
  expect(lints).toEqual(value === 'never' ? [] : [`exception-never-matches [${value}]`]);
});

test('each line of values is looked at', () => {
  expect(
    withException(
      'evt.type = connect and proc.name in (a, b)',
      '- name: e',
      '  fields: [proc.name, proc.pname]',
      '  values:',
      '    - [a, sh]',
      '    - [c, sh]',
      '- name: f',
      '  fields: proc.name',
      '  comps: in',
      '  values: [d, e]',
      '- name: g',
      '  fields: proc.name',
      '  values: [a, x]',
    ),
  ).toEqual(['exception-never-matches [c]', 'exception-never-matches [d]']);
});

test('one by part of a text', () => {
  const lines = ['- name: e', '  fields: [proc.name]', '  comps: [startswith]', '  values: [[z], [b]]'];
  expect(withException('evt.type = connect and proc.name in (sh, bash)', ...lines)).toEqual([
    'exception-never-matches [z]',
  ]);
});

test('one that asks a field for two values', () => {
  const lines = ['- name: e', '  fields: [proc.name, proc.name]', '  values: [[a, b], [a, a]]'];
  expect(withException('evt.type = connect', ...lines)).toEqual(['exception-never-matches [a]']);
});

test('one without values says nothing', () => {
  const lines = [
    '- name: e',
    '  fields: [proc.name]',
    '- name: f',
    '  fields: [proc.name]',
    '  values: [[b]]',
  ];
  expect(withException('evt.type = connect and proc.name = a', ...lines)).toEqual([
    'exception-never-matches [b]',
  ]);
});
