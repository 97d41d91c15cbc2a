import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Log } from '../../lib/program/log';
import type { CheckedConfig } from '../../lib/responder/config';
import { MAX_BODY_BYTES } from '../../lib/responder/http-body';
import type { Readiness } from '../../lib/responder/readiness';
import { startResponder, type RunningResponder } from '../../lib/responder/run';
import { ResponderMetrics } from '../../lib/responder/report/responder-metrics';
import { certificateAuthority, type Certificate } from './certificates';
import { emptyCluster } from './empty-cluster';
import { MINIMAL_CONFIG } from './minimal-config';

const config: CheckedConfig = {
  cluster: 'test',
  name: 'falco-egress',
  namespace: 'falco-egress',
  authentication: {},
  port: 0,
  metricsPort: 0,
  keepAlerts: false,
  responses: [
    {
      ...{ name: 'r', match: 'rule = x', action: 'quarantine', mode: 'enforce', onExpiry: 'release' },
      ...{ cooldownSeconds: 300, strip: false, detach: false, snapshot: false },
    },
  ],
  protected: { namespaces: [], podLabels: {} },
  limits: { perNamespace: 1, perCluster: 1, perMinute: 1, ownerPercent: 1, maxAgeSeconds: 3600 },
  intake: MINIMAL_CONFIG.intake,
  matching: 'first',
  quarantine: { ingress: false, allowDns: false, denyTiers: [] },
};
const alert = JSON.stringify({
  rule: 'r',
  priority: 'Warning',
  output: 'o',
  time: '2026-11-22T07:41:15Z',
  output_fields: {},
});
const json = { 'Content-Type': 'application/json', Authorization: 'Bearer sesame' };

let readiness: Readiness = { ready: true, why: 'ok' };

function start(
  over: Partial<CheckedConfig> = {},
  token: string | undefined = 'sesame',
  log: Log = () => undefined,
  synced?: Promise<void>,
): Promise<RunningResponder> {
  return startResponder({
    config: { ...config, ...over },
    cluster: emptyCluster(() => readiness, synced),
    metrics: new ResponderMetrics(),
    version: '1.2.3',
    token,
    log,
  });
}

interface Reply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function send(
  options: RequestOptions & { readonly secure?: object; readonly body?: string | Buffer },
): Promise<Reply> {
  const { secure, body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const make = secure === undefined ? httpRequest : httpsRequest;
    const request = make({ host: '127.0.0.1', ...rest, ...secure }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, text });
      });
    });
    request.once('error', reject).end(body);
  });
}

const post = (port: number, body: string | Buffer, headers: Record<string, string> = json): Promise<Reply> =>
  send({ port, path: '/alerts', method: 'POST', headers, body });

