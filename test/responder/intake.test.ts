import type { Log } from '../../lib/program/log';
import { Intake, type Admitted, type IntakeProps, type RequestHead } from '../../lib/responder/intake';
import { SenderLimits } from '../../lib/responder/limit/sender-limits';
import { MINIMAL_CONFIG } from './minimal-config';

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
    limits: new SenderLimits(MINIMAL_CONFIG.intake, () => 0),
    throttled: () => undefined,
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
  address: '10.0.0.1',
  certificate: () => 'AB:CD',
  ...over,
});

/** Who may post by each way in. */
const ADMITTED: Readonly<Record<'alerts' | 'logs', Admitted>> = {
  alerts: { way: 'alerts', sender: { kind: 'sidekick', name: 'token' } },
  logs: { way: 'logs', sender: { kind: 'node', name: 'node-3' } },
};

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
  expect(await intake().take(ADMITTED.alerts, text)).toMatchObject({ status: 200, outcome: 'taken' });
  const full = intake({ respond: () => Promise.resolve(false) });
  expect(await full.take(ADMITTED.alerts, text)).toMatchObject({
    status: 503,
    headers: { 'Retry-After': '1' },
    body: { code: 'UNAVAILABLE' },
  });
});

test('an answer does not wait for a store that is slow', async () => {
  const slow = intake({ respond: () => new Promise(() => undefined) });
  const answer = await slow.take(ADMITTED.alerts, JSON.stringify(alert));
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
    await intake().take(ADMITTED.logs, JSON.stringify(logs({}, { body: { stringValue: '{}' } }))),
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
    expect(await intake().take(ADMITTED.logs, text)).toMatchObject({ status: 200, outcome: 'empty' });
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
  expect(await intake().take(ADMITTED[way], JSON.stringify(body))).toMatchObject({
    status: 400,
    body: { code: 'MALFORMED', field },
  });
});

