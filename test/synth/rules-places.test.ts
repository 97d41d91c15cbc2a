import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../lib/synth/environment';
import { EnvironmentError } from '../../lib/synth/environment-error';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-places-'));
  mkdirSync(join(folder, 'team'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The text that each finding of an environment file underlines, by its place. */
function findings(...files: [string, string][]): Record<string, string> {
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  try {
    loadEnvironment(join(folder, 'prod.yaml'));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const texts = new Map(files);
    return Object.fromEntries(
      error.findings.map(({ file, line, column, length, message }) => {
        const name = file.slice(folder.length + 1);
        const written = texts.get(name)?.split('\n')[line - 1] ?? '';
        return [`${name}:${line}:${column} ${message}`, written.slice(column - 1, column - 1 + length)];
      }),
    );
  }
  return {};
}

test('items of `rules` are shown where they stand in the environment file, whatever their style', () => {
  const found = findings([
    'prod.yaml',
    [
      'cluster: c # with a comment',
      'rules:',
      '  - macro: plain',
      '    condition: evt.type = connect and nope1 # here',
      '  - { macro: flow, condition: "nope2", append: maybe }',
      "  - macro: 'quoted'",
      '',
      '    condition: "nope3 and nope3b"',
      '  - macro: folded',
      '    condition: >',
      '      evt.dir = < and',
      '      nope4',
      '  - list: lacks',
      '',
    ].join('\n'),
  ]);
  expect(found).toEqual({
    "prod.yaml:4:39 undefined macro 'nope1'": 'nope1',
    "prod.yaml:5:32 undefined macro 'nope2'": 'nope2',
    "prod.yaml:5:48 'append' must be true or false, not 'maybe'": 'maybe',
    "prod.yaml:8:17 undefined macro 'nope3'": 'nope3',
    "prod.yaml:12:7 undefined macro 'nope4'": 'nope4',
    "prod.yaml:13:5 no 'items'": 'list',
  });
});

test('the rules of the environment that is extended are shown there, and its files as files', () => {
  mkdirSync(join(folder, 'base'));
  expect(
    findings(
      ['prod.yaml', 'extends: base/base\n'],
      ['base/base.yaml', 'cluster: c\nrulesFrom: [../team]\nrules:\n  - macro: m\n    condition: nope\n'],
      ['team/x.yaml', '- macro: n\n  condition: other\n'],
    ),
  ).toEqual({
    "base/base.yaml:5:16 undefined macro 'nope'": 'nope',
    "team/x.yaml:2:14 undefined macro 'other'": 'other',
  });
});

test('a rules file as text in an environment file', () => {
  const found = findings([
    'prod.yaml',
    [
      'cluster: c',
      'rulesPackages:',
      '  team:',
      '    literal.yaml: |',
      '      # a comment',
      '      - macro: a',
      '        condition: nope1',
      '    quoted.yaml: "- macro: b\\n  condition: nope2\\n"',
      '',
    ].join('\n'),
  ]);
  expect(found).toEqual({
    "prod.yaml:7:20 undefined macro 'nope1'": 'nope1',
    "prod.yaml:8:18 undefined macro 'nope2' (line 2 of this text)": '"- macro: b\\n  condition: nope2\\n"',
  });
});

test('a text in an environment file takes the place of a file of the same name', () => {
  const found = findings(
    ['team/x.yaml', '- macro: a\n  condition: nope1\n'],
    [
      'prod.yaml',
      'cluster: c\nrulesFrom: [team]\nrulesPackages:\n  team:\n    x.yaml: |\n      - macro: a\n        condition: nope2\n',
    ],
  );
  expect(Object.keys(found)).toEqual(["prod.yaml:7:20 undefined macro 'nope2'"]);
});

test('a name that Kubernetes refuses is shown at the file that has it', () => {
  mkdirSync(join(folder, 'Team_A'));
  const found = findings(
    ['Team_A/x.yaml', '- macro: a\n  condition: evt.dir = <\n'],
    ['prod.yaml', 'cluster: c\nrulesFrom: [Team_A]\n'],
  );
  expect(Object.keys(found)).toEqual([
    expect.stringMatching(/^Team_A\/x\.yaml:1:1 rulesPackages\.Team_A: 'Team_A' is not a name/) as string,
  ]);
});

test('objects of the library have no place in a file', () => {
  expect(Object.keys(findings(['prod.yaml', 'cluster: c\nrules:\n  - kind: list\n    name: x\n']))).toEqual([
    "prod.yaml:3:5 rules.0.kind: unknown key 'kind'; in Falco's own keys an item begins with rule, macro or list",
  ]);
});
