import * as fc from 'fast-check';
import { confineRules, loadRules, RulesError, type Finding } from '../../lib/rules';
import { RuleEngine } from '../../lib/rules/evaluate/rules';

const TEAM = { team: 'shop', namespaces: ['shop', 'shop-dev'] };
const PLATFORM = [
  {
    name: '10-platform.yaml',
    text: `
- list: shells
  items: [sh, bash]
- macro: connecting
  condition: evt.type = connect
- rule: Connect
  desc: d
  condition: connecting
  output: x
  priority: INFO
- rule: Worker
  desc: d
  condition: evt.type = accept and proc.name = shop_worker
  output: x
  priority: INFO
- rule: 'shop: Taken'
  desc: d
  condition: evt.type = accept and proc.name = taken
  output: x
  priority: INFO
`,
  },
];

function rule(name: string, condition: string, more = ''): string {
  return `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: x\n  priority: INFO\n${more}`;
}

function confined(text: string): string {
  const { files } = confineRules([{ name: 'team.yaml', text }], TEAM, { platform: PLATFORM });
  return files[0]?.text ?? '';
}

/** What was refused: `line message`. */
function refused(text: string): string[] {
  try {
    confined(text);
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    return error.findings.map(({ line, message }: Finding) => `${line} ${message}`);
  }
  return [];
}

/** The rules of the team that an event of a namespace raises. */
function raised(text: string, event: Record<string, string>): string[] {
  const { ruleset, findings } = loadRules([...PLATFORM, { name: '60-shop.yaml', text: confined(text) }]);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return new RuleEngine(ruleset, 'all').match(event).map(({ name }) => name);
}