test('a body that is no JSON', async () => {
  expect(await intake().take(ADMITTED.alerts, '{"rule":')).toMatchObject({
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

describe('limits of senders', () => {
  let now = 0;
  let throttled: string[] = [];
  beforeEach(() => {
    now = 0;
    throttled = [];
  });

  /** One that takes two alerts a second of each, 40 at once, and asks about one token a second, 20 at once. */
  function strict(props: Partial<IntakeProps> = {}): Intake {
    const alerts = { nodeAlertsPerSecond: 2, sidekickAlertsPerSecond: 2 };
    const settings = { ...alerts, tokenReviewsPerSecond: 1, refusalsPerSecond: 5 };
    return intake({
      limits: new SenderLimits(settings, () => now),
      throttled: (way, limit) => throttled.push(`${way} ${limit}`),
      // Each of them is a matter of its own.
      respond: (alerts, decision) => {
        alerts.forEach(decision);
        return Promise.resolve(true);
      },
      ...props,
    });
  }

  const admit = async (receiver: Intake, over: Partial<RequestHead>): Promise<number | Admitted> => {
    const admitted = await receiver.admit(head(over));
    return 'status' in admitted ? admitted.status : admitted;
  };

  const post = async (receiver: Intake, body: unknown, over: Partial<RequestHead> = {}) => {
    const admitted = await receiver.admit(head(over));
    return 'status' in admitted ? admitted : receiver.take(admitted, JSON.stringify(body));
  };

  const fromNode = { path: '/v1/logs', authorization: 'Bearer good' };
  const records = (count: number): unknown =>
    logs(...Array.from({ length: count }, () => ({ body: { stringValue: JSON.stringify(alert) } })));

  test('a batch larger than the burst is taken, and the next one has to wait as long as it is worth', async () => {
    const receiver = strict();
    expect(await post(receiver, records(100), fromNode)).toMatchObject({ status: 200 });
    expect(await post(receiver, records(1), fromNode)).toMatchObject({
      status: 429,
      // A hundred decisions, and as many looks, of 40.
      headers: { 'Retry-After': '36' },
      body: { code: 'THROTTLED' },
      outcome: 'throttled',
    });
    expect(throttled).toEqual(['logs rate']);
    now = 36_001;
    expect(await post(receiver, records(1), fromNode)).toMatchObject({ status: 200 });
  });

  test('what no response fits costs a node a tenth, so that its noise keeps back nothing that matters', async () => {
    let fits = false;
    const receiver = strict({
      respond: (alerts, decision) => {
        if (fits) alerts.forEach(decision);
        return Promise.resolve(true);
      },
    });
    for (let batch = 0; batch < 3; batch++)
      expect(await post(receiver, records(100), fromNode)).toMatchObject({ status: 200 });
    fits = true;
    expect(await post(receiver, records(5), fromNode)).toMatchObject({ status: 200 });
    fits = false;
    // It isn't free either.
    const flood = [];
    for (let batch = 0; batch < 20; batch++)
      flood.push((await post(receiver, records(100), fromNode)).status);
    expect(flood).toEqual([200, ...Array<number>(19).fill(429)]);
  });

  test('one node takes nothing from another, nor from falcosidekick', async () => {
    const receiver = strict({
      review: (token) => Promise.resolve({ user: 'system:serviceaccount:falco:collector', node: token }),
    });
    await post(receiver, records(100), fromNode);
    expect(await post(receiver, records(1), fromNode)).toMatchObject({ status: 429 });
    const other = { path: '/v1/logs', authorization: 'Bearer node-4' };
    expect(await post(receiver, records(1), other)).toMatchObject({ status: 200 });
    expect(await post(receiver, alert)).toMatchObject({ status: 200 });
  });

  test('requests that were admitted together do not all count as the first', async () => {
    const receiver = strict();
    const admitted = await Promise.all(Array.from({ length: 10 }, () => receiver.admit(head(fromNode))));
    const text = JSON.stringify(records(100));
    const answers = await Promise.all(
      admitted.map(async (each) => ('status' in each ? each : receiver.take(each, text))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(429)]);
  });

  test('bodies that hold no alert cost what they weigh', async () => {
    const receiver = strict();
    const body = { resourceLogs: [], filler: 'x'.repeat(40 * 8192) };
    expect(await post(receiver, body, fromNode)).toMatchObject({ status: 200, outcome: 'empty' });
    expect(await post(receiver, body, fromNode)).toMatchObject({ status: 429 });
    for (let each = 0; each < 160; each++) await post(receiver, {});
    expect(await post(receiver, {})).toMatchObject({ status: 429 });
  });

  test('without a token each certificate is a sender of its own', async () => {
    const receiver = strict({ token: () => undefined });
    for (let each = 0; each < 40; each++) await post(receiver, alert);
    expect(await post(receiver, alert)).toMatchObject({ status: 429 });
    expect(await post(receiver, alert, { certificate: () => 'EF:01' })).toMatchObject({ status: 200 });
  });

  test('an address that is refused again and again is no longer even refused, and others are', async () => {
    const receiver = strict();
    const statuses: (number | Admitted)[] = [];
    for (let each = 0; each < 150; each++)
      statuses.push(await admit(receiver, { authorization: 'Bearer wrong' }));
    expect(statuses).toEqual([...Array<number>(100).fill(401), ...Array<number>(50).fill(429)]);
    expect(new Set(throttled)).toEqual(new Set(['alerts refusals']));
    expect(await admit(receiver, { path: '/nothing' })).toBe(429);
    expect(await admit(receiver, { authorization: 'Bearer wrong', address: '10.0.0.2' })).toBe(401);
    // Whoever shares its address and has the token is let in all the same.
    expect(await admit(receiver, {})).toEqual(ADMITTED.alerts);
  });

  test('tokens that nobody knows are asked about within limits: of an address, and of all', async () => {
    let asked = 0;
    const review: IntakeProps['review'] = (token, _audience, wait) => {
      const known = users.get(token);
      if (known !== undefined) return Promise.resolve(known);
      const waitMs = wait();
      if (waitMs > 0) return Promise.resolve({ waitMs });
      asked += 1;
      return Promise.resolve({ user: undefined, node: undefined });
    };
    const receiver = strict({ review });
    const knock = (each: number, address: string) =>
      admit(receiver, { path: '/v1/logs', authorization: `Bearer bogus-${each}`, address });
    for (let each = 0; each < 500; each++) await knock(each, '10.0.0.1');
    expect(asked).toBe(16);
    expect(throttled.filter((each) => each === 'logs reviews')).toHaveLength(484);
    for (let each = 0; each < 100; each++) await knock(each, `10.0.1.${each}`);
    expect(asked).toBe(20);
    now = 10_000;
    for (let each = 0; each < 100; each++) await knock(each, `10.0.2.${each}`);
    expect(asked).toBeLessThanOrEqual(31);
    expect(asked).toBeGreaterThanOrEqual(30);
    expect(await admit(receiver, fromNode)).toMatchObject({ sender: { kind: 'node', name: 'node-3' } });
  });

  test('wrong tokens of however many addresses keep no right one of another address waiting, though it is new', async () => {
    const review: IntakeProps['review'] = (token, _audience, wait) => {
      const waitMs = wait();
      return Promise.resolve(
        waitMs > 0 ? { waitMs } : (users.get(token) ?? { user: undefined, node: undefined }),
      );
    };
    const limits = new SenderLimits(MINIMAL_CONFIG.intake, () => now);
    const receiver = intake({ review, limits });
    const knock = (token: string, address: string) =>
      admit(receiver, { path: '/v1/logs', authorization: `Bearer ${token}`, address });
    // A collector whose token was not known in its first moment, and who is taken for one of them.
    expect(await knock('early', '10.0.2.1')).toBe(503);
    for (let second = 0; second < 60; second++) {
      for (let each = 0; each < 16 * 25; each++)
        await knock(`bogus-${second}-${each}`, `10.0.1.${each % 16}`);
      if (second % 10 === 9)
        expect(await knock('good', `10.0.0.${second}`)).toMatchObject({ sender: { kind: 'node' } });
      now += 1000;
    }
    // After a minute without another it is one like any other, and whoever proves right is so at once.
    for (let each = 0; each < 16 * 25; each++) await knock(`last-${each}`, `10.0.1.${each % 16}`);
    expect(await knock('good', '10.0.1.7')).toBe(429);
    for (let again = 0; again < 3; again++)
      expect(await knock('good', '10.0.2.1')).toMatchObject({ sender: { kind: 'node' } });
  });

  test('a token that proves right costs its address nothing', async () => {
    const settings = { ...MINIMAL_CONFIG.intake, tokenReviewsPerSecond: 1000 };
    const receiver = intake({
      limits: new SenderLimits(settings, () => now),
      review: (token, _audience, wait) => {
        const waitMs = wait();
        return Promise.resolve(
          waitMs > 0 ? { waitMs } : { user: 'system:serviceaccount:falco:collector', node: token },
        );
      },
    });
    for (let each = 0; each < 500; each++)
      expect(await admit(receiver, { path: '/v1/logs', authorization: `Bearer node-${each}` })).toMatchObject(
        { way: 'logs' },
      );
  });

  test('bodies of one sender take at most half of the room that there is for all', () => {
    const receiver = strict();
    const mebibytes = (bytes: number): number => bytes * 1024 * 1024;
    const [first, second, third] = [1, 2, 3].map(() => receiver.roomFor(ADMITTED.logs));
    expect([first, second, third].map((room) => room?.take(mebibytes(16)))).toEqual([true, true, false]);
    expect(receiver.noRoom(ADMITTED.logs)).toMatchObject({ status: 429, headers: { 'Retry-After': '1' } });
    expect(receiver.roomFor(ADMITTED.alerts).take(mebibytes(16))).toBe(true);
    first?.end();
    first?.end();
    expect(third?.take(mebibytes(16))).toBe(true);
  });
});
