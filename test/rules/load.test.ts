import { loadRules, loadRulesOrThrow, RulesError, type Finding, type LoadOptions } from '../../lib/rules';

/** Findings of one file as `line:column severity code`, with the text they underline; not that nothing uses a name. */
function check(text: string, options?: LoadOptions): string[] {
  return loadRules([{ name: 'f.yaml', text }], options)
    .findings.filter(({ code }) => !code.startsWith('LOAD_UNUSED_'))
    .map((finding) => brief(finding, text));
}

function brief({ line, column, length, severity, code }: Finding, text: string): string {
  const marked = (text.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + length);
  return `${line}:${column} ${severity} ${code} [${marked}]`;
}

function message(text: string, options?: LoadOptions): string | undefined {
  const [finding] = loadRules([{ name: 'f.yaml', text }], options).findings;
  return finding && [finding.message, finding.hint].filter((part) => part !== undefined).join(' | ');
}

function ruleText(...more: string[]): string {
  return [
    '- rule: A',
    '  desc: d',
    '  condition: evt.type = connect',
    '  output: x',
    '  priority: INFO',
    ...more,
    '',
  ].join('\n');
}

function withCondition(condition: string): string {
  return `- rule: A\n  desc: d\n  condition: ${condition}\n  output: x\n  priority: INFO\n`;
}

const stock = {
  rules: new Set(['Terminal shell in container']),
  macros: new Set(['outbound', 'container']),
  lists: new Set(['shell_binaries']),
};

describe('objects', () => {
  test('say where they stand', () => {
    const text = `# remark\n${ruleText()}- list: l\n  items: [a, 80]\n`;
    expect(loadRules([{ name: 'f.yaml', text }]).objects).toEqual([
      {
        object: {
          kind: 'rule',
          name: 'A',
          desc: 'd',
          condition: 'evt.type = connect',
          output: 'x',
          priority: 'INFO',
        },
        file: 'f.yaml',
        line: 2,
        column: 3,
      },
      { object: { kind: 'list', name: 'l', items: ['a', '80'] }, file: 'f.yaml', line: 7, column: 3 },
    ]);
  });

  test('leave out what Falco refuses', () => {
    const text = `${ruleText()}- list: l\n${ruleText().replace('INFO', 'WARN')}`;
    expect(loadRules([{ name: 'f.yaml', text }]).objects).toHaveLength(1);
  });

  test.each([
    [
      '- rule: A\n  append: true\n  condition: and x = y\n',
      { condition: { how: 'append', value: 'and x = y' } },
    ],
    ['- rule: A\n  enabled: no\n', { enabled: { how: 'replace', value: false } }],
    [
      '- rule: A\n  priority: warning\n  override: {priority: replace}\n',
      { priority: { how: 'replace', value: 'WARNING' } },
    ],
  ])('are changes, however they are written: %j', (text, changes) => {
    const { objects } = loadRules([{ name: 'f.yaml', text: ruleText() + text }]);
    expect(objects[1]?.object).toEqual({ kind: 'rule-override', name: 'A', changes });
  });

  test('hold what an alias stands for', () => {
    const text = '- list: a\n  items: &x [p, q]\n- list: b\n  items: *x\n';
    const { objects } = loadRules([{ name: 'f.yaml', text }]);
    expect(objects[1]?.object).toEqual({ kind: 'list', name: 'b', items: ['p', 'q'] });
  });

  test('are read with any line ends and a byte order mark', () => {
    const text = `\ufeff${ruleText()}`.replaceAll('\n', '\r\n');
    expect(loadRules([{ name: 'f.yaml', text }])).toMatchObject({ objects: [{ line: 1 }], findings: [] });
  });

  test('can’t be made to fill the memory by aliases', () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `- list: l${i}\n  items: &l${i} [*l${i - 1}, *l${i - 1}]`,
    );
    const text = ['- list: l\n  items: &l-1 [a]', ...levels].join('\n');
    expect(check(text)).toHaveLength(40);
  });
});

