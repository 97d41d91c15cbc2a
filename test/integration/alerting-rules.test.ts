import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Construct } from 'constructs';
import { parse } from 'yaml';
import { AlertingRules } from '../../lib/constructs/alerting-rules';
import { Falco } from '../../lib/constructs/falco';
import type { AlertingRule } from '../../lib/observability/alerting-rule';
import type { FalcoEgressProps } from '../../lib/settings/settings';
import { synthesize } from '../constructs';
import type { AlertCase } from './alerting-rules/case';
import { COLLECTOR_CASES } from './alerting-rules/collector';
import { falcoCases } from './alerting-rules/falco';
import { LOKI_CASES } from './alerting-rules/loki';
import { OTHER_CASES } from './alerting-rules/others';
import { RESPONDER_CASES } from './alerting-rules/responder';
import { SIDEKICK_CASES } from './alerting-rules/sidekick';
import { buildPromtool, type Promtool } from './promtool';

/* Each alert is held by promtool against a case in which it fires and one in which it does not. */

const settings: FalcoEgressProps = {
  cluster: 'test',
  collector: { enabled: true, canary: { enabled: true } },
  loki: { enabled: true },
  grafana: { enabled: true },
  sidekickUi: { enabled: false },
  tls: { issuer: 'certManager' },
  monitoring: { rules: { form: 'configMap' } },
  rulesPackages: { team: { 'one.yaml': '- list: names\n  items: [a]\n' } },
};

/** Files of the ConfigMaps that a construct makes. */
function filesOf(make: (scope: Construct) => void): Record<string, string> {
  const objects = synthesize(make).filter(({ kind }) => kind === 'ConfigMap');
  return Object.assign({}, ...objects.map(({ data }) => data as object)) as Record<string, string>;
}

const { 'falco-egress.yaml': rulesFile = '' } = filesOf((scope) => {
  new AlertingRules(scope, 'rules', settings);
});
const { groups } = parse(rulesFile) as { groups: { name: string; rules: AlertingRule[] }[] };
const rules = groups.flatMap((group) => group.rules);

const mounted = filesOf((scope) => {
  new Falco(scope, 'falco', settings);
});

/** What Falco will say of a file: the digest of the bytes in the ConfigMap. */
const digestOf = (file: string): string =>
  createHash('sha256')
    .update(mounted[file] ?? '')
    .digest('hex');

const FILES = ['10-egress.yaml', '16-canary.yaml', '60-team.one.yaml'] as const;

const CASES = {
  ...falcoCases(FILES, digestOf),
  ...SIDEKICK_CASES,
  ...RESPONDER_CASES,
  ...COLLECTOR_CASES,
  ...LOKI_CASES,
  ...OTHER_CASES,
};

let promtool: Promtool;
let folder: string;

beforeAll(() => {
  promtool = buildPromtool();
  folder = mkdtempSync(join(tmpdir(), 'falco-egress-alerting-'));
  writeFileSync(join(folder, 'rules.yaml'), rulesFile);
}, 1_200_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An expected alert with all that the rule says, as Prometheus fills it in. */
function expected(alert: string, { labels, summary }: AlertCase['fires'][number]): object {
  const rule = rules.find(
    (each) => each.alert === alert && (labels['file'] ?? '') === (each.labels['file'] ?? ''),
  );
  const description = rule?.annotations.description.replaceAll(
    /\{\{ \$labels\.(\w+) \}\}/g,
    (_match, name: string) => labels[name] ?? '',
  );
  return {
    exp_labels: { cluster: 'test', ...labels },
    exp_annotations: { summary, description, runbook_url: rule?.annotations.runbook_url },
  };
}

test('promtool takes the rules', () => {
  expect(promtool.wrong(folder, 'check', 'rules', '--lint=all', '--lint-fatal', 'rules.yaml')).toBe('');
});

test('every alert has cases that fire and cases that are quiet', () => {
  expect([...new Set(rules.map(({ alert }) => alert))].sort()).toEqual(Object.keys(CASES).sort());
  const whole = Object.entries(CASES).filter(
    ([, cases]) =>
      cases.some(({ fires }) => fires.length > 0) && cases.some(({ fires }) => fires.length === 0),
  );
  expect(whole).toHaveLength(Object.keys(CASES).length);
});

test.each(Object.entries(CASES))('%s', (alert, cases) => {
  const tests = cases.map(({ name, series, at, fires }) => ({
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([each, values]) => ({ series: each, values })),
    alert_rule_test: [
      { alertname: alert, eval_time: at, exp_alerts: fires.map((each) => expected(alert, each)) },
    ],
  }));
  const file = join(folder, `${alert}.yaml`);
  writeFileSync(file, JSON.stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }));
  expect(promtool.wrong(folder, 'test', 'rules', file)).toBe('');
});
