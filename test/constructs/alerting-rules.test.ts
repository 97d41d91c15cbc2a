import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AlertingRules } from '../../lib/constructs/alerting-rules';
import type { AlertingRule } from '../../lib/observability/alerting-rule';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { HOMEPAGE, VERSION } from '../../lib/version';
import { synthesize } from '../constructs';

const RUNBOOKS = resolve(__dirname, '../../docs/runbooks');

function alertingRules(props: Omit<FalcoEgressProps, 'cluster'> = {}): AlertingRule[] {
  const monitoring = {
    ...props.monitoring,
    rules: { ...props.monitoring?.rules, form: 'prometheusRule' as const },
  };
  const [object] = synthesize(
    (scope) => new AlertingRules(scope, 'test', { cluster: 'prod', ...props, monitoring }),
  );
  const { groups } = (object as unknown as { spec: { groups: { rules: AlertingRule[] }[] } }).spec;
  return groups.flatMap(({ rules }) => rules);
}

const names = (props?: Omit<FalcoEgressProps, 'cluster'>): string[] =>
  [...new Set(alertingRules(props).map(({ alert }) => alert))].sort();

/** What has alerts of its own and is off by default. */
const EVERYTHING: Omit<FalcoEgressProps, 'cluster'> = {
  collector: { enabled: true },
  loki: { enabled: true },
  grafana: { enabled: true },
  sidekickUi: { enabled: false },
  tls: { issuer: 'certManager' },
};
const all = names(EVERYTHING);

test('every alert has a page that says what it means, where to look and how to mend, and no page is of none', () => {
  expect(readdirSync(RUNBOOKS).sort()).toEqual(all.map((name) => `${name}.md`));
  const headings = all.map((name) => [
    name,
    ...[...readFileSync(join(RUNBOOKS, `${name}.md`), 'utf8').matchAll(/^#+ (.*)$/gm)].map(
      ([, text]) => text,
    ),
  ]);
  expect(headings).toEqual(all.map((name) => [name, name, 'What it means', 'First look', 'Mend']));
});

test('docs/monitoring.md lists every alert with its severity', () => {
  const page = readFileSync(resolve(RUNBOOKS, '../monitoring.md'), 'utf8');
  const listed = [...page.matchAll(/^\| \[(\w+)\]\(runbooks\/\w+\.md\) +\| (\w+) +\|/gm)].map(
    ([, name, severity]) => `${name} ${severity}`,
  );
  const rules = alertingRules(EVERYTHING);
  expect(listed.sort()).toEqual(
    all.map((name) => `${name} ${rules.find(({ alert }) => alert === name)?.labels['severity']}`),
  );
});

test('every page says the severity that its alert has', () => {
  const wrong = alertingRules(EVERYTHING).filter(
    ({ alert, labels }) =>
      !readFileSync(join(RUNBOOKS, `${alert}.md`), 'utf8').includes(`\nSeverity: ${labels['severity']}.\n`),
  );
  expect(wrong).toEqual([]);
});

test('the page of metrics that are absent names each job that is asked for', () => {
  const page = readFileSync(join(RUNBOOKS, 'FalcoEgressMetricsAbsent.md'), 'utf8');
  const asked = alertingRules(EVERYTHING).filter(({ alert }) => alert === 'FalcoEgressMetricsAbsent');
  const suffixes = asked.map(({ labels }) => `-${labels['component']}\``);
  expect(suffixes).toContain('-collector`');
  expect(suffixes.filter((suffix) => !page.includes(suffix))).toEqual([]);
});

test('links lead to the address of the settings, and alerts name the cluster', () => {
  const rules = alertingRules({ monitoring: { rules: { runbooks: 'https://wiki.example.org/falco' } } });
  expect(rules.map(({ labels, annotations }) => [annotations.runbook_url, labels['cluster']])).toEqual(
    rules.map(({ alert }) => [`https://wiki.example.org/falco/${alert}.md`, 'prod']),
  );
  const [first] = alertingRules();
  // Of the version that is deployed: a page may say something else of a later one.
  const path = first?.annotations.runbook_url.replace(`${HOMEPAGE}/blob/v${VERSION}/`, '') ?? '';
  expect(existsSync(resolve(RUNBOOKS, '../..', path))).toBe(true);
});

const SIDEKICK = all.filter((name) => /OutputFailing|AlertsLost|Unattributed|HotReload/.test(name));
const LOKI = all.filter((name) => /Loki|Grafana/.test(name));
const RESPONDER = all.filter((name) => /Respon|Limit|NotContained|Exemption/.test(name));

test.each<[string, Omit<FalcoEgressProps, 'cluster'>, readonly string[]]>([
  ['falcosidekick', { sidekick: { enabled: false }, sidekickUi: { enabled: false } }, SIDEKICK],
  ['the responder', { responder: { enabled: false } }, RESPONDER],
  [
    'the own Loki',
    { loki: { enabled: false }, grafana: { enabled: false } },
    [...LOKI, 'FalcoEgressNodeWithoutCanary', 'FalcoEgressCollectorMisses'],
  ],
  ['the own Grafana', { grafana: { enabled: false } }, ['FalcoEgressGrafanaDown']],
  [
    'rules of ours',
    { egress: { enabled: false }, collector: { ...EVERYTHING.collector, canary: { enabled: false } } },
    ['NodeWithoutCanary', 'RulesDiffer', 'Unattributed'].map((name) => `FalcoEgress${name}`),
  ],
  [
    'metrics of Falco',
    { falco: { metrics: false } },
    [
      'AlertsDropped',
      'AlertsLost',
      'CollectorMisses',
      'EventsDropped',
      'NodeWithoutCanary',
      'NodeWithoutFalco',
      'RulesDiffer',
      'RulesUnknown',
    ].map((name) => `FalcoEgress${name}`),
  ],
  [
    'a Falco of ours alone',
    { falco: { config: { rules_files: ['/etc/falco/falco_rules.yaml', '/mine.yaml'] } } },
    ['FalcoEgressRulesUnknown'],
  ],
])('without %s there are no alerts about it', (_what, props, missing) => {
  const rest = all.filter((name) => !missing.includes(name));
  expect(names({ ...EVERYTHING, ...props })).toEqual(rest);
});
