import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { RequestCounter } from '../../lib/responder/metrics';
import { renderedMetrics } from '../../lib/responder/probes';
import { listenForAlerts, listenForProbes, type Listening } from '../../lib/responder/server';
import { Intake } from '../../lib/responder/intake';
import { SenderLimits } from '../../lib/responder/limit/sender-limits';
import { MINIMAL_CONFIG } from './minimal-config';

/* What whoever reaches a port can do to the process, by real sockets. */

/** More than the port of probes has room for. */
const MANY = 200;
const METRIC = { name: 'm', help: 'h', type: 'gauge', samples: [{ value: 1 }] } as const;

let listening: Listening;
let made = 0;
let sockets: Socket[] = [];
const silent = (): undefined => undefined;

const props = {
  version: '1',
  requests: new RequestCounter(),
  responses: new Map<string, number>(),
  readiness: () => Promise.resolve({ ready: true, why: 'ok' }),
  further: () => {
    made += 1;
    return [METRIC];
  },
  stopping: () => false,
  process: () => ({ residentBytes: 1, startedAtSeconds: 1 }),
};

beforeEach(async () => {
  made = 0;
  sockets = [];
  listening = await listenForProbes(0, props, silent);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await listening.close(0);
});

/** A connection that reads nothing until it is told to. */
async function knock(port = listening.port): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', silent).pause();
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** All that comes until the connection ends, by whomever. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (data: string) => (text += data));
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve).resume());
  return text;
}

const get = (path: string, port = listening.port): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`);
const GET_METRICS = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';

test('whoever holds all connections of the port of probes loses them to a probe', async () => {
  const held: Socket[] = [];
  for (let each = 0; each < MANY; each++) held.push((await knock()).resume());
  expect((await get('/healthz')).status).toBe(200);
  // Those that are ended are told in their turn.
  while (held.filter((socket) => socket.closed).length < MANY - 64) await setImmediate();
  expect(held.slice(-32).filter((socket) => socket.closed)).toEqual([]);
});

test('whoever asks on before it is answered is cut off, and answers do not pile up', async () => {
  const socket = await knock();
  socket.write(GET_METRICS.repeat(40));
  const answers = (await readAll(socket)).match(/HTTP\/1\.1/g) ?? [];
  expect(answers.length).toBeLessThanOrEqual(1);
});

test('a connection to the port of probes is for one request', async () => {
  const socket = await knock();
  socket.write(GET_METRICS);
  expect(await readAll(socket)).toMatch(/\nm 1\n/);
});

test('a request that never ends is ended', async () => {
  const socket = await knock();
  socket.write('GET /metrics HTTP/1.1\r\nX: ');
  expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

test('metrics are made a few times a second however many ask', async () => {
  let now = 0;
  const rendered = renderedMetrics(props, () => now);
  for (let each = 0; each < 100; each++) expect(await rendered()).toMatch(/\nm 1\n/);
  expect(made).toBe(40);
  now = 1_000;
  await Promise.all(Array.from({ length: 100 }, rendered));
  expect(made).toBe(60);
});

test('the port of alerts keeps connections, for one request at a time', async () => {
  const intake = new Intake({
    token: () => 'sesame',
    collector: undefined,
    review: () => Promise.reject(new Error('nobody is to be reviewed')),
    limits: new SenderLimits(MINIMAL_CONFIG.intake, () => 0),
    throttled: silent,
    respond: () => Promise.resolve(true),
    log: silent,
  });
  const alerts = await listenForAlerts(0, undefined, intake, new RequestCounter(), silent);
  const post = 'POST /alerts HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
  const socket = await knock(alerts.port);
  for (let each = 0; each < 3; each++) {
    socket.write(post);
    const [answer] = (await once(socket.resume(), 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 401 /);
  }
  const hasty = await knock(alerts.port);
  hasty.write(post.repeat(40));
  expect(((await readAll(hasty)).match(/HTTP\/1\.1/g) ?? []).length).toBeLessThanOrEqual(1);
  await alerts.close(0);
});
