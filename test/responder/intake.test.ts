import type { Log } from '../../lib/program/log';
import { Intake, type IntakeProps, type RequestHead } from '../../lib/responder/intake';

const collector = { namespace: 'falco', serviceAccount: 'collector', audience: 'responder' };
const users = new Map([
  ['good', 'system:serviceaccount:falco:collector'],
  ['other', 'system:serviceaccount:falco:default'],
]);

let lines: string[] = [];
let now = 0;
const log: Log = (level, message, fields) => lines.push(JSON.stringify({ level, message, ...fields }));
beforeEach(() => {
  lines = [];
  now = 0;
});

function intake(props: Partial<IntakeProps> = {}): Intake {
  return new Intake({
    token: () => 'sesame',
    collector,
    review: (token) => Promise.resolve({ user: users.get(token), node: undefined }),
    log,
    now: () => now,
    ...props,
  });
}

const head = (over: Partial<RequestHead>): RequestHead => ({
  method: 'POST',
  path: '/alerts',
  authorization: 'Bearer sesame',
  contentType: 'application/json; charset=utf-8',
  ...over,
});

test.each<[string, Partial<RequestHead>, Partial<IntakeProps>, string | number]>([
  ['the right token', {}, {}, 'alerts'],
  ['the scheme in lower case', { authorization: 'bearer sesame' }, {}, 'alerts'],
  ['no token', { authorization: undefined }, {}, 401],
  ['a wrong token', { authorization: 'Bearer sesamE' }, {}, 401],
  ['a prefix of it', { authorization: 'Bearer sesam' }, {}, 401],
  ['another scheme', { authorization: 'Basic sesame' }, {}, 401],
  [
    'no token where TLS has checked a certificate',
    { authorization: undefined },
    { token: () => undefined },
    'alerts',
  ],
  ['the collector', { path: '/v1/logs', authorization: 'Bearer good' }, {}, 'logs'],
  ['falcosidekick’s token on the collector’s path', { path: '/v1/logs' }, {}, 503],
  ['another ServiceAccount', { path: '/v1/logs', authorization: 'Bearer other' }, {}, 403],
  ['the collector’s path without a token', { path: '/v1/logs', authorization: undefined }, {}, 503],
  [
    'no collector configured',
    { path: '/v1/logs', authorization: 'Bearer good' },
    { collector: undefined },
    503,
  ],
  [
    'an API server that does not answer',
    { path: '/v1/logs' },
    { review: () => Promise.reject(new Error('down')) },
    503,
  ],
  ['another path', { path: '/alert' }, {}, 404],
  ['another method', { method: 'GET' }, {}, 405],
  ['protocol buffers', { contentType: 'application/x-protobuf' }, {}, 415],
  ['no content type', { contentType: undefined }, {}, 415],
])('%s', async (_, over, props, wanted) => {
  const admitted = await intake(props).admit(head(over));
  expect(typeof admitted === 'string' ? admitted : admitted.status).toBe(wanted);
});

test('who is asked to authenticate is told how', async () => {
  expect(await intake().admit(head({ authorization: undefined }))).toMatchObject({
    headers: { 'WWW-Authenticate': expect.stringMatching(/^Bearer/) as string },
    body: { code: 'UNAUTHENTICATED' },
  });
});

test.each<[string, Partial<RequestHead>, Partial<IntakeProps>, string, RegExp]>([
  ['no token', { authorization: undefined }, {}, 'unauthenticated', /missing/],
  [
    'a token that is not taken',
    { authorization: 'Bearer late' },
    {},
    'unauthenticated',
    /audience responder/,
  ],
  ['no collector configured', {}, { collector: undefined }, 'unavailable', /authentication\.collector/],
])('the collector keeps its batch, and learns nothing: %s', async (_, over, props, outcome, reason) => {
  expect(await intake(props).admit(head({ path: '/v1/logs', ...over }))).toEqual({
    status: 503,
    headers: { 'Retry-After': '10' },
    body: { code: 'UNAVAILABLE', message: 'not now; keep it and come again' },
    outcome,
    reason: expect.stringMatching(reason) as string,
  });
});

const alert = {
  rule: 'r',
  priority: 'Warning',
  output: 'o',
  time: '2026-11-22T07:41:15.744381641Z',
  output_fields: {},
};
const logs = (...records: readonly unknown[]) => ({
  resourceLogs: [{ scopeLogs: [{ logRecords: records }] }],
});

test('a good alert is not acknowledged, since it is not stored: the sender shall keep it', () => {
  const answer = intake().take('alerts', JSON.stringify(alert));
  expect(answer).toMatchObject({
    status: 503,
    headers: { 'Retry-After': '30' },
    body: { code: 'UNAVAILABLE' },
  });
});

test('records of the collector too', () => {
  const body = { stringValue: JSON.stringify(alert) };
  expect(intake().take('logs', JSON.stringify(logs({ body }))).status).toBe(503);
});

test('records without an alert are told, and make nobody send the batch again', () => {
  expect(intake().take('logs', JSON.stringify(logs({}, { body: { stringValue: '{}' } })))).toMatchObject({
    status: 200,
    outcome: 'empty',
  });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warning',
    message: 'log records without an alert',
    skipped: 2,
    reason: 'body: holds no text',
  });
});

test.each(['{}', '{"resourceLogs":[]}', '{"resourceLogs":[{"scopeLogs":[{}]}]}'])(
  '%s is nothing to lose',
  (text) => {
    expect(intake().take('logs', text)).toMatchObject({ status: 200, outcome: 'empty' });
  },
);

test.each<[string, 'alerts' | 'logs', unknown, string]>([
  ['no rule', 'alerts', { ...alert, rule: undefined }, 'rule'],
  ['a number as output', 'alerts', { ...alert, output: 1 }, 'output'],
  ['a priority that is null', 'alerts', { ...alert, priority: null }, 'priority'],
  ['a time that is none', 'alerts', { ...alert, time: 'yesterday' }, 'time'],
  ['fields in a list', 'alerts', { ...alert, output_fields: [] }, 'output_fields'],
  ['a list', 'alerts', [alert], '(body)'],
  ['null', 'logs', null, '(body)'],
  ['logs that are no list', 'logs', { resourceLogs: {} }, 'resourceLogs'],
  [
    'a scope that is no object',
    'logs',
    { resourceLogs: [{ scopeLogs: [1] }] },
    'resourceLogs[0].scopeLogs[0]',
  ],
  ['a record that is no object', 'logs', logs({}, 'x'), 'resourceLogs[0].scopeLogs[0].logRecords[1]'],
])('%s is named', (_, way, body, field) => {
  expect(intake().take(way, JSON.stringify(body))).toMatchObject({
    status: 400,
    body: { code: 'MALFORMED', field },
  });
});

test('a body that is no JSON', () => {
  expect(intake().take('alerts', '{"rule":')).toMatchObject({ status: 400, body: { field: '(body)' } });
});

test('that nothing is stored is said once a minute, with a count', () => {
  const receiver = intake();
  for (let second = 0; second < 90; second++) {
    now = second * 1000;
    receiver.take('alerts', JSON.stringify(alert));
  }
  expect(lines.map((line) => (JSON.parse(line) as { alerts: number }).alerts)).toEqual([1, 60]);
});