describe('YAML', () => {
  test.each([
    ['a tab as indentation', '- rule: A\n\tdesc: d\n', '2:2 error LOAD_ERR_YAML_PARSE'],
    ['an open quote', '- rule: "A\n', 'LOAD_ERR_YAML_PARSE'],
    ['text after a quoted text', '- macro: "m" x\n  condition: y\n', '1:14 error LOAD_ERR_YAML_PARSE'],
  ])('%s', (_, text, expected) => {
    expect(check(text)).toEqual([expect.stringContaining(expected)]);
  });

  test.each([
    ['rule: A\n', '1:1 error LOAD_ERR_YAML_VALIDATE [rule: A]'],
    ['hello\n', '1:1 error LOAD_ERR_YAML_VALIDATE [hello]'],
    ['- a\n', '1:3 error LOAD_ERR_YAML_VALIDATE [a]'],
    ['- [a]\n', '1:3 error LOAD_ERR_YAML_VALIDATE [[a]]'],
  ])('%j is no list of items', (text, expected) => {
    expect(check(text)).toEqual([expected]);
  });

  test.each(['', '# nothing\n', '---\n', '[]\n', '~\n', '-\n', '- ~\n'])('%j holds nothing', (text) => {
    expect(loadRules([{ name: 'f.yaml', text }])).toMatchObject({ objects: [], findings: [] });
  });

  test('brackets need no indentation', () => {
    const text = '- list: l\n  items: [\n  a,\nb\n]\n- macro: m\n  condition: nosuch\n';
    expect(check(text)).toEqual(['7:14 error LOAD_ERR_VALIDATE [nosuch]']);
    expect(loadRules([{ name: 'f', text }]).objects[0]?.object).toEqual({
      kind: 'list',
      name: 'l',
      items: ['a', 'b'],
    });
  });

  test('brackets that are never closed', () => {
    expect(check('- list: l\n  items: [\n  a,\n- macro: m\n')).toEqual([
      expect.stringContaining('3:3 error LOAD_ERR_YAML_PARSE'),
    ]);
  });

  test('an unknown item', () => {
    const text = '- ruel: A\n  desc: d\n';
    expect(check(text)).toEqual(['1:3 warning LOAD_UNKNOWN_ITEM [ruel: A]']);
    expect(message(text)).toContain("did you mean 'rule'?");
  });

  test('an unknown key', () => {
    expect(check(ruleText('  prioritty: ERROR'))).toEqual(['6:3 warning LOAD_UNKNOWN_KEY [prioritty]']);
    expect(message(ruleText('  prioritty: ERROR'))).toContain("did you mean 'priority'?");
  });

  test('a key that stands twice', () => {
    expect(check(ruleText('  priority: ERROR'))).toEqual(['6:3 warning duplicate-key [priority: ERROR]']);
    expect(loadRules([{ name: 'f', text: ruleText('  priority: ERROR') }]).objects[0]?.object).toMatchObject({
      priority: 'INFO',
    });
  });
});

