import { loadRules } from '../../lib/rules';

/** What Falco's own reader does where one might guess otherwise (falco, `rule_loader_reader.cpp` and `rule_loader_collector.cpp`). */
const RULE = '- rule: A\n  desc: d\n  condition: evt.type = connect\n  output: x\n  priority: INFO\n';
const WITH_EXCEPTION = `${RULE}  exceptions: [{name: e, fields: [proc.name], values: [[a]]}]\n`;

function codes(text: string): string[] {
  return loadRules([{ name: 'f.yaml', text }])
    .findings.filter(({ code }) => code.startsWith('LOAD_') && !code.startsWith('LOAD_UNUSED_'))
    .map(({ code }) => code);
}

test.each([
  ['an item that is nothing is passed over', `-\n${RULE}- ~\n`, []],
  ['a list comes before a macro', '- {list: l, items: [a], macro: m}\n', ['LOAD_UNKNOWN_KEY']],
  ['a list’s name with a blank', '- {list: my list, items: [a]}\n', ['LOAD_INVALID_LIST_NAME']],
  ['a list’s name with a dash', '- {list: my-list, items: [a]}\n', []],
  ['a source that no plugin brings', `${RULE}  source: martian\n`, ['LOAD_UNKNOWN_SOURCE']],
  ['override as a sequence', `${RULE}- {rule: A, desc: d, override: [desc]}\n`, ['LOAD_ERR_VALIDATE']],
  [
    'an override by a sequence',
    `${RULE}- {rule: A, desc: d, override: {desc: [replace]}}\n`,
    ['LOAD_ERR_VALIDATE'],
  ],
  [
    'what append ignores is not looked at',
    `${RULE}- {rule: A, append: true, condition: and proc.name = a, priority: banana, tags: x}\n`,
    ['LOAD_DEPRECATED_ITEM'],
  ],
  [
    'what enabled alone ignores is not looked at',
    `${RULE}- {rule: A, enabled: false, tags: x}\n`,
    ['LOAD_DEPRECATED_ITEM'],
  ],
  ['an engine version as a number in another base', '- required_engine_version: 0x1A\n', []],
  [
    'alternatives of one plugin',
    '- required_plugin_versions: [{name: container, version: 0.4.0, alternatives: [{name: container, version: 0.5.0}]}]\n',
    ['LOAD_ERR_VALIDATE'],
  ],
  [
    'fields of an exception that are nothing',
    `${RULE}  exceptions: [{name: e, fields: ~}]\n`,
    ['LOAD_ERR_VALIDATE'],
  ],
  ['operators that are nothing', `${RULE}  exceptions: [{name: e, fields: [proc.name], comps: ~}]\n`, []],
  [
    'an empty text among values',
    `${RULE}  exceptions: [{name: e, fields: [proc.name], values: [['']]}]\n`,
    ['LOAD_ERR_YAML_VALIDATE'],
  ],
  [
    'a new exception without values',
    `${RULE}- {rule: A, exceptions: [{name: e, fields: [proc.name]}], override: {exceptions: append}}\n`,
    ['LOAD_APPEND_NO_VALUES', 'LOAD_ERR_VALIDATE'],
  ],
  [
    'no values for a known exception',
    `${WITH_EXCEPTION}- {rule: A, exceptions: [{name: e}], override: {exceptions: append}}\n`,
    ['LOAD_APPEND_NO_VALUES'],
  ],
  [
    'replaced exceptions need fields',
    `${WITH_EXCEPTION}- {rule: A, exceptions: [{name: e, values: [[b]]}], override: {exceptions: replace}}\n`,
    ['LOAD_ERR_VALIDATE'],
  ],
] as const)('%s', (_, text, expected) => {
  expect(codes(text).sort()).toEqual([...expected].sort());
});

test('the blanks around a new rule’s output don’t count', () => {
  const text = RULE.replace('output: x', 'output: >\n    x %proc.name\n');
  expect(loadRules([{ name: 'f', text }]).ruleset.rules[0]?.outputText).toBe('x %proc.name');
});
