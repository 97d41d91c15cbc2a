import {
  appendToCondition,
  appendToList,
  appendToMacro,
  disableRule,
  enableRule,
  list,
  macro,
  overrideRule,
  parsePriority,
  rule,
  RulesError,
} from '../../lib/rules';

const props = {
  name: 'A',
  desc: 'd',
  condition: 'evt.type = connect',
  output: 'x',
  priority: 'INFO',
} as const;

describe('list', () => {
  test.each([
    ['213.215.222.58', '213.215.222.58'],
    [443, 443],
    ['my prog', '"my prog"'],
    ['a,b', '"a,b"'],
    ['a)', '"a)"'],
    ['it"s', '"it\\"s"'],
    ['a\\b', '"a\\\\b"'],
    ['"a b"', '"a b"'],
    ["'a b'", "'a b'"],
  ])('%s becomes %s', (item, expected) => {
    expect(list('l', [item]).items).toEqual([expected]);
  });

  test('refuses an empty item', () => {
    expect(() => list('l', [''])).toThrow("list 'l' has an empty item");
  });

  test('refuses an empty name', () => {
    expect(() => list(' ', [])).toThrow(RulesError);
  });
});

describe('macro', () => {
  test('refuses a name that no condition can use', () => {
    expect(() => macro('my-macro', 'evt.type = connect')).toThrow("macro 'my-macro'");
  });

  test('refuses an empty condition', () => {
    expect(() => macro('m', ' ')).toThrow('empty condition');
  });
});

describe('rule', () => {
  test('is what it was given', () => {
    expect(rule(props)).toEqual({ kind: 'rule', ...props });
  });

  test.each(['desc', 'condition', 'output'] as const)('refuses an empty %s', (key) => {
    expect(() => rule({ ...props, [key]: '' })).toThrow(`${key} is empty`);
  });

  test('refuses an empty name', () => {
    expect(() => rule({ ...props, name: '' })).toThrow('a rule needs a name');
  });
});

describe('overrides', () => {
  test('replace what is given and append where asked', () => {
    expect(overrideRule('A', { priority: 'ERROR', tags: { append: ['x'] }, enabled: undefined })).toEqual({
      kind: 'rule-override',
      name: 'A',
      changes: { priority: { how: 'replace', value: 'ERROR' }, tags: { how: 'append', value: ['x'] } },
    });
  });

  test('that change nothing are refused', () => {
    expect(() => overrideRule('A', {})).toThrow("override of rule 'A' changes nothing");
  });

  test.each([
    [disableRule('A'), false],
    [enableRule('A'), true],
  ])('turn a rule on and off', (override, value) => {
    expect(override.changes).toEqual({ enabled: { how: 'replace', value } });
  });

  test.each(['proc.name = x', 'andproc.name = x', 'order = 1'])('refuse to append %s', (text) => {
    expect(() => appendToCondition('A', text)).toThrow("must start with 'and' or 'or'");
    expect(() => appendToMacro('m', text)).toThrow(RulesError);
  });

  test.each(['and not proc.name = x', 'or(proc.name = x)', '\n  or proc.name = x'])('append %s', (text) => {
    expect(appendToCondition('A', text).changes.condition).toEqual({ how: 'append', value: text });
    expect(appendToMacro('m', text).condition).toEqual({ how: 'append', value: text });
  });

  test('quote the items they append as a list does', () => {
    expect(appendToList('l', ['a b', 'c']).items).toEqual({ how: 'append', value: ['"a b"', 'c'] });
  });
});

describe('parsePriority', () => {
  test.each([
    ['warning', 'WARNING'],
    ['INFO', 'INFO'],
    ['Informational', 'INFO'],
    ['WARN', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(parsePriority(text)).toBe(expected);
  });
});