describe('parts of a rule', () => {
  test.each(['desc', 'condition', 'output', 'priority'])('no %s', (key) => {
    const text = ruleText().replace(new RegExp(`  ${key}: .*\n`), '');
    expect(check(text)).toEqual(['1:3 error LOAD_ERR_YAML_VALIDATE [rule: A]']);
    expect(message(text)).toBe(`no '${key}'`);
  });

  test('a misspelt key is named where the right one is missing', () => {
    expect(loadRules([{ name: 'f', text: ruleText().replace('output', 'outptu') }]).findings).toContainEqual(
      expect.objectContaining({ message: "no 'output'", hint: "'outptu' should be 'output'" }),
    );
  });

  test.each([
    ['  condition: ""', "'condition' is empty"],
    ['  condition:', "'condition' has no value"],
    ['  condition: ~', "'condition' has no value"],
    ['  condition: [a]', "'condition' must be text"],
  ])('%s', (line, expected) => {
    expect(message(ruleText().replace('  condition: evt.type = connect', line))).toBe(expected);
  });

  test('a priority that Falco lacks', () => {
    const text = ruleText().replace('INFO', 'WARN');
    expect(check(text)).toEqual(['5:13 error LOAD_ERR_YAML_VALIDATE [WARN]']);
    expect(message(text)).toBe("'WARN' is no priority | did you mean 'WARNING'?");
  });

  test('tags that are no sequence', () => {
    expect(check(ruleText('  tags: network'))).toEqual(['6:9 error LOAD_ERR_YAML_VALIDATE [network]']);
  });

  test.each(['enabled', 'capture', 'warn_evttypes', 'skip-if-unknown-filter'])(
    '%s that is neither true nor false',
    (key) => {
      expect(check(ruleText(`  ${key}: maybe`))).toEqual([
        `6:${key.length + 5} error LOAD_ERR_YAML_VALIDATE [maybe]`,
      ]);
    },
  );

  test('a duration that is no number', () => {
    expect(check(ruleText('  capture_duration: 5s'))).toEqual(['6:21 error LOAD_ERR_YAML_VALIDATE [5s]']);
  });

  test.each([
    ['100% sure', '4:15', '%'],
    ['100%% sure', '4:15', '%'],
    ['x %', '4:14', '%'],
    ['%1', '4:12', '%1'],
  ])('an output with a stray percent sign: %s', (output, place, marked) => {
    expect(check(ruleText().replace('output: x', `output: "${output}"`))).toEqual([
      `${place} error LOAD_ERR_COMPILE_OUTPUT [${marked}]`,
    ]);
  });

  test.each([
    ['no fields', '    - name: e\n      values: [a]', "exception 'e' has no 'fields'"],
    ['no name', '    - fields: proc.name', "no 'name'"],
    [
      'lengths',
      '    - {name: e, fields: [proc.name, proc.pname], comps: [in]}',
      "'fields' and 'comps' must have the same length",
    ],
    [
      'operator',
      '    - {name: e, fields: proc.name, comps: "="}',
      "one field is compared with all values: '=' can't be its operator | write comps: in",
    ],
    [
      'a name twice',
      '    - {name: e, fields: proc.name}\n    - {name: e, fields: proc.pname}',
      "there is an exception 'e' already",
    ],
    ['no mapping', '    - e', 'an exception must be a mapping'],
  ])('exceptions: %s', (_, lines, expected) => {
    expect(message(ruleText('  exceptions:', lines))).toBe(expected);
  });

  describe('exceptions that replace others', () => {
    const replaced = (exception: string): string =>
      `- rule: A\n  desc: d\n  condition: evt.type = connect\n  output: x\n  priority: INFO\n- {rule: A, exceptions: [${exception}], override: {exceptions: replace}}\n`;

    // Falco looks at them in the condition only.
    test.each([
      ['{name: e, fields: [proc.name], values: [[a]]}', []],
      ['{name: e, fields: [proc.name]}', ['LOAD_APPEND_NO_VALUES']],
      ['{name: e}', ['LOAD_APPEND_NO_VALUES']],
      ['{name: e, values: [[a]]}', ['LOAD_ERR_VALIDATE']],
      ['{name: e, fields: [proc.nam], values: [[a]]}', ['LOAD_ERR_COMPILE_CONDITION']],
      ['{name: e, fields: [proc.name], comps: [near], values: [[a]]}', ['LOAD_ERR_COMPILE_CONDITION']],
    ])('%s: %j', (exception, expected) => {
      const { findings } = loadRules([{ name: 'f', text: replaced(exception) }], { lints: false });
      expect(findings.map(({ code }) => code)).toEqual(expected);
    });
  });

  test('an exception may ask whether a field exists, as long as it has no values', () => {
    const asked = (values: string): string[] =>
      loadRules(
        [
          {
            name: 'f',
            text: `- rule: A\n  desc: d\n  condition: evt.type = connect\n  output: x\n  priority: INFO\n  exceptions: [{name: e, fields: [proc.name], comps: [exists]${values}}]\n`,
          },
        ],
        { lints: false },
      ).findings.map(({ code }) => code);
    expect(asked('')).toEqual([]);
    expect(asked(', values: [[a]]')).toEqual(['LOAD_ERR_COMPILE_CONDITION']);
  });

  test('exceptions that are no sequence', () => {
    expect(message(ruleText('  exceptions: e'))).toBe("'exceptions' must be a sequence");
  });
});

