import { createHash } from 'node:crypto';
import { load } from 'js-yaml';
import { assertRules, rulesFilesOf } from '../../lib/constructs/rules-check';
import { exemptNamespaces, rulesPackagesOf } from '../../lib/constructs/rules';
import { RulesConfigMap } from '../../lib/constructs/rules-config-map';
import {
  appendToCondition,
  declaredMacros,
  disableRule,
  egressTo,
  list,
  OUTBOUND_RULE,
  printRules,
  rule,
  RulesError,
} from '../../lib/rules';
import { printCondition } from '../../lib/rules/language/print';
import { resolveSettings, type FalcoEgressProps, type RuleItem } from '../../lib/settings/settings';
import { synthesize } from '../constructs';

function settings(props: Partial<FalcoEgressProps> = {}): ReturnType<typeof resolveSettings> {
  return resolveSettings({ cluster: 'test', ...props });
}

function names(props: Partial<FalcoEgressProps>): string[] {
  return rulesFilesOf(settings(props)).map(({ name }) => name);
}

const item = (value: object): RuleItem => value as RuleItem;

describe('packages', () => {
  it('are loaded in the order ours, the user’s, those of teams', () => {
    const rulesPackages = { shop: { 'b.yaml': '- list: b\n  items: []\n' }, bank: { 'a.yml': '' } };
    expect(names({ egress: { vistatech: true }, rules: [{ list: 'x', items: [] }], rulesPackages })).toEqual([
      '10-egress.yaml',
      '20-vistatech.yaml',
      '50-rules.yaml',
      '60-bank.a.yml',
      '60-shop.b.yaml',
    ]);
  });

  it('have the record between ours and the demo’s, where it is on', () => {
    const egress = { vistatech: true, record: { enabled: true } };
    const props = { egress, sidekickUi: { enabled: false } };
    expect(names(props)).toEqual(['10-egress.yaml', '15-record.yaml', '20-vistatech.yaml']);
  });

  it.each(['artifact', 'none'] as const)(
    'with scope, declared destinations and record pass (%s)',
    (source) => {
      const { findings, ruleset } = assertRules(
        settings({
          plugins: { k8smeta: { source } },
          egress: {
            scope: 'public',
            record: { enabled: true },
            declared: { web: { ports: [443] }, dns: { networks: ['10.96.0.10/32'], ports: [53] } },
          },
          sidekickUi: { enabled: false },
        }),
      );
      expect(findings).toEqual([]);
      const alert = ruleset.rules.find(({ name }) => name === OUTBOUND_RULE);
      expect(alert && printCondition(alert.condition)).toContain('egress_declared');
      for (const name of ['egress_declared_dns', 'egress_declared_web', 'outbound_public'])
        expect([...ruleset.macros.keys()]).toContain(name);
    },
  );

  it('declare the same as the library does', () => {
    const declared = { web: { ports: [443] }, dns: { networks: ['172.16.0.0/12'], ports: [53] } };
    const text = rulesPackagesOf(settings({ egress: { declared } }))[1]?.files['12-declared.yaml'] ?? '';
    expect(load(text)).toEqual(load(printRules(declaredMacros(declared))));
  });

  it('have files whose names never meet', () => {
    const rulesPackages = { a: { 'b-c.yaml': '' }, 'a-b': { 'c.yaml': '' } };
    expect(new Set(names({ rulesPackages })).size).toBe(3);
  });

  it('are none where everything is off', () => {
    expect(names({ egress: { enabled: false, vistatech: true } })).toEqual([]);
  });

  it('exempt by the label where the plugin knows it', () => {
    const [ours] = rulesPackagesOf(settings({ exempt: { label: 'team/net', values: ['off'] } }));
    expect(ours?.files['10-egress.yaml']).toContain('k8smeta.ns.label[team/net] in (k8s_not_monitored)');
  });

  it('exempt by name where there is no plugin', () => {
    const props = {
      plugins: { k8smeta: { source: 'none' } },
      namespaceLabels: {
        quiet: { network: 'green' },
        calm: { network: 'blue' },
        shop: { network: 'red' },
        bank: {},
      },
    } as const;
    expect(exemptNamespaces(settings(props))).toEqual(['falco', 'falco-egress', 'calm', 'quiet']);
    const text = rulesPackagesOf(settings(props))[0]?.files['10-egress.yaml'] ?? '';
    expect(text).not.toContain('k8smeta');
    expect(load(text)).toContainEqual({
      list: 'k8s_namespaces_not_monitored',
      items: ['falco', 'falco-egress', 'calm', 'quiet'],
    });
  });
});

describe('exempt by name', () => {
  const exempt = (falco: NonNullable<FalcoEgressProps['falco']>) =>
    exemptNamespaces(settings({ falco, plugins: { k8smeta: { source: 'none' } } }));

  it('is the namespace of a Falco that somebody else installs', () => {
    const external = { namespace: 'security' };
    expect(exempt({ install: false, external })).toEqual(['falco', 'falco-egress', 'security']);
    expect(exempt({ install: true, external })).toEqual(['falco', 'falco-egress']);
  });

  it('has no name twice', () => {
    expect(exempt({ install: false })).toEqual(['falco', 'falco-egress']);
    expect(exempt({ install: false, external: { namespace: 'falco-egress' } })).toEqual([
      'falco',
      'falco-egress',
    ]);
  });
});

