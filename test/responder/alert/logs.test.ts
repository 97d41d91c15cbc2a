import { alertsFromLogs } from '../../../lib/responder/alert/logs';
import { alertFromSidekick } from '../../../lib/responder/alert/sidekick';
import { batchOf } from './webhooks';

const line = JSON.stringify({
  hostname: 'node-9',
  output: 'o',
  output_fields: { 'k8s.ns.name': 'demo', 'k8s.pod.name': 'nginx-1' },
  priority: 'Warning',
  rule: 'r',
  source: 'syscall',
  tags: [],
  time: '2026-11-22T07:41:15.744381641Z',
});

const batch = (...records: readonly unknown[]): string =>
  JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] });

test('an alert is of the node whose token was shown, whatever it says', () => {
  const { alerts, skipped } = alertsFromLogs(batchOf(line), 'node-3');
  expect(skipped).toBe(0);
  expect(alerts).toMatchObject([
    { way: 'logs', node: 'node-3', pod: { namespace: 'demo', name: 'nginx-1' } },
  ]);
  // What makes its id is what it says itself: falcosidekick knows nothing else.
  expect(alerts[0]?.id).toBe(alertFromSidekick(line).id);
});

test('what the container runtime writes before a line is no part of it', () => {
  const prefixed = `2026-11-22T07:41:15.8Z stdout F ${line}`;
  expect(alertsFromLogs(batchOf(prefixed, `\uFEFF${line}`), 'node-3').alerts).toHaveLength(2);
});

test('records that hold no alert cost nothing but themselves', () => {
  const records = [
    {},
    { body: null },
    { body: {} },
    { body: { intValue: '7' } },
    { body: { kvlistValue: { values: [] } } },
    { body: { stringValue: '' } },
    { body: { stringValue: 'Falco initialized' } },
    { body: { stringValue: '{"rule":"r"' } },
    { body: { stringValue: '{"rule":"r","time":7}' } },
    { body: { stringValue: '['.repeat(100_000) } },
    { body: { stringValue: line } },
  ];
  expect(alertsFromLogs(batch(...records), 'n')).toMatchObject({
    alerts: [{ rule: 'r' }],
    skipped: 10,
    reason: 'body: holds no text',
  });
  expect(alertsFromLogs(batchOf('{"rule":"r"}'), 'n').reason).toBe('time: expected a text, found nothing');
});

test.each(['{}', '{"resourceLogs":null}', '{"resourceLogs":[{"scopeLogs":[{}]}]}'])('%s is empty', (text) => {
  expect(alertsFromLogs(text, 'n')).toEqual({ alerts: [], skipped: 0, reason: undefined });
});

const place = 'resourceLogs[0].scopeLogs[0].logRecords';
test.each<[string, string]>([
  ['null', '(body)'],
  ['{', '(body)'],
  ['{"resourceLogs":{}}', 'resourceLogs'],
  ['{"resourceLogs":[7]}', 'resourceLogs[0]'],
  ['{"resourceLogs":[{"scopeLogs":[1]}]}', 'resourceLogs[0].scopeLogs[0]'],
  [batch({ body: { stringValue: line } }, 'x'), `${place}[1]`],
  [batch({ body: 'x' }), `${place}[0].body`],
  [batch({ body: { stringValue: 7 } }), `${place}[0].body.stringValue`],
  [`{"resourceLogs":${'['.repeat(1000)}`, '(body)'],
  [batch(...Array.from({ length: 50_001 }, () => ({}))), 'resourceLogs'],
])('an envelope that is none names the field: %.60s', (text, field) => {
  expect(() => alertsFromLogs(text, 'n')).toThrow(
    expect.objectContaining({ name: 'MalformedBodyError', code: 'MALFORMED', field }) as Error,
  );
});