describe('macros and lists', () => {
  test('a macro without a condition', () => {
    expect(check('- macro: m\n')).toEqual(['1:3 error LOAD_ERR_YAML_VALIDATE [macro: m]']);
  });

  test('a macro’s name that no condition can use', () => {
    expect(check('- macro: my-macro\n  condition: evt.type = connect\n')).toEqual([
      '1:10 warning LOAD_INVALID_MACRO_NAME [my-macro]',
    ]);
  });

  test.each([
    ['- list: l\n', "no 'items'"],
    ['- list: l\n  items: {a: b}\n', "'items' must be a sequence: [a, b]"],
    ['- list: l\n  items: [a, ~]\n', "'items' holds something that is neither text nor a number"],
    ['- list: l\n  items: [[a]]\n', "'items' holds something that is neither text nor a number"],
  ])('%j', (text, expected) => {
    expect(message(text)).toBe(expected);
  });
});

describe('overrides', () => {
  test.each([
    ['  priority: ERROR\n  override: {priority: append}', "'priority' can't be appended to | use replace"],
    [
      '  condition: and proc.name = c\n  override: {condition: merge}',
      "'condition' can be overridden by 'append' or 'replace', not 'merge'",
    ],
    ['  override: {condition: append}', "override of 'condition', but the item has no 'condition'"],
    ['  source: syscall\n  override: {source: replace}', "'source' can't be overridden"],
    [
      '  append: true\n  condition: and proc.name = c\n  override: {condition: append}',
      "'override' and 'append: true' can't stand together",
    ],
    ['  append: true', "an appended rule needs a 'condition' or 'exceptions'"],
    [
      '  desc: d\n  priority: ERROR\n  override: {priority: replace}',
      "'desc' is here, but not under 'override'",
    ],
    ['  override: append\n  desc: d', "no 'condition'"],
  ])('%j', (lines, expected) => {
    const { findings } = loadRules([{ name: 'f', text: `${ruleText()}- rule: A\n${lines}\n` }]);
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect([errors[0]?.message, errors[0]?.hint].filter((part) => part !== undefined).join(' | ')).toBe(
      expected,
    );
  });

  test.each([
    ['  append: true\n  condition: and proc.name = c', '7:3 warning LOAD_DEPRECATED_ITEM [append: true]'],
    ['  enabled: false', '7:3 warning LOAD_DEPRECATED_ITEM [enabled]'],
  ])('the old way: %j', (lines, expected) => {
    expect(check(`${ruleText()}- rule: A\n${lines}\n`)).toEqual([expected]);
  });

  test.each([
    ['- rule: B\n  condition: and proc.name = c\n  override: {condition: append}\n', 'rule'],
    ['- rule: B\n  condition: proc.name = c\n  override: {condition: replace}\n', 'rule'],
    ['- macro: B\n  condition: and proc.name = c\n  override: {condition: append}\n', 'macro'],
    ['- list: B\n  items: [a]\n  override: {items: append}\n', 'list'],
  ])('of nothing: %j', (text, kind) => {
    expect(message(text)).toBe(`no earlier ${kind} 'B' to change`);
  });

  test('of a misspelt rule', () => {
    const text = '- rule: Terminal shell in containr\n  enabled: false\n  override: {enabled: replace}\n';
    expect(message(text, { stock })).toContain("did you mean 'Terminal shell in container'?");
  });

  test.each([
    '- rule: Terminal shell in container\n  enabled: false\n  override: {enabled: replace}\n',
    '- macro: outbound\n  condition: and container\n  override: {condition: append}\n',
    '- list: shell_binaries\n  items: [fish]\n  override: {items: append}\n',
  ])('of what the stock rules define: %j', (text) => {
    expect(check(text, { stock })).toEqual([]);
    expect(check(text)).toHaveLength(1);
  });
});

