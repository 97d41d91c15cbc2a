import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAdvise } from '../lib/cli/advise';
import { runReport } from '../lib/cli/report';
import { runWho } from '../lib/cli/who';
import { Falco } from '../lib/constructs/falco';
import { sidekickConfig } from '../lib/constructs/sidekick-config';
import { DASHBOARDS } from '../lib/observability/generated/dashboards';
import { loadRules } from '../lib/rules';
import { renderOutput } from '../lib/rules/evaluate/render-output';
import type { PrivacySettings } from '../lib/settings/privacy';
import { fillDefaults } from '../lib/settings/settings';
import { synthesize } from './constructs';
import { alertLine } from './history/alert';

/*
 * A secret that somebody wrote into a command line must be in no alert of our rules, unless the settings say so; and nothing
 * that reads alerts tells it on. Of the responder: integration/responder/privacy.test.ts.
 */

const SECRET = 'hunter2';
const COMMAND_LINE = `curl -u admin:${SECRET} https://example.org`;

/** Fields of a process and of its call that hold what it was told, or sent. */
const HOLDS = [
  ...['proc.cmdline', 'proc.pcmdline', 'proc.acmdline', 'proc.exeline', 'proc.args', 'proc.env', 'proc.aenv'],
  ...['evt.args', 'evt.info', 'evt.buffer', 'evt.arg.data', 'evt.arg.args', 'evt.arg.env', 'evt.arg.exe'],
];
const EVENT = {
  ...Object.fromEntries(HOLDS.map((field) => [field, COMMAND_LINE])),
  ...{ 'proc.cmdnargs': 3, 'proc.cmdlenargs': COMMAND_LINE.length - 5, 'proc.name': 'curl' },
};

/** What alerts of our rules tell, as they are synthesized with a setting. */
function alertsOf(commandLine: PrivacySettings['commandLine']): string[] {
  const settings = {
    cluster: 'test',
    ...(commandLine !== undefined && { privacy: { commandLine } }),
    egress: { vistatech: true, record: { enabled: true } },
    falco: { stockRules: false },
    sidekickUi: { enabled: false },
  };
  const objects = synthesize((scope) => {
    new Falco(scope, 'falco', settings);
  });
  const files = objects.flatMap(({ kind, data = {} }) =>
    kind === 'ConfigMap'
      ? Object.entries(data as Record<string, string>).map(([name, text]) => ({ name, text }))
      : [],
  );
  const rules = files.filter(({ text }) => /^- (?:rule|macro|list): /m.test(text));
  const { ruleset } = loadRules(rules, { lints: false });
  return ruleset.rules.flatMap(({ output }) =>
    output === undefined ? [] : [JSON.stringify(renderOutput(output, EVENT, ruleset.catalogue))],
  );
}

test.each([undefined, 'never', 'redacted'] as const)('with %s no alert of our rules tells it', (setting) => {
  const alerts = alertsOf(setting);
  expect(alerts.length).toBeGreaterThan(3);
  expect(alerts.filter((alert) => alert.includes(SECRET))).toEqual([]);
  expect(alerts.every((alert) => alert.includes('curl'))).toBe(true);
  expect(alerts.every((alert) => alert.includes('argcount=3'))).toBe(setting === 'redacted');
});

test('with full each tells it', () => {
  const alerts = alertsOf('full');
  expect(alerts.length).toBeGreaterThan(3);
  expect(alerts.filter((alert) => !alert.includes(SECRET))).toEqual([]);
});

describe('of alerts that tell it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-privacy-'));
  const file = join(folder, 'alerts.jsonl');
  const planted = { ...EVENT };

  beforeAll(() => {
    writeFileSync(file, `${alertLine(planted, { output: COMMAND_LINE })}\n`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  type Command = (
    args: readonly string[],
    streams: { readonly out: (text: string) => void; readonly error: (text: string) => void },
  ) => Promise<number>;

  async function printed(command: Command, ...args: readonly string[]): Promise<string> {
    let text = '';
    const add = (more: string): void => void (text += more);
    expect([await command(args, { out: add, error: add }), text]).toEqual([0, text]);
    return text;
  }

  test('who tells the program, and not what it was told', async () => {
    const evidence = join(folder, 'evidence');
    for (const form of [[], ['--json'], ['--csv'], ['--html'], ['--evidence', evidence]]) {
      const text = await printed(runWho, '203.0.113.7', file, ...form);
      expect([form, text.includes('curl'), text.includes(SECRET)]).toEqual([form, true, false]);
    }
    const kept = readdirSync(evidence).map((name) => readFileSync(join(evidence, name), 'utf8'));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.join()).toContain('curl');
    expect(kept.join()).not.toContain(SECRET);
  });

  test('nor does advice', async () => {
    const state = join(folder, 'state.json');
    const labels = { app: 'cart' };
    const cart = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'cart-0', labels } };
    writeFileSync(state, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [cart] }));
    for (const form of [[], ['--json'], ['--typescript']]) {
      const text = await printed(runAdvise, file, '--cluster-state', state, ...form);
      expect([form, text.includes('203.0.113.7'), text.includes(SECRET)]).toEqual([form, true, false]);
    }
  });

  test('nor does a report', async () => {
    const out = join(folder, 'report.html');
    const text = await printed(runReport, file, '--out', out, '--json');
    expect(`${text}${readFileSync(out, 'utf8')}`).not.toContain(SECRET);
    expect(readFileSync(out, 'utf8')).toContain('curl');
  });
});

test('dashboards, messages and labels of streams ask for none of these fields', () => {
  const settings = fillDefaults({
    cluster: 'test',
    sidekick: { slack: { webhookUrl: { secret: 'slack' } }, loki: { url: 'https://logs.example.org' } },
  });
  const asked = [
    JSON.stringify(DASHBOARDS),
    JSON.stringify(sidekickConfig(settings)),
    readFileSync(join(__dirname, '../docs/alertmanager/falco-egress.tmpl'), 'utf8'),
  ].join('\n');
  const spellings = HOLDS.flatMap((field) => [field, field.replaceAll('.', '_')]);
  expect(
    spellings.filter((field) => new RegExp(`\\b${field.replaceAll('.', '\\.')}\\b`).test(asked)),
  ).toEqual([]);
});
