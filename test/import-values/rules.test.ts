import { imported, said, synthesized } from './values';
import type { Imported } from '../../lib/import-values/import-values';

/** What became of rules files, which begin in the fourth column: what is said of their lines, and what is taken. */
function importedRules(files: Readonly<Record<string, string>>): Imported {
  const texts = Object.entries(files).map(
    ([name, text]) => `  ${name}: |\n${text.trim().replace(/^(?=.)/gm, '    ')}\n`,
  );
  return imported(`customRules:\n${texts.join('')}`);
}

const body = (condition: string): string =>
  `  desc: d\n  condition: ${condition}\n  output: o\n  priority: NOTICE`;

/** Line in the values, outcome and message of what is said within the files. */
function told({ lines }: Imported): string[] {
  return lines
    .filter(({ value, column }) => value !== '' && column > 3)
    .map(({ line, outcome, message }) => `${line} ${outcome} ${message}`);
}

test('a file of which nothing is left stays out, and others get names that Falco reads', () => {
  const result = imported(
    [
      'customRules:',
      '  a.yaml: |',
      '    - rule: x',
      '      desc: y',
      '  b.yaml: |',
      '    - list: fine',
      '      items: [a]',
      '  no ending: |',
      '    - list: renamed',
      '      items: [a]',
      '  c.yaml: []',
      '  d.yaml: [x]',
      '',
    ].join('\n'),
  );
  expect(Object.keys(result.rules)).toEqual(['b.yaml', 'no-ending.yaml']);
  expect(said(result)).toEqual([
    '2:3 unmapped customRules."a.yaml"',
    '3:7 unmapped customRules."a.yaml"',
    '5:3 taken customRules."b.yaml"',
    '6:13 taken customRules."b.yaml"',
    '8:3 taken customRules."no ending"',
    '9:13 taken customRules."no ending"',
    '11:3 unneeded customRules."c.yaml"',
    '12:3 unmapped customRules."d.yaml"',
  ]);
  // Falco loads them, so nothing is said of refusing or warning.
  expect(result.lines.find(({ line }) => line === 6)?.message).toBe("nothing uses list 'fine'");
});

test('what Falco refuses is left out, with what needs it, from other files too; the rest stays as it was written', () => {
  const fine = `- rule: fine\n${body('evt.type = execve and proc.name in (shells)')}`;
  const result = importedRules({
    'a.yaml': `# About the file.

- macro: bad
  condition: no.field = 3
- list: bad_names
  items: { a: b }
# About a rule that goes.
- rule: with the macro
${body('evt.type = execve and bad')}
- list: shells # these stay
  items: [sh, bash]`,
    'b.yaml': `${fine}
- macro: over_bad
  condition: (bad or proc.name = x)
- rule: with the list
${body('evt.type = execve and not proc.name in (sh, bad_names)')}
- rule: with the macro
  override: { condition: append }
  condition: and proc.name = x`,
  });
  expect(result.rules).toEqual({
    'a.yaml': '# About the file.\n\n- list: shells # these stay\n  items: [sh, bash]\n',
    'b.yaml': `${fine}\n`,
  });
  expect(told(result)).toEqual([
    "6 unmapped macro 'bad' is left out: Falco would refuse it: there is no field no.field",
    "8 unmapped list 'bad_names' is left out: Falco would refuse it: 'items' must be a sequence: [a, b]",
    "10 unmapped rule 'with the macro' is left out: it needs macro 'bad', which is left out (a.yaml, line 3)",
    "23 unmapped macro 'over_bad' is left out: it needs macro 'bad', which is left out (a.yaml, line 3)",
    "25 unmapped rule 'with the list' is left out: it needs list 'bad_names', which is left out (a.yaml, line 5)",
    "30 unmapped rule 'with the macro' is left out: it needs rule 'with the macro', which is left out (a.yaml, line 8)",
  ]);
  expect(synthesized(result).get('10-rules.yaml')).toContain('- rule: fine');
});

test('what another item of theirs defines is not missing', () => {
  const result = importedRules({
    'a.yaml': `- macro: twice\n  conditoin: proc.name = a\n- macro: twice\n  condition: proc.name = b
- rule: user\n${body('evt.type = execve and twice')}`,
  });
  expect(result.rules['a.yaml']).toContain('- rule: user');
  expect(result.rules['a.yaml']).not.toContain('proc.name = a');
});

test('what would break our own rules is left out, and nothing else', () => {
  const harmless = '- list: other\n  items: [a]';
  const result = importedRules({ 'a.yaml': `- list: k8s_not_monitored\n  items: ['((']\n${harmless}` });
  expect(result.rules).toEqual({ 'a.yaml': `${harmless}\n` });
  expect(told(result)[0]).toMatch(/^3 unmapped list 'k8s_not_monitored' is left out: with it Falco would/);
});

test.each([
  ['not YAML', '- rule: [', /^3 unmapped all of it is left out: Falco would refuse it: not YAML/],
  ['no sequence', 'rule: x', /^3 unmapped all of it is left out: .* a rules file is a sequence/],
  [
    'items that cannot go alone',
    '[{ rule: x, desc: y }, { list: a, items: [b] }]',
    /^3 unmapped rule 'x' is left out: Falco would refuse it: no 'condition'/,
  ],
  [
    'an anchor in what is left out',
    '- rule: x\n  desc: &d y\n- rule: y\n  desc: *d',
    /^3 unmapped rule 'x' is left out/,
  ],
])('%s: the whole file is left out, and why', (_, text, why) => {
  const result = importedRules({ 'a.yaml': text });
  expect(result.rules).toEqual({});
  expect(said(result)[0]).toBe('2:3 unmapped customRules."a.yaml"');
  expect(told(result)[0]).toMatch(why);
});