describe('macros that are used', () => {
  test('must be defined', () => {
    const text = withCondition('evt.type = connect and outbuond');
    expect(check(text, { stock })).toEqual(['3:37 error LOAD_ERR_VALIDATE [outbuond]']);
    expect(message(text, { stock })).toBe("undefined macro 'outbuond' | did you mean 'outbound'?");
  });

  test('may be defined after the rule', () => {
    expect(check(`${withCondition('m')}- macro: m\n  condition: evt.type = connect\n`)).toEqual([]);
  });

  test('must be defined before the macro that uses them', () => {
    const text = '- macro: a\n  condition: b\n- macro: b\n  condition: evt.type = connect\n';
    expect(check(text)).toEqual(['2:14 error LOAD_ERR_VALIDATE [b]']);
    expect(message(text)).toBe(
      "macro 'b' is used before it is defined | a macro may use earlier macros only",
    );
  });

  test('may come to a macro by a later definition or an append', () => {
    const [a, b] = [
      '- macro: a\n  condition: evt.type = accept\n',
      '- macro: b\n  condition: evt.type = connect\n',
    ];
    expect(check(`${a}${b}- macro: a\n  condition: or b\n  override: {condition: append}\n`)).toEqual([]);
    expect(check(`${a}${b}- macro: a\n  condition: b\n`)).toEqual(['5:10 warning duplicate-macro [a]']);
  });

  test('must not be the macro itself', () => {
    expect(check('- macro: m\n  condition: m\n')).toEqual(['2:14 error LOAD_ERR_VALIDATE [m]']);
  });

  test('must be defined even if the macro that uses them is a stock one, appended to', () => {
    const text = '- macro: outbound\n  condition: and nothing_known\n  override: {condition: append}\n';
    expect(check(text, { stock })).toEqual(['2:18 error LOAD_ERR_VALIDATE [nothing_known]']);
  });

  test('must be defined by the end of the rule’s file: Falco compiles after each', () => {
    const files = [
      { name: 'a.yaml', text: withCondition('m') },
      { name: 'b.yaml', text: '- macro: m\n  condition: evt.type = connect\n' },
    ];
    expect(loadRules(files).findings).toMatchObject([{ file: 'a.yaml', code: 'LOAD_ERR_VALIDATE' }]);
    expect(loadRules(files.toReversed()).findings).toEqual([]);
  });

  test('are found at the right place of a folded condition', () => {
    const text = withCondition('>\n    evt.type = nosuch and proc.name = "nosuch"\n    and (nosuch)\n');
    expect(check(text)).toEqual(['5:10 error LOAD_ERR_VALIDATE [nosuch]']);
  });

  test('are reported once, however many files follow', () => {
    const files = [withCondition('m'), '- list: l\n  items: [a]\n', '- list: k\n  items: [a]\n'];
    expect(loadRules(files.map((text, i) => ({ name: `${i}.yaml`, text }))).findings).toHaveLength(1);
  });

  test('may stem from a broken item', () => {
    const broken = '- macro: m\n';
    expect(check(broken + withCondition('m'))).toEqual(['1:3 error LOAD_ERR_YAML_VALIDATE [macro: m]']);
  });

  test('may stem from a file that can’t be read', () => {
    const files = ['- macro: "m\n', withCondition('m')].map((text, i) => ({ name: `${i}.yaml`, text }));
    expect(loadRules(files).findings).toMatchObject([{ file: '0.yaml', code: 'LOAD_ERR_YAML_PARSE' }]);
  });

  test('may be what a list’s name is replaced by', () => {
    expect(
      check(`- list: l\n  items: [m]\n- macro: m\n  condition: evt.type = connect\n${withCondition('l')}`),
    ).toEqual([]);
  });

  test('must be defined when a stock macro or rule is defined anew', () => {
    const macro = '- macro: outbound\n  condition: nothing_known\n';
    expect(check(macro, { stock })).toEqual(['2:14 error LOAD_ERR_VALIDATE [nothing_known]']);
    const rule = withCondition('nothing_known').replace('rule: A', 'rule: Terminal shell in container');
    expect(check(rule, { stock })).toEqual(['3:14 error LOAD_ERR_VALIDATE [nothing_known]']);
  });

  test('must be defined when the condition of a stock rule is replaced', () => {
    const text =
      '- rule: Terminal shell in container\n  condition: nosuch\n  override: {condition: replace}\n';
    expect(check(text, { stock })).toEqual(['2:14 error LOAD_ERR_VALIDATE [nosuch]']);
  });

  test('are not looked for in rules that Falco may skip', () => {
    expect(check(`${withCondition('m')}  source: k8s_audit\n`)).toEqual([
      '1:9 warning LOAD_UNKNOWN_SOURCE [A]',
    ]);
  });
});