describe('a team’s rules', () => {
  const text = rule('Shell', 'connecting and proc.name in (shells) or proc.name in (shop_tools)');
  const whole = `- list: shop_tools\n  items: [cart]\n${text}`;

  test('carry its name, and see its namespaces only', () => {
    const event = { 'evt.type': 'connect', 'proc.name': 'cart' };
    expect(raised(whole, { ...event, 'k8s.ns.name': 'shop-dev' })).toEqual(['Connect', 'shop: Shell']);
    expect(raised(whole, { ...event, 'k8s.ns.name': 'bank' })).toEqual(['Connect']);
    expect(raised(whole, event)).toEqual(['Connect']);
  });

  test('may be changed by the team itself', () => {
    const off = `${text.replace(' or proc.name in (shop_tools)', '')}- rule: Shell\n  enabled: false\n  override: {enabled: replace}\n`;
    expect(raised(off, { 'evt.type': 'connect', 'proc.name': 'sh', 'k8s.ns.name': 'shop' })).toEqual([
      'Connect',
    ]);
    const replaced = `${whole}- rule: Shell\n  condition: evt.type = accept\n  override: {condition: replace}\n`;
    expect(raised(replaced, { 'evt.type': 'accept', 'k8s.ns.name': 'shop' })).toEqual(['shop: Shell']);
    expect(raised(replaced, { 'evt.type': 'accept', 'k8s.ns.name': 'bank' })).toEqual([]);
  });

  test.each([
    ['a list of the platform', '- list: shells\n  items: [x]\n', "1 list 'shells' is somebody else's"],
    [
      'a change to a list of the platform',
      '- list: shells\n  items: [x]\n  override: {items: append}\n',
      "1 list 'shells' is not team 'shop''s: it can't be changed here",
    ],
    [
      'a change to a rule of the platform',
      '- rule: Connect\n  enabled: false\n  override: {enabled: replace}\n',
      "1 rule 'Connect' is not team 'shop''s: it can't be changed here",
    ],
    [
      'a macro without the team’s name',
      '- macro: mine\n  condition: evt.type = connect\n',
      "1 a macro of team 'shop' can't be called 'mine'",
    ],
    // Lists are put in place by text: this one would change the platform's macro.
    [
      'a list that is a word',
      '- list: connect\n  items: [x]\n',
      "1 a list of team 'shop' can't be called 'connect'",
    ],
    [
      'a condition that is appended to',
      `${rule('A', 'evt.type = connect')}- rule: A\n  condition: or evt.type = accept\n  override: {condition: append}\n`,
      '6 the condition of a confined rule has no end to append to',
    ],
    [
      'a source without namespaces',
      rule('A', 'evt.type = connect', '  source: aws\n'),
      "1 source 'aws' knows no namespaces",
    ],
    ['what Falco would refuse', rule('A', 'evt.typ = connect'), '3 there is no field evt.typ'],
    ['brackets that would end ours', rule('A', 'evt.type = connect) or (evt.type = accept'), undefined],
    [
      'a value of an exception that ends our brackets',
      rule(
        'A',
        'evt.type = open and proc.name = none',
        `  exceptions:\n    - {name: e, fields: [proc.name], comps: ['='], values: [['"x")) or (evt.type=connect and (proc.name = "y"']]}\n`,
      ),
      "1 with its exceptions and lists in place the condition is true in others' namespaces",
    ],
    [
      'a value that ends them, appended later',
      `${rule('A', 'evt.type = open', '  exceptions:\n    - {name: e, fields: [proc.name], values: [[a]]}\n')}- rule: A\n  exceptions:\n    - {name: e, values: [['"x")) or (evt.type=connect and (proc.name = "y"']]}\n  override: {exceptions: append}\n`,
      "1 with its exceptions and lists in place the condition is true in others' namespaces",
    ],
    [
      'a list in an exception that ends them',
      `- list: shop_l\n  items: ['"x")) or (evt.type=connect and (proc.name in ("y"']\n${rule('A', 'evt.type = open', '  exceptions:\n    - {name: e, fields: [proc.name], comps: [in], values: [[[shop_l]]]}\n')}`,
      undefined,
    ],
    [
      'a list whose name is a word of the platform’s',
      '- list: shop_worker\n  items: [x]\n',
      "1 list 'shop_worker' changes rules of others, in which its name is a word: 'Worker'",
    ],
    [
      'a capture of the node',
      rule('A', 'evt.type = open', '  capture: true\n'),
      "1 a capture holds the calls of the whole node, not the team's alone",
    ],
    [
      'a name that a rule of the platform has',
      rule('Taken', 'evt.type = open'),
      "1 there is a rule 'shop: Taken' already",
    ],
  ])('can’t have %s', (_, own, expected) => {
    const found = refused(own);
    expect(found).toHaveLength(1);
    if (expected !== undefined) expect(found).toEqual([expected]);
  });

  test.each([
    ['Shop', ['shop'], "'Shop' is no name of a team"],
    ['shop', [], "team 'shop' has no namespaces"],
    ['shop', ['a"b'], "'a\"b' is no name of a namespace"],
  ])('need a team and namespaces: %s, %j', (team, namespaces, message) => {
    expect(() => confineRules([], { team, namespaces })).toThrow(message);
  });

  test('may stand in a file of the same name as one of the platform’s', () => {
    const files = [{ name: '10-platform.yaml', text: rule('A', 'connecting and proc.name = cart') }];
    expect(confineRules(files, TEAM, { platform: PLATFORM }).files[0]?.text).toContain("rule: 'shop: A'");
  });

  test('are warned of as they were written', () => {
    const text = `# falco-egress: allow misses-refused-connects because tested\n${rule('A', 'evt.type = connect and fd.sip = 10.0.0.1')}${rule('B', 'evt.type = connect and fd.ip in (10.0.0.1)')}`;
    const { warnings } = confineRules([{ name: 'team.yaml', text }], TEAM, { platform: PLATFORM });
    expect(warnings.map(({ line, code }) => `${line} ${code}`)).toContain('9 address-in-list');
    expect(warnings.filter(({ line }) => line < 7)).toEqual([]);
  });

  test('see no event of another namespace, whatever they say', () => {
    const word = fc.constantFrom(
      ...[
        'evt.type',
        'proc.name',
        'k8s.ns.name',
        '=',
        '!=',
        'in',
        'exists',
        'connect',
        'cart',
        '(',
        ')',
        'and',
        'or',
      ],
      ...['not', 'connecting', 'shells', 'shop_l', '"', "'", ',', 'shop', '"bank"'],
    );
    const texts = fc.tuple(
      fc.array(word, { minLength: 1, maxLength: 9 }),
      fc.array(word, { maxLength: 4 }),
      fc.array(word, { maxLength: 9 }),
    );
    let loaded = 0;
    fc.assert(
      fc.property(texts, ([condition, items, excepted]) => {
        const list = `- list: shop_l\n  items: ${JSON.stringify(items)}\n`;
        const exceptions = `  exceptions:\n    - {name: e, fields: [proc.name], values: [[${JSON.stringify(excepted.join(' '))}]]}\n`;
        const own = `${list}${rule('A', JSON.stringify(condition.join(' ')), excepted.length > 0 ? exceptions : '')}`;
        if (refused(own).length > 0) return;
        loaded++;
        const event = { 'evt.type': 'connect', 'proc.name': 'cart', 'k8s.ns.name': 'bank' };
        expect(raised(own, event)).toEqual(['Connect']);
      }),
      { numRuns: 3000, examples: [[[['evt.type', '=', 'connect', 'or', 'evt.type', 'exists'], [], []]]] },
    );
    // Of words at random few make a rule that loads: some ten to thirty in each run.
    expect(loaded).toBeGreaterThan(1);
  });
});