describe('over HTTP', () => {
  let responder: RunningResponder;
  beforeAll(async () => {
    responder = await start();
  });
  afterAll(() => responder.stop());
  const get = (path: string): Promise<Reply> => send({ port: responder.metricsPort, path });

  test('an alert that no response fits is taken', async () => {
    expect((await post(responder.port, alert)).status).toBe(200);
  });

  test('packed by gzip, as the collector sends', async () => {
    expect(
      (await post(responder.port, gzipSync(alert), { ...json, 'Content-Encoding': 'gzip' })).status,
    ).toBe(200);
  });

  test('without the token not even the body is read', async () => {
    expect(
      (await post(responder.port, 'x'.repeat(1_000_000), { 'Content-Type': 'application/json' })).status,
    ).toBe(401);
  });

  test.each<[string, () => string | Buffer, Record<string, string>, number]>([
    ['no gzip', () => alert, { 'Content-Encoding': 'gzip' }, 400],
    ['another packing', () => alert, { 'Content-Encoding': 'zstd' }, 415],
    [
      'a body that unpacks beyond all bounds',
      () => gzipSync('x'.repeat(MAX_BODY_BYTES + 1)),
      { 'Content-Encoding': 'gzip' },
      413,
    ],
  ])('%s', async (_, body, headers, wanted) => {
    expect((await post(responder.port, body(), { ...json, ...headers })).status).toBe(wanted);
  });

  test('health, readiness and metrics need no token and have a port of their own', async () => {
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    expect((await get('/other')).status).toBe(404);
    expect((await send({ port: responder.port, path: '/metrics' })).status).toBe(404);
    const { text, headers } = await get('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('falco_egress_responder_info{version="1.2.3"} 1\n');
    expect(text).toContain('falco_egress_responder_responses{mode="enforce"} 1\n');
    expect(text).toMatch(/falco_egress_responder_requests_total\{way="alerts",outcome="taken"\} \d+\n/);
    expect(text).toMatch(/^process_resident_memory_bytes \d{7,}$/m);
  });
});

test('until its watches are filled it is not ready, and keeps nothing that a response fits', async () => {
  const responder = await start({}, 'sesame', undefined, new Promise(() => undefined));
  const fitting = alert.replace('"rule":"r"', '"rule":"x"');
  expect(await post(responder.port, fitting)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  expect((await post(responder.port, alert)).status).toBe(200);
  expect(await send({ port: responder.metricsPort, path: '/readyz' })).toMatchObject({
    status: 503,
    text: 'the watches are not filled yet\n',
  });
  await responder.stop();
});

test('without the API server it is alive, not ready, and says why', async () => {
  readiness = { ready: false, why: 'the API server does not answer' };
  const responder = await start();
  readiness = { ready: false, why: 'the API server does not answer' };
  const port = responder.metricsPort;
  expect((await send({ port, path: '/healthz' })).status).toBe(200);
  expect(await send({ port, path: '/readyz' })).toMatchObject({ status: 503, text: `${readiness.why}\n` });
  expect((await send({ port, path: '/metrics' })).text).toContain(
    'falco_egress_responder_api_server_ready 0\n',
  );
  await responder.stop();
  readiness = { ready: true, why: 'ok' };
});

test('why the collector is put off stands in the log and in the metrics alone', async () => {
  const lines: unknown[] = [];
  const responder = await start({}, 'sesame', (_level, message, fields) =>
    lines.push({ message, ...fields }),
  );
  const { status, text } = await send({
    port: responder.port,
    path: '/v1/logs',
    method: 'POST',
    headers: json,
  });
  expect({ status, text }).toEqual({ status: 503, text: expect.not.stringContaining('collector') as string });
  expect(lines).toContainEqual({
    message: 'request refused',
    path: '/v1/logs',
    status: 503,
    code: 'UNAVAILABLE',
    reason: 'no collector is configured (authentication.collector)',
  });
  await responder.stop();
});

test('it does not start where anybody could post', async () => {
  await expect(start({}, '')).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(/anybody/) as string,
  });
});

test('it stops though a connection is kept open', async () => {
  const responder = await start();
  await post(responder.port, alert, { ...json, Connection: 'keep-alive' });
  await responder.stop();
  await expect(post(responder.port, alert)).rejects.toMatchObject({
    code: expect.stringMatching(/^ECONN/) as string,
  });
});

describe('over HTTPS with client certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'falco-egress-tls-'));
  const ours = certificateAuthority('ours');
  const client = ours.issue('client');
  const stranger = certificateAuthority('theirs').issue('client');
  let responder: RunningResponder;

  beforeAll(async () => {
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const server = ours.issue('server');
    const tls = {
      certificateFile: file('tls.crt', server.certificate),
      keyFile: file('tls.key', server.key),
      clientCaFile: file('ca.crt', ours.certificate),
    };
    responder = await start({ tls }, '');
  });
  afterAll(async () => {
    await responder.stop();
    rmSync(folder, { recursive: true });
  });

  const knock = (own?: Certificate): Promise<Reply> => {
    const secure = { ca: ours.certificate, agent: false, cert: own?.certificate, key: own?.key };
    const headers = { 'Content-Type': 'application/json' };
    return send({ port: responder.port, path: '/alerts', method: 'POST', headers, body: alert, secure });
  };

  test('a certificate of the right authority is enough', async () => {
    expect((await knock(client)).status).toBe(200);
  });

  test('none, or one of another authority, is not let in', async () => {
    await expect(knock()).rejects.toThrow();
    await expect(knock(stranger)).rejects.toThrow();
  });

  test('with a certificate that is none it does not start, and leaves no port behind', async () => {
    const certificateFile = join(folder, 'none.crt');
    writeFileSync(certificateFile, 'none');
    const tls = { certificateFile, keyFile: join(folder, 'tls.key'), clientCaFile: join(folder, 'ca.crt') };
    await expect(start({ tls }, '')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/certificates of tls cannot be used/) as string,
    });
    const { port } = responder;
    const free = await start();
    const metricsPort = free.metricsPort;
    await free.stop();
    await expect(start({ port, metricsPort })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await (await start({ metricsPort })).stop();
  });

  test('probes need no certificate', async () => {
    expect((await send({ port: responder.metricsPort, path: '/healthz' })).status).toBe(200);
  });
});