describe('items of the setting rules', () => {
  const text = (rules: RuleItem[]): unknown =>
    load(rulesFilesOf(settings({ rules })).find(({ name }) => name === '50-rules.yaml')?.text ?? '');

  it('may have Falco’s own keys', () => {
    const own = {
      rule: 'A',
      desc: 'd',
      condition: 'evt.type = connect',
      output: 'x: "y" %proc.name',
      priority: 'WARNING',
      tags: ['a', 'b'],
    };
    expect(text([own, { list: 'l', items: ['1.2.3.4', 80] }])).toEqual([
      own,
      { list: 'l', items: ['1.2.3.4', 80] },
    ]);
  });

  it('may be objects of the rules library, where a change to a stock rule is one line', () => {
    const objects = [
      list('l', ['213.215.222.58']),
      disableRule('Terminal shell in container'),
      appendToCondition('Read sensitive file untrusted', 'and not proc.name = vault'),
    ];
    expect(text(objects.map(item))).toEqual([
      { list: 'l', items: ['213.215.222.58'] },
      { rule: 'Terminal shell in container', enabled: false, override: { enabled: 'replace' } },
      {
        rule: 'Read sensitive file untrusted',
        condition: 'and not proc.name = vault',
        override: { condition: 'append' },
      },
    ]);
  });

  const toList = item(
    rule({ name: 'A', desc: 'd', condition: egressTo('ips'), output: 'o', priority: 'WARNING' }),
  );

  it.each<[string, RuleItem[], string[]]>([
    ['an object', [item(list('ips', ['10.0.0.1'])), toList], ['10.0.0.1']],
    ['in Falco’s own keys', [{ list: 'ips', items: ['10.0.0.1'] }, toList], ['10.0.0.1']],
    [
      'changed by an item between',
      [
        item(list('ips', ['10.0.0.1'])),
        { list: 'ips', items: ['10.0.0.2'], override: { items: 'append' } },
        toList,
        item({ ...toList, name: 'B' }),
      ],
      ['10.0.0.1', '10.0.0.2'],
    ],
  ])('may count on a list that is %s, by egressTo', (_, rules, addresses) => {
    const printed = text(rules) as Record<string, string>[];
    const macros = printed.filter(({ macro }) => macro === 'egress_asked_ips');
    expect(macros).toHaveLength(1);
    const asked = [...(macros[0]?.['condition'] ?? '').matchAll(/"([\d.]+):"/g)].map(
      ([, address]) => address,
    );
    expect(asked).toEqual(addresses);
    expect(printed.findIndex(({ macro }) => macro !== undefined)).toBeLessThan(
      printed.findIndex(({ rule }) => rule === 'A'),
    );
    expect(assertRules(settings({ rules })).findings).toEqual([]);
  });
});

describe('the check of all rules together', () => {
  it.each<[string, Partial<FalcoEgressProps>]>([
    ['ours', {}],
    ['ours with the demo', { egress: { vistatech: true } }],
    ['ours without the plugin', { plugins: { k8smeta: { source: 'none' } } }],
    ['a change to a stock rule', { rules: [item(disableRule('Terminal shell in container'))] }],
    [
      'a rule on a macro of ours',
      {
        rules: [
          item(rule({ name: 'A', desc: 'd', condition: 'outbound_corp', output: 'o', priority: 'WARNING' })),
        ],
      },
    ],
  ])('takes %s', (_, props) => {
    expect(assertRules(settings(props)).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each<[string, Partial<FalcoEgressProps>, RegExp]>([
    ['what is not YAML', { rulesPackages: { shop: { 'a.yaml': '- rule: [' } } }, /60-shop\.a\.yaml:1/],
    ['a rule that lacks a key', { rules: [{ rule: 'A' }] }, /50-rules\.yaml:1/],
    [
      'a macro before its definition',
      {
        rules: [
          { macro: 'a', condition: 'b' },
          { macro: 'b', condition: 'evt.type = open' },
        ],
      },
      /50-rules\.yaml/,
    ],
    [
      'a change to a stock rule where these are not loaded',
      { falco: { stockRules: false }, rules: [item(disableRule('Terminal shell in container'))] },
      /50-rules\.yaml/,
    ],
  ])('refuses %s, and names the file', (_, props, message) => {
    expect(() => assertRules(settings(props))).toThrow(RulesError);
    expect(() => assertRules(settings(props))).toThrow(message);
  });
});

test('a RulesConfigMap stands alone and says the sha256 of each file', () => {
  const text = '- list: a\n  items: []\n';
  const objects = synthesize((scope) => {
    new RulesConfigMap(scope, 'rules', {
      cluster: 'test',
      namespace: 'security',
      package: 'shop',
      files: { 'b.yaml': text, 'a.yaml': '' },
    });
  });
  expect(objects).toMatchSnapshot();
  expect(objects[0]?.metadata.annotations?.['sha256.falco-egress.io/b.yaml']).toBe(
    createHash('sha256').update(text).digest('hex'),
  );
});