describe('duplicates', () => {
  test.each([
    [ruleText() + ruleText(), '6:9 warning duplicate-rule [A]'],
    [
      '- macro: m\n  condition: proc.name = c\n- macro: m\n  condition: proc.name = d\n',
      '3:10 warning duplicate-macro [m]',
    ],
    ['- list: l\n  items: []\n- list: l\n  items: []\n', '3:9 warning duplicate-list [l]'],
  ])('%j', (text, expected) => {
    expect(check(text)).toEqual([expected]);
  });

  test('in another file replace on purpose', () => {
    const files = ['a', 'b'].map((name) => ({ name, text: ruleText() }));
    expect(loadRules(files).findings).toEqual([]);
  });
});

describe('requirements', () => {
  test.each([
    ['banana', 'LOAD_ERR_YAML_VALIDATE [banana]'],
    ['0.26', 'LOAD_ERR_YAML_VALIDATE [0.26]'],
    ['999', 'LOAD_ERR_VALIDATE [999]'],
    ['0.63.0', 'LOAD_ERR_VALIDATE [0.63.0]'],
    ['1.0.0', 'LOAD_ERR_VALIDATE [1.0.0]'],
  ])('engine version %s', (version, expected) => {
    expect(check(`- required_engine_version: ${version}\n`)).toEqual([`1:28 error ${expected}`]);
  });

  test.each(['10', '0.26.0', '0.62.0', '0.61.99'])('engine version %s', (version) => {
    expect(check(`- required_engine_version: ${version}\n`)).toEqual([]);
  });

  test('engine version left out', () => {
    expect(message('- required_engine_version:\n')).toBe("'required_engine_version' has no value");
  });

  test.each([
    ['- required_plugin_versions:\n  - name: x\n', "no 'version'"],
    ['- required_plugin_versions:\n  - version: 1.0.0\n', "no 'name'"],
    ['- required_plugin_versions: x\n', "'required_plugin_versions' must be a sequence"],
    ['- required_plugin_versions: [x]\n', 'a required plugin must be a mapping of name and version'],
  ])('%j', (text, expected) => {
    expect(message(text)).toBe(expected);
  });

  test('alternatives of a plugin are kept', () => {
    const text =
      '- required_plugin_versions:\n  - {name: a, version: 1.0.0, alternatives: [{name: b, version: 2.0.0}]}\n';
    expect(loadRules([{ name: 'f', text }]).objects[0]?.object).toEqual({
      kind: 'required-plugin-versions',
      plugins: [{ name: 'a', version: '1.0.0', alternatives: [{ name: 'b', version: '2.0.0' }] }],
    });
  });
});

describe('loadRulesOrThrow', () => {
  test('throws what is wrong, as people read it', () => {
    const text = ruleText().replace('INFO', 'WARN');
    let thrown: unknown;
    try {
      loadRulesOrThrow([{ name: 'f.yaml', text }]);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RulesError);
    expect(thrown).toMatchObject({
      name: 'RulesError',
      code: 'invalid-rules',
      findings: [{ line: 5, column: 13 }],
    });
    expect(String(thrown)).toContain('f.yaml:5:13 error LOAD_ERR_YAML_VALIDATE');
  });

  test('lets warnings pass', () => {
    expect(loadRulesOrThrow([{ name: 'f', text: '- ruel: A\n' }]).findings).toHaveLength(1);
  });

  test('gives findings in the order of files and lines', () => {
    const files = ['b', 'a'].map((name) => ({
      name,
      text: `- list: l\n${ruleText().replace('INFO', 'WARN')}`,
    }));
    expect(loadRules(files).findings.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'b:1',
      'b:6',
      'a:1',
      'a:6',
    ]);
  });
});
