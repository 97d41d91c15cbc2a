import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { FalcoEgress } from '../../lib';
import { rule } from '../../lib/rules';
import { loadEnvironment } from '../../lib/synth/environment';
import { runSynth } from '../../lib/synth/run';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-warnings-'));
  mkdirSync(join(folder, 'shop'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const RULE = `- rule: A
  desc: d
  condition: evt.type = connect and fd.ip in (192.0.2.1)
  output: x
  priority: INFO
`;

function write(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(folder, 'prod.yaml');
}

/** The lint is documented in docs/lints.md; where it fires is what this is about. */
function places(file: string): string[] {
  const { findings } = loadEnvironment(file).warnings;
  return findings
    .filter(({ code }) => code === 'address-in-list')
    .map((finding) => `${finding.file.slice(folder.length + 1)}:${finding.line}:${finding.column}`);
}

test('warnings stand where somebody wrote the rules: in a file, in a text, in an item, in a team’s file', () => {
  const indented = RULE.replace(/^/gm, '      ');
  const prod = `cluster: c\nrulesFrom: [shop/a.yaml]\nrulesPackages:\n  bank:\n    b.yaml: |\n${indented}\n`;
  expect(places(write({ 'prod.yaml': prod, 'shop/a.yaml': RULE.replace('rule: A', 'rule: B') }))).toEqual([
    'shop/a.yaml:3:37',
    'prod.yaml:8:43',
  ]);
  const items = `cluster: c\nrules:\n${RULE.replace(/^/gm, '  ')}\n`;
  expect(places(write({ 'prod.yaml': items }))).toEqual(['prod.yaml:5:39']);
  const team = 'cluster: c\nteams: { shop: { namespaces: [shop], rulesFrom: [shop] } }\n';
  expect(places(write({ 'prod.yaml': team, 'shop/a.yaml': `# theirs\n${RULE}` }))).toEqual([
    'shop/a.yaml:4:37',
  ]);
});

test('a quarantine that ends before its cooldown is a warning at its ttl', () => {
  const response = (rest: string): string =>
    `  - { match: 'priority = Warning', action: quarantine, ${rest} }\n`;
  const prod = `cluster: c\nresponses:\n${response('ttl: 1m')}${response('ttl: 2h, cooldown: 1d')}`;
  const fine = [
    ...['ttl: 4h', 'ttl: 5m', 'ttl: 1m, cooldown: 60s', 'ttl: 1m, onExpiry: hold', 'cooldown: 1d'],
  ].map(response);
  const { findings } = loadEnvironment(write({ 'prod.yaml': prod + fine.join('') })).warnings;
  expect(
    findings.map(({ severity, file, line, message }) => ({ severity, line, file: file.slice(-9), message })),
  ).toEqual([
    {
      ...{ severity: 'warning', file: 'prod.yaml', line: 3 },
      message:
        "responses.0.ttl: a Pod is released after 1m, and until its cooldown of 5m is over its alerts are only counted; set cooldown to '1m' or less, or a longer ttl",
    },
    {
      ...{ severity: 'warning', file: 'prod.yaml', line: 4 },
      message: expect.stringContaining('its cooldown of 1d') as string,
    },
  ]);
});

test('a comment that allows it silences a warning, also in a team’s file', () => {
  const allowed = `# falco-egress: allow address-in-list because it is an example\n${RULE}`;
  const team = 'cluster: c\nteams: { shop: { namespaces: [shop], rulesFrom: [shop] } }\n';
  expect(places(write({ 'prod.yaml': team, 'shop/a.yaml': allowed }))).toEqual([]);
  expect(loadEnvironment(join(folder, 'prod.yaml')).warnings.findings.map(({ code }) => code)).not.toContain(
    'unused-silencer',
  );
});

test('what two environments share is told once, to people and to machines', () => {
  write({
    'shop/a.yaml': RULE,
    'prod.yaml': 'cluster: c\nrulesFrom: [shop/a.yaml]\n',
    'test.yaml': 'cluster: t\nrulesFrom: [shop/a.yaml]\n',
  });
  const settings = ['prod', 'test'].flatMap((name) => ['--settings', join(folder, `${name}.yaml`)]);
  const told = { out: '', error: '' };
  const streams = {
    out: (text: string) => void (told.out += text),
    error: (text: string) => void (told.error += text),
  };
  expect(runSynth([...settings, '--out', join(folder, 'out')], streams)).toBe(0);
  expect(told.error.split('warning address-in-list')).toHaveLength(2);
  told.out = told.error = '';
  expect(runSynth([...settings, '--out', join(folder, 'out'), '--json'], streams)).toBe(0);
  const { warnings } = JSON.parse(told.out) as { warnings: { code: string }[] };
  expect([warnings.filter(({ code }) => code === 'address-in-list').length, told.error]).toEqual([1, '']);
});

test('our own rules are as settings want them: no warning is told of them', () => {
  const { findings } = loadEnvironment(
    write({ 'prod.yaml': 'cluster: c\negress: { vistatech: true }\nprivacy: { commandLine: full }\n' }),
  ).warnings;
  expect(findings).toEqual([]);
});

test('in TypeScript a warning of Node’s tells each thing once', () => {
  const emitted = jest.spyOn(process, 'emitWarning').mockImplementation();
  const { condition, output, ...rest } = {
    condition: 'evt.type = connect and fd.ip in (192.0.2.7)',
    output: 'x',
    name: 'A',
    desc: 'd',
    priority: 'INFO' as const,
  };
  for (const name of ['one', 'two'])
    new FalcoEgress(new Chart(new App(), name), 'egress', {
      cluster: 'c',
      name,
      rules: [rule({ ...rest, condition, output })],
    });
  const told = emitted.mock.calls.filter(([text]) => String(text).includes('address-in-list'));
  emitted.mockRestore();
  expect(told).toEqual([
    [
      expect.stringMatching(/50-rules\.yaml:\d+:\d+ warning address-in-list/),
      { type: 'RulesWarning', code: 'FALCO_EGRESS_RULES' },
    ],
  ]);
});
