import { loadRulesOrThrow } from '../../../lib/rules/load';
import { egressRules, vistatechRules } from '../../../lib/rules/library';
import { printRules } from '../../../lib/rules/print';
import type { ResponseAction } from '../../../lib/settings/responder';
import { checkResponses, type RulesOfResponses } from '../../../lib/responder/responses/check-responses';

const custom = `
- rule: Connection to example.org
  desc: d
  condition: evt.type = connect and fd.sip = 203.0.113.7
  output: "Connection (pod=%k8s.pod.name ns=%k8s.ns.name dst=%fd.sip:%fd.sport)"
  priority: WARNING
  tags: [network]
- rule: Tells all
  desc: d
  condition: evt.type = connect
  output: "%k8s.ns.name %k8s.pod.name %container.id %evt.args"
  priority: ERROR
- rule: Tells nothing
  desc: d
  condition: evt.type = connect
  output: "something happened"
  priority: DEBUG
`;
const { ruleset } = loadRulesOrThrow([{ name: 'custom.yaml', text: custom }]);

const rules = (over: Partial<RulesOfResponses> = {}): RulesOfResponses => ({
  ruleset,
  stockRules: new Set(['Terminal shell in container']),
  appendOutput: [{ suggested_output: true }],
  others: false,
  ...over,
});
const check = (match: string, over: Partial<RulesOfResponses> = {}, action: ResponseAction = 'quarantine') =>
  checkResponses([{ match, action }], rules(over)).map(({ message }) => message);

test.each([
  'rule = "Connection to example.org"',
  'rule in ("Tells nothing", "Terminal shell in container")',
  'rule startswith "Connection to"',
  'rule = "Falco internal: hot restart failure"',
  'priority >= Warning',
  'rule = "Connection to example.org" and fd.snet = 203.0.113.0/24 and k8s.ns.name = demo',
  'rule = "Tells all" and evt.arg.addr = 1.2.3.4',
])('%s is right', (match) => {
  expect(check(match)).toEqual([]);
});

test('a rule that there isn’t, where it stands', () => {
  expect(
    checkResponses(
      [
        { match: 'priority = Error', action: 'notify' },
        { match: 'not rule in ("Tells all", "Conection to example.org")', action: 'notify' },
      ],
      rules(),
    ),
  ).toEqual([
    {
      path: ['responses', 1, 'match'],
      message:
        "column 27: no rule 'Conection to example.org' is loaded; did you mean 'Connection to example.org'?",
    },
  ]);
  expect(check('rule = "Terminal shel in container"')).toEqual([
    "column 8: no rule 'Terminal shel in container' is loaded; did you mean 'Terminal shell in container'?",
  ]);
  expect(check('rule != zzz')).toEqual(["column 9: no rule 'zzz' is loaded; name a rule as its file does"]);
  expect(check('rule glob "Conection*"')).toEqual(['column 1: no rule that is loaded has such a name']);
});

test('with rules that nobody here knows, every name may be one', () => {
  expect(check('rule = zzz or rule startswith yyy', { others: true })).toEqual([]);
});

test('a condition that is none is told elsewhere', () => {
  expect(check('rule = ')).toEqual([]);
});

test.each<[string, unknown, string | undefined]>([
  ['what plugins suggest', [{ suggested_output: true }], undefined],
  ['nothing', [], '%k8s.pod.uid or %container.id'],
  ['no list', undefined, '%k8s.pod.uid or %container.id'],
  ['suggestions switched off', [{ suggested_output: false }], '%k8s.pod.uid or %container.id'],
  ['a field', [{ extra_fields: ['k8s.pod.uid'] }], undefined],
  ['a field by its own name', [{ extra_fields: [{ 'container.id': '%container.id' }] }], undefined],
  ['a text', [{ extra_output: 'id=%container.id' }], undefined],
  ['a text that Falco refuses', [{ extra_output: '%' }], '%k8s.pod.uid or %container.id'],
  [
    'a text for the rule',
    [{ match: { rule: 'Connection to example.org' }, extra_output: '%container.id' }],
    undefined,
  ],
  [
    'a text for another rule',
    [{ match: { rule: 'Tells all' }, extra_output: '%container.id' }],
    '%k8s.pod.uid',
  ],
  ['a text for its tag', [{ match: { tags: ['network'] }, extra_output: '%container.id' }], undefined],
  [
    'a text for more tags',
    [{ match: { tags: ['network', 'x'] }, extra_output: '%container.id' }],
    '%k8s.pod.uid',
  ],
  [
    'suggestions for another source',
    [{ match: { source: 'k8s_audit' }, suggested_output: true }],
    '%k8s.pod.uid',
  ],
])('whether alerts tell which Pod it was, where Falco appends %s', (_, appendOutput, missing) => {
  const messages = check('rule = "Connection to example.org"', { appendOutput });
  if (missing === undefined) expect(messages).toEqual([]);
  else {
    expect(messages).toEqual([expect.stringContaining(`don't tell ${missing}`)]);
    expect(check('rule = "Connection to example.org"', { appendOutput }, 'notify')).toEqual([]);
  }
});

test('the namespace and the name are needed too', () => {
  expect(check('rule = "Tells nothing"', { appendOutput: [] }, 'evict')).toEqual([
    `column 1: the alerts of rule 'Tells nothing' don't tell %k8s.ns.name and %k8s.pod.name and %k8s.pod.uid or %container.id, so no Pod can be evicted by them; add it to the rule's output, or keep suggested_output in falco.config.append_output`,
  ]);
});

test('a field that the rule’s alerts don’t have is asked for in vain', () => {
  expect(check('rule = "Connection to example.org" and proc.name = curl')).toEqual([
    "column 40: the alerts of rule 'Connection to example.org' have no proc.name, so nothing is ever equal to it; add %proc.name to the rule's output",
  ]);
  // Each rule is asked for its own.
  const either =
    '(rule = "Connection to example.org" and fd.sport = 443) or (rule = "Tells all" and evt.args contains x)';
  expect(check(either)).toEqual([]);
  expect(check('rule = "Tells all" and priority = Debug and proc.name = curl')).toEqual([]);
});

test('our own rules tell all that a response needs, without what plugins suggest', () => {
  const files = [
    {
      name: 'egress.yaml',
      text: printRules(egressRules({ exemption: 'label', exemptLabel: 'network', exemptValues: ['green'] })),
    },
    { name: 'vistatech.yaml', text: printRules(vistatechRules({ owner: true })) },
  ];
  const own = loadRulesOrThrow(files).ruleset;
  const names = own.rules.map(({ name }) => JSON.stringify(name));
  expect(names).toContain('"Connection to vistatech.it"');
  const responses = names.map((name) => ({ match: `rule = ${name}`, action: 'quarantine' as const }));
  expect(checkResponses(responses, rules({ ruleset: own, appendOutput: [] }))).toEqual([]);
});
