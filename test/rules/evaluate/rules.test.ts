import { RuleEngine } from '../../../lib/rules/evaluate/rules';
import { loadRules } from '../../../lib/rules';

function rule(name: string, condition: string, more = ''): string {
  return `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: "%proc.name to %fd.sip"\n  priority: INFO\n  tags: [t]\n${more}`;
}

function engine(text: string, matching: 'first' | 'all'): RuleEngine {
  const { findings, ruleset } = loadRules([{ name: 'f.yaml', text }]);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return new RuleEngine(ruleset, matching);
}

const EVENT = { 'evt.type': 'connect', 'proc.name': 'curl', 'fd.sip': '10.0.0.1' };

describe('rules on events', () => {
  const text = rule('A', 'evt.type = connect') + rule('B', 'evt.type in (connect, sendto)');

  test('the first that fits, or all that fit', () => {
    expect(
      engine(text, 'first')
        .match(EVENT)
        .map(({ name }) => name),
    ).toEqual(['A']);
    expect(
      engine(text, 'all')
        .match(EVENT)
        .map(({ name }) => name),
    ).toEqual(['A', 'B']);
    expect(
      engine(text, 'all')
        .match({ ...EVENT, 'evt.type': 'sendto' })
        .map(({ name }) => name),
    ).toEqual(['B']);
    expect(engine(text, 'all').match({ ...EVENT, 'evt.type': 'open' })).toEqual([]);
  });

  test('an event of no type meets rules that ask for none', () => {
    const both = engine(text + rule('C', 'proc.name = curl', '  warn_evttypes: false\n'), 'all');
    expect(both.match({ 'proc.name': 'curl' }).map(({ name }) => name)).toEqual(['C']);
  });

  test('an alert says what Falco would', () => {
    expect(engine(text, 'first').alerts(EVENT)).toEqual([
      {
        rule: 'A',
        priority: 'INFO',
        source: 'syscall',
        tags: ['t'],
        output: 'curl to 10.0.0.1',
        output_fields: { 'proc.name': 'curl', 'fd.sip': '10.0.0.1' },
      },
    ]);
  });

  test('rules that are off raise none', () => {
    expect(engine(rule('A', 'evt.type = connect', '  enabled: false\n'), 'all').match(EVENT)).toEqual([]);
  });

  test('exceptions and overrides count', () => {
    const more =
      "  exceptions:\n    - {name: e, fields: [proc.name, fd.sip], comps: ['=', in], values: [[curl, [10.0.0.1]]]}\n";
    const excepted = engine(rule('A', 'evt.type = connect', more), 'all');
    expect(excepted.match(EVENT)).toEqual([]);
    expect(excepted.match({ ...EVENT, 'fd.sip': '10.0.0.2' })).toHaveLength(1);
    const narrowed = engine(
      `${text}- rule: A\n  condition: and proc.name = nc\n  override: {condition: append}\n`,
      'all',
    );
    expect(narrowed.match(EVENT).map(({ name }) => name)).toEqual(['B']);
  });

  test('rules of which a part is not known are left out', () => {
    const stock = { rules: new Set<string>(), macros: new Set(['outbound']), lists: new Set<string>() };
    const { ruleset } = loadRules(
      [{ name: 'f', text: rule('A', 'outbound') + rule('B', 'evt.type = connect') }],
      {
        stock,
      },
    );
    expect(ruleset.rules.map(({ name, complete }) => [name, complete])).toEqual([
      ['A', false],
      ['B', true],
    ]);
    expect(new RuleEngine(ruleset, 'all').match(EVENT).map(({ name }) => name)).toEqual(['B']);
  });
});
