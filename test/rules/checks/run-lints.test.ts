import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { egressRules, loadRules, printRules, vistatechRules } from '../../../lib/rules';
import { LINTS } from '../../../lib/rules/checks/lints';
import { lintsOf, withRule } from './found';

const LPORT = 'evt.type = connect and fd.lport = 80';
const FOUND = 'ends-in-another-namespace [fd.lport]';
const STOCK = resolve(__dirname, '../../../../shared/data/rules/falco_rules.yaml');

test('every lint has a code of its own', () => {
  expect(new Set(LINTS.map(({ code }) => code)).size).toBe(LINTS.length);
});

test('findings are warnings with place, reason and mend', () => {
  expect(loadRules([{ name: 'f.yaml', text: withRule(LPORT) }]).findings).toEqual([
    {
      ...{ file: 'f.yaml', line: 4, column: 28, length: 8, severity: 'warning' },
      code: 'ends-in-another-namespace',
      message: "in a Pod's network namespace fd.lport is that of the other end",
      hint: 'use fd.sport (server) or fd.cport (client)',
    },
  ]);
});

test('there are none if they are off, silencers included', () => {
  const text = `# falco-egress: allow nosuch\n${withRule(LPORT)}`;
  expect(lintsOf(text, { lints: false })).toEqual([]);
});

test('files of others are not looked at, though macros of theirs are', () => {
  const stock = [
    { name: 'stock.yaml', text: `- macro: local\n  condition: fd.lport = 80\n${withRule(LPORT)}` },
  ];
  expect(lintsOf(withRule('evt.type = connect and local').replace('A', 'B'), { stock })).toEqual([]);
  expect(
    lintsOf(`- rule: A\n  condition: and fd.lport > 1\n  override: {condition: append}\n`, { stock }),
  ).toEqual(['ends-in-another-namespace [fd.lport]']);
});

test('a macro is looked at once, however often it is used', () => {
  const macro = '- macro: local\n  condition: fd.lport = 80\n';
  const rules = ['A', 'B'].map((name) =>
    withRule('evt.type = connect and (local or not local)').replace('A', name),
  );
  expect(lintsOf(macro + rules.join(''))).toEqual([FOUND]);
});

test('a list is blamed where it is used', () => {
  const list = '- list: names\n  items: [a, kube-controller-manager, kube-scheduler-extra]\n';
  expect(lintsOf(list + withRule('evt.type = connect and proc.name in (names)'))).toEqual([
    'long-process-name [names]',
  ]);
});

test('nothing is said of rules that Falco refuses', () => {
  const text = withRule(`${LPORT} and nosuch = 1`);
  expect(loadRules([{ name: 'f.yaml', text }]).findings.map(({ code }) => code)).toEqual([
    'LOAD_ERR_COMPILE_CONDITION',
  ]);
});

test('a rule without an event type is told of once', () => {
  const text = withRule('proc.name = a');
  expect(loadRules([{ name: 'f.yaml', text }]).findings.map(({ code }) => code)).toEqual(['LOAD_NO_EVTTYPE']);
});

test('a stock macro that isn’t loaded: the way out', () => {
  const hintOf = (macro: string): string | undefined =>
    loadRules([{ name: 'f.yaml', text: withRule(`evt.type = connect and ${macro}`) }]).findings[0]?.hint;
  expect(hintOf('outbound')).toBe(
    "it is one of the stock rules: load them before, or use 'outbound_corp' of our egress rules",
  );
  expect(hintOf('spawned_process')).toBe('it is one of the stock rules: load them before');
  expect(hintOf('nosuch')).toBeUndefined();
});

test.each([
  ['10,000 comparisons', Array.from({ length: 10_000 }, (_, i) => `proc.name != a${i}`).join(' and ')],
  ['4,900 parentheses', `${'('.repeat(4_900)}proc.name != a${')'.repeat(4_900)}`],
  ['900 levels', `${'(k8s.ns.name != a and '.repeat(900)}proc.name != a${')'.repeat(900)}`],
  ['900 nots', `${'not ('.repeat(900)}k8s.ns.name != a${')'.repeat(900)}`],
  [
    '10,000 values',
    `proc.name in (${Array.from({ length: 10_000 }, (_, i) => `a${i}`).join()}) and proc.name = b`,
  ],
])('%s are no trouble', (_, condition) => {
  const { findings } = loadRules([{ name: 'f.yaml', text: withRule(`evt.type = connect and ${condition}`) }]);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('macros that double at each level are no trouble', () => {
  const macros = Array.from({ length: 15 }, (_, i) =>
    i === 0
      ? '- macro: m0\n  condition: k8s.ns.name = a\n'
      : `- macro: m${i}\n  condition: m${i - 1} and m${i - 1}\n`,
  );
  expect(lintsOf(macros.join('') + withRule('evt.type = connect and m14'))).toEqual([]);
});

test.each(['label', 'namespaces', 'none'] as const)('our own rules are clean, exempt by %s', (exemption) => {
  const rules = [...egressRules({ exemption, exemptNamespaces: ['kube-system'] }), ...vistatechRules()];
  expect(loadRules([{ name: 'f.yaml', text: printRules(rules) }]).findings).toEqual([]);
});

(existsSync(STOCK) ? test : test.skip)('of the stock rules little but their outputs', () => {
  const { findings } = loadRules([{ name: 'falco_rules.yaml', text: readFileSync(STOCK, 'utf8') }]);
  const codes = findings.map(({ code }) => code).filter((code) => code !== 'secrets-in-output');
  expect(codes.toSorted()).toEqual([
    // `outbound`: "fd.connected=false" of sends, and "fd.net != 127.0.0.0/8".
    'connected-after-send',
    'loopback-of-one-family',
    // "Contact K8S API Server From Container" and "Disallowed SSH Connection Non Standard Port".
    'misses-refused-connects',
    'misses-refused-connects',
    // A name in a list of programs that begins with a slash.
    'path-as-process-name',
  ]);
});
