import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
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
    // 1: there is something that the advice would change, or that a policy refuses.
    const code = args.some((arg) => arg === '--diff' || arg === '--check') ? 1 : 0;
    expect([await command(args, { out: add, error: add }), text]).toEqual([code, text]);
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
    const policy = join(folder, 'policy.json');
    const kind = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
    const spec = { podSelector: { matchLabels: labels }, policyTypes: ['Egress'] };
    writeFileSync(policy, JSON.stringify({ ...kind, metadata: { namespace: 'shop', name: 'none' }, spec }));
    const forms = [[], ['--json'], ['--typescript'], ['--diff'], ['--diff', '--json']];
    for (const form of [...forms, ['--check', policy], ['--check', policy, '--json']]) {
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

describe('of what falcosidekick was recorded to tell, of alerts with command lines', () => {
  const recorded = (name: string): Buffer => readFileSync(join(__dirname, 'fixtures/falcosidekick', name));
  const lines = <T>(text: string): T[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as T);
  const alerts = lines<{ readonly output_fields: Readonly<Record<string, unknown>> }>(
    recorded('alerts.jsonl').toString(),
  );
  // Of one word, such as a program's name, nobody could tell where it comes from.
  const told = [...new Set(alerts.map(({ output_fields: fields }) => fields['proc.cmdline']))].filter(
    (text): text is string => typeof text === 'string' && text.includes(' '),
  );
  const pushes = lines<{ readonly request: { readonly body: string } }>(
    gunzipSync(recorded('loki.jsonl.gz')).toString(),
  ).map(
    ({ request }) =>
      JSON.parse(request.body) as {
        streams: readonly { readonly stream: object; readonly values: unknown }[];
      },
  );
  const within = (value: unknown): string[] => {
    const text = JSON.stringify(value);
    return told.filter((commandLine) => text.includes(JSON.stringify(commandLine).slice(1, -1)));
  };

  test('the lines in Loki hold them, and no label of a stream does', () => {
    const streams = pushes.flatMap((push) => push.streams);
    // A line is JSON within JSON.
    const texts = streams.flatMap(({ values }) => values as readonly (readonly string[])[]).flat();
    expect(told.filter((line) => texts.some((text) => text.includes(line)))).not.toEqual([]);
    expect(within(streams.map(({ stream }) => stream))).toEqual([]);
  });

  test('no metric does', () => {
    const metrics = recorded('metrics.txt').toString();
    expect(metrics).toContain('falcosecurity_falcosidekick_falco_events_total{');
    expect(told.filter((line) => metrics.includes(line))).toEqual([]);
  });
});
