import { Chart, Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import { ExemptGuard } from '../../lib/constructs/exempt-guard';
import { Responder } from '../../lib/constructs/responder';
import { SidekickUi } from '../../lib/constructs/sidekick-ui';
import { SettingsError } from '../../lib/settings/check';
import { fillDefaults, resolveSettings, trusted, type FalcoEgressProps } from '../../lib/settings/settings';
import { FalcoEgress } from '../../lib/stack';
import { FAKE_PROGRAM } from '../constructs/fake-program';

function findings(make: (scope: Construct) => unknown): string[] {
  try {
    make(new Chart(Testing.app(), 'chart'));
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** What the compiler would not let through. */
function loose(props: object): FalcoEgressProps {
  return { cluster: 'x', ...props };
}

test('the stack refuses what no environment file may say', () => {
  const props = { cluster: 'x', name: 'Bad Name', falco: { maxUnavailable: 'lots' }, sidekik: {} };
  expect(findings((scope) => new FalcoEgress(scope, 'stack', loose(props)))).toEqual([
    expect.stringMatching(/^name: expected text that matches .* found the text "Bad Name"/),
    expect.stringMatching(/^falco.maxUnavailable: expected text that matches/),
    "sidekik: unknown key 'sidekik'; did you mean 'sidekick'?",
  ]);
});

test.each<[string, (scope: Construct) => unknown, string]>([
  [
    'an expression in the label of the guard',
    (scope) =>
      new ExemptGuard(scope, 'a', {
        cluster: 'x',
        exempt: { label: "n' || true || '", guard: { enabled: true } },
      }),
    'exempt.label: ',
  ],
  [
    'a command in a namespace',
    (scope) => new SidekickUi(scope, 'a', { cluster: 'x', namespaces: { services: 'a; id #' } }),
    'namespaces.services: ',
  ],
  [
    'a response that acts without TLS',
    (scope) =>
      new Responder(scope, 'a', {
        cluster: 'x',
        responses: [{ match: 'rule = "r"', action: 'quarantine', mode: 'enforce' }],
      }),
    'responses.0: acts',
  ],
])('a construct alone refuses %s', (_, make, finding) => {
  expect(findings(make)).toEqual([expect.stringContaining(finding)]);
});

test('a construct takes its program beside its settings', () => {
  expect(findings((scope) => new Responder(scope, 'a', { cluster: 'x', program: FAKE_PROGRAM }))).toEqual([]);
});

test('what only a file can say is no prop', () => {
  expect(() => resolveSettings(loose({ extends: 'default' }))).toThrow("extends: unknown key 'extends'");
});

test('settings are checked once, and not where somebody vouches for them', () => {
  const settings = fillDefaults({ cluster: 'x', exempt: { label: '{{ .Values.exempt.label }}' } });
  expect(() => resolveSettings(settings)).toThrow(SettingsError);
  expect(resolveSettings(trusted(settings))).toBe(settings);
});

test.each([
  { sidekick: { slack: { webhookUrl: 'https://hooks.example.org/s3cret' } } },
  { sidekick: { secretEnv: { TEAMS_WEBHOOKURL: 's3cret' } } },
  { sidekick: { secretEnv: { A: { secret: ['s3cret'], key: 'a' } } } },
  { sidekick: { loki: { credentials: 's3cret' } } },
  { sidekick: { outputs: { teams: 's3cret' } } },
  { secrets: { sidekickUi: 'admin:s3cret' } },
  { falco: { env: 's3cret' } },
])('%j: the secret is not repeated', (props) => {
  expect(() => resolveSettings(loose(props))).toThrow(/^[\w.]+: expected .*, found (text|a list)$/);
});

test('a namespace is labelled once', () => {
  const label = (...names: string[]) =>
    findings((scope) => {
      const stack = new FalcoEgress(scope, 'stack', {
        cluster: 'x',
        namespaceLabels: { a: { network: 'green' } },
      });
      for (const name of names) stack.labelNamespace(name, { network: 'blue' });
    });
  expect(label('b', 'c')).toEqual([]);
  expect(label('a')).toEqual([
    expect.stringContaining('namespaceLabels.a: the namespace has labels already'),
  ]);
  expect(label('b', 'b')).toEqual([expect.stringContaining('namespaceLabels.b: the namespace has labels')]);
});
