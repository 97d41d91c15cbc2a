import type { Log } from '../../lib/program/log';
import { Intake, type IntakeProps, type RequestHead } from '../../lib/responder/intake';

const collector = { namespace: 'falco', serviceAccount: 'collector', audience: 'responder' };
const users = new Map([
  ['good', { user: 'system:serviceaccount:falco:collector', node: 'node-3' }],
  ['by-hand', { user: 'system:serviceaccount:falco:collector', node: undefined }],
  ['other', { user: 'system:serviceaccount:falco:default', node: 'node-3' }],
]);

let lines: string[] = [];
const log: Log = (level, message, fields) => lines.push(JSON.stringify({ level, message, ...fields }));
beforeEach(() => {
  lines = [];
});

function intake(props: Partial<IntakeProps> = {}): Intake {
  return new Intake({
    token: () => 'sesame',
    collector,
    review: (token) => Promise.resolve(users.get(token) ?? { user: undefined, node: undefined }),
    respond: () => Promise.resolve(true),
    log,
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
  ['a token that is bound to no node', { path: '/v1/logs', authorization: 'Bearer by-hand' }, {}, 403],
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
  expect('status' in admitted ? admitted.status : admitted.way).toBe(wanted);
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

test('what is stored is acknowledged, and what is not the sender shall keep', async () => {
  const text = JSON.stringify(alert);
  expect(await intake().take({ way: 'alerts' }, text)).toMatchObject({ status: 200, outcome: 'taken' });
  const full = intake({ respond: () => Promise.resolve(false) });
  expect(await full.take({ way: 'alerts' }, text)).toMatchObject({
    status: 503,
    headers: { 'Retry-After': '1' },
    body: { code: 'UNAVAILABLE' },
  });
});

test('an answer does not wait for a store that is slow', async () => {
  const slow = intake({ respond: () => new Promise(() => undefined) });
  const answer = await slow.take({ way: 'alerts' }, JSON.stringify(alert));
  expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
});

test('alerts of the collector are of the node of its token, whatever they say', async () => {
  const seen: unknown[] = [];
  const receiver = intake({
    respond: (alerts) => {
      seen.push(...alerts.map(({ node, way }) => ({ node, way })));
      return Promise.resolve(true);
    },
  });
  const admitted = await receiver.admit(head({ path: '/v1/logs', authorization: 'Bearer good' }));
  if ('status' in admitted) throw new Error('not admitted');
  const body = { stringValue: JSON.stringify({ ...alert, hostname: 'node-9' }) };
  await receiver.take(admitted, JSON.stringify(logs({ body })));
  expect(seen).toEqual([{ node: 'node-3', way: 'logs' }]);
});

test('records without an alert are told, and make nobody send the batch again', async () => {
  expect(
    await intake().take({ way: 'logs' }, JSON.stringify(logs({}, { body: { stringValue: '{}' } }))),
  ).toMatchObject({
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
  async (text) => {
    expect(await intake().take({ way: 'logs' }, text)).toMatchObject({ status: 200, outcome: 'empty' });
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
])('%s is named', async (_, way, body, field) => {
  expect(await intake().take({ way }, JSON.stringify(body))).toMatchObject({
    status: 400,
    body: { code: 'MALFORMED', field },
  });
});

test('a body that is no JSON', async () => {
  expect(await intake().take({ way: 'alerts' }, '{"rule":')).toMatchObject({
    status: 400,
    body: { field: '(body)' },
  });
});

test('the review of a token is part of the time within which there is an answer', async () => {
  jest.useFakeTimers();
  try {
    const [user] = users.values();
    const review = (): Promise<{ user: string; node: string | undefined }> =>
      new Promise((resolve) => {
        if (user !== undefined) setTimeout(resolve, 700, user);
      });
    const slow = intake({ review, respond: () => new Promise(() => undefined) });
    const began = performance.now();
    const answered = (async () => {
      const admitted = await slow.admit(head({ path: '/v1/logs', authorization: 'Bearer good' }));
      if ('status' in admitted) throw new Error('refused');
      const answer = await slow.take(
        admitted,
        JSON.stringify(logs({ body: { stringValue: JSON.stringify(alert) } })),
      );
      return { ...answer, after: performance.now() - began };
    })();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await answered).toMatchObject({ status: 503, after: 900 });
  } finally {
    jest.useRealTimers();
  }
});
