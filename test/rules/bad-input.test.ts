import { loadRules } from '../../lib/rules';

function rule(condition: string): string {
  return `- rule: A\n  desc: d\n  condition: ${condition}\n  output: x\n  priority: INFO\n`;
}

/** The first finding, as `line:column code`. */
function first(text: string): string | undefined {
  const [finding] = loadRules([{ name: 'f', text }]).findings;
  return finding && `${finding.line}:${finding.column} ${finding.code}`;
}

const aliases = Array.from({ length: 60 }, (_, i) => `- &a${i + 1} [*a${i}, *a${i}]\n`).join('');

/** The texts stand in a record: jest looks at all of a table's values for titles, however long. */
const WRONG: Readonly<Record<string, readonly [text: string, expected: string]>> = {
  'a NUL': [rule('evt.type = con\0nect'), '3:28 LOAD_ERR_YAML_PARSE'],
  'an alias of nothing': ['- *x\n', '1:3 LOAD_ERR_YAML_PARSE'],
  '100,000 parentheses': [
    rule(`${'('.repeat(1e5)}evt.type = connect${')'.repeat(1e5)}`),
    'LOAD_ERR_COMPILE_CONDITION',
  ],
  'brackets without end': ['['.repeat(1e5), 'LOAD_ERR_YAML_PARSE'],
  'deep sequences': ['- '.repeat(1e5), 'LOAD_ERR_YAML_PARSE'],
  'a cycle of macros': ['- macro: a\n  condition: b\n- macro: b\n  condition: a\n', '2:14 LOAD_ERR_VALIDATE'],
  'a regular expression that explodes': [
    rule("proc.name regex '((a{1000}){1000}){1000}'"),
    'LOAD_ERR_COMPILE_CONDITION',
  ],
  'aliases that would fill the memory': [
    `- &a0 [x]\n${aliases}${rule('evt.type = connect')}  exceptions: [{name: e, fields: *a60, values: *a60}]\n`,
    'LOAD_ERR_YAML_VALIDATE',
  ],
};

test.each(Object.keys(WRONG))('%s: an error with its place', (name) => {
  const [text, expected] = WRONG[name] ?? ['', ''];
  expect(first(text)).toContain(expected);
});

/** A change of the rule that adds exceptions, in one line. */
function moreExceptions(exceptions: string): string {
  return `- {rule: A, exceptions: [${exceptions}], override: {exceptions: append}}\n`;
}

const LARGE: Readonly<Record<string, string>> = {
  '300,000 alternatives': rule(`evt.type = connect and (${'proc.name = a or '.repeat(3e5)}proc.name = b)`),
  '300,000 items': `- list: l\n  items: [${'a, '.repeat(3e5)}b]\n${rule('evt.type = connect and proc.name in (l)')}`,
  '5,000 exceptions, one after another': `${rule('evt.type = connect')}${Array.from({ length: 5_000 }, (_, i) => moreExceptions(`{name: e${i}, fields: [proc.name], values: [[a]]}`)).join('')}`,
};

test.each(Object.keys(LARGE))('%s are fine', (name) => {
  expect(first(LARGE[name] ?? '-')).toBeUndefined();
});