describe('changes', () => {
  const conditionOf = (condition: string): string | undefined => {
    const { rules } = importedRules({ 'a.yaml': `- rule: x\n${body(condition)}` });
    return /condition: ([^]*?)\n {2}output/.exec(rules['a.yaml'] ?? '')?.[1];
  };

  test.each([
    ['evt.type = execve and evt.dir=<', 'evt.type = execve'],
    ['evt.dir = < and evt.type = execve', 'evt.type = execve'],
    ['evt.type = execve and (evt.dir != ">") and proc.name = a', 'evt.type = execve and proc.name = a'],
    ['evt.dir in (<) and evt.dir=< and evt.type = execve', 'evt.type = execve'],
    [
      '(evt.type = execve and evt.dir=<) or (evt.dir=< and (evt.type = open or evt.type = close))',
      '(evt.type = execve) or ((evt.type = open or evt.type = close))',
    ],
    ['evt.type = execve and not evt.dir = >', 'evt.type = execve'],
    [`"evt.type = execve and evt.dir='<' and proc.name = a"`, '"evt.type = execve and proc.name = a"'],
    ['>\n    evt.dir=< and\n    evt.type=execve', '>\n    evt.type=execve'],
    [
      '>\n    evt.type=execve\n    and evt.dir=<\n    and proc.name=a',
      '>\n    evt.type=execve\n    and proc.name=a',
    ],
  ])('%j is taken as %j', (before, after) => {
    expect(conditionOf(before)).toBe(after);
  });

  test.each([
    ['true beside something else by or', 'evt.type = execve and (evt.dir=< or proc.name = a)'],
    ['text', `evt.type = execve and proc.cmdline contains "and evt.dir=<"`],
    ['a direction that is compared otherwise', 'evt.type = execve and evt.dir startswith "<"'],
  ])('%s stays', (_, condition) => {
    expect(conditionOf(condition)).toBe(condition);
  });

  test('append: true becomes an override, where Falco would not mind', () => {
    const result = importedRules({
      'a.yaml': `- rule: Terminal shell in container
  append: true
  condition: and evt.dir=< and proc.name != a
- rule: Terminal shell in container
  append: true
  desc: Falco passes over this
  condition: and proc.name != b
- list: shell_binaries
  items: [mysh]
  append: true`,
    });
    expect(result.rules['a.yaml']).toBe(`- rule: Terminal shell in container
  override: { condition: append }
  condition: and proc.name != a
- rule: Terminal shell in container
  append: true
  desc: Falco passes over this
  condition: and proc.name != b
- list: shell_binaries
  items: [mysh]
  override: { items: append }
`);
    expect(told(result)).toEqual([
      '4 taken changed: append: true is deprecated, and written as override (2 times)',
      '5 taken changed: evt.dir = < is left out: it is always true since Falco 0.42',
      expect.stringMatching(/^7 gone Falco would warn: 'append' is deprecated/) as string,
    ]);
  });

  test('a condition that an alias names again is changed once', () => {
    const again = body('*c');
    const result = importedRules({
      'a.yaml': `- rule: x\n${body('&c evt.type = execve and evt.dir=<')}\n- rule: y\n${again}`,
    });
    expect(result.rules['a.yaml']).toBe(`- rule: x\n${body('&c evt.type = execve')}\n- rule: y\n${again}\n`);
  });

  test('of what is left out nothing is said to be changed', () => {
    const result = importedRules({ 'a.yaml': `- rule: x\n${body('evt.dir=< and no.field = 1')}` });
    expect(told(result)).toEqual([expect.stringMatching(/^5 unmapped rule 'x' is left out/) as string]);
  });

  test('places behind a change are those of the values', () => {
    const { lines } = importedRules({
      'a.yaml': `- rule: x\n${body('>\n    evt.dir=< and\n    evt.type = execve and evt.dir=< and k8s.rs.name = a')}`,
    });
    const [place] = lines.filter(({ message }) => message.startsWith('field-never-set'));
    expect(place).toMatchObject({ line: 7, column: 45 });
  });
});

test.each([
  ['evt.type = execve and evt.dir = >', 'unmapped'],
  ['evt.type = execve and evt.dir=<', 'taken'],
  ['evt.type = execve and k8s.ns.label.network = green', 'unmapped'],
  ['evt.type = execve and k8s.deployment.name = x', 'unmapped'],
  ['evt.type = execve and ka.verb = create', 'unmapped'],
  ['evt.type = execve and proc.name = x # evt.dir = <', undefined],
  ['evt.type = execve and k8smeta.ns.label[network] = green', undefined],
])('%s is %s today', (condition, outcome) => {
  const { lines } = importedRules({ 'a.yaml': `- rule: r\n${body(condition)}` });
  expect(lines.find(({ line }) => line === 5)?.outcome).toBe(outcome);
});

test('rules over audit events are skipped by Falco, which is told', () => {
  const result = importedRules({
    'a.yaml': `- rule: r\n${body('ka.verb = create')}\n  source: k8s_audit`,
  });
  expect(told(result)).toEqual([expect.stringMatching(/^3 unmapped .*Falco skips the rule/) as string]);
});
