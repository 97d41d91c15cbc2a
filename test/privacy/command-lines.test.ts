import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sidekickConfig } from '../../lib/constructs/sidekick-config';
import { DASHBOARDS } from '../../lib/observability/generated/dashboards';
import { fillDefaults } from '../../lib/settings/settings';
import { alertLine } from '../history/alert';
import { COMMAND_LINE, EVENT, HOLDS, plantedAlerts, SECRET } from './planted';
import { formsWith, toldOf } from './told';

/*
 * A secret that somebody wrote into a command line must be in no alert of our rules, unless the settings say so; and nothing
 * that reads alerts tells it on. Of the responder: integration/responder/privacy.test.ts; of alerts that came into a Loki:
 * integration/loki/privacy.test.ts.
 */

const alertsOf = (setting: Parameters<typeof plantedAlerts>[0]): string[] =>
  plantedAlerts(setting).map((alert) => JSON.stringify(alert));

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

test('of alerts that tell it, who, report and advise tell the program, and not what it was told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-privacy-'));
  const file = join(folder, 'alerts.jsonl');
  writeFileSync(file, `${alertLine(EVENT, { output: COMMAND_LINE })}\n`);
  const told = await toldOf(join(folder, 'told'), '203.0.113.7', [file]);
  rmSync(folder, { recursive: true });
  expect(formsWith(told, SECRET)).toEqual([]);
  // Each tells of it at all.
  const silent = [...told.keys()].filter((form) => !/^runReport|SHA256SUMS|^runAdvise/.test(form));
  expect(formsWith(told, 'curl')).toEqual(expect.arrayContaining(silent));
  const advised = [...told.keys()].filter((form) => form.startsWith('runAdvise'));
  expect(formsWith(told, '203.0.113.7')).toEqual(expect.arrayContaining(advised));
});

test('dashboards, messages and labels of streams ask for none of these fields', () => {
  const settings = fillDefaults({
    cluster: 'test',
    sidekick: { slack: { webhookUrl: { secret: 'slack' } }, loki: { url: 'https://logs.example.org' } },
  });
  const asked = [
    JSON.stringify(DASHBOARDS),
    JSON.stringify(sidekickConfig(settings)),
    readFileSync(join(__dirname, '../../docs/alertmanager/falco-egress.tmpl'), 'utf8'),
  ].join('\n');
  const spellings = HOLDS.flatMap((field) => [field, field.replaceAll('.', '_')]);
  expect(
    spellings.filter((field) => new RegExp(`\\b${field.replaceAll('.', '\\.')}\\b`).test(asked)),
  ).toEqual([]);
});

describe('of what falcosidekick was recorded to tell, of alerts with command lines', () => {
  const recorded = (name: string): Buffer => readFileSync(join(__dirname, '../fixtures/falcosidekick', name));
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

  /*
   * The UI itself runs in no test, and what it is sent was not recorded: it is the whole alert, as of a webhook, which was. So the
   * setting decides what it shows, as the first tests have it.
   */
  test('who is sent the whole alert, as the UI is, is told them where the alert has them, and nowhere else', () => {
    const bodies = lines<{ sent: { body: string }; request: { body: string } }>(
      gunzipSync(recorded('webhooks.jsonl.gz')).toString(),
    ).map(({ sent, request }) =>
      [sent.body, request.body].map((body) => told.filter((line) => body.includes(line))),
    );
    const having = bodies.filter(([sent]) => sent?.length);
    expect([having.length > 0, having.length < bodies.length]).toEqual([true, true]);
    expect(bodies.filter(([sent, forwarded]) => String(sent) !== String(forwarded))).toEqual([]);
  });

  test('no metric does', () => {
    const metrics = recorded('metrics.txt').toString();
    expect(metrics).toContain('falcosecurity_falcosidekick_falco_events_total{');
    expect(told.filter((line) => metrics.includes(line))).toEqual([]);
  });
});
