import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { waitUntil } from '../control-plane/wait';
import { startDeployed } from './deployed';
import { NodeDirectories } from './node';
import { otelcolBinary, type Otelcol } from './otelcol';

jest.setTimeout(60_000);

const PROPS = {
  responder: { enabled: false },
  collector: { enabled: true, loki: { url: 'http://loki.example.org' } },
};
const INTERVAL = '500ms';

let binary = '';
let node: NodeDirectories;
let collector: Otelcol | undefined;

beforeAll(async () => {
  binary = await otelcolBinary();
}, 900_000);

beforeEach(() => {
  node = new NodeDirectories();
});

afterEach(async () => {
  await collector?.stop('SIGKILL');
  collector = undefined;
  node.remove();
});

/** How often the collector by its own count tried to connect: what it sent, and what it could not. */
async function tries(running: Otelcol): Promise<number> {
  const counts = (await running.metrics()).matchAll(
    /^otelcol_exporter_(?:sent|send_failed)_metric_points_?(?:total)?\{[^}]*exporter="otlp_http\/canary"[^}]*\} (\d+)$/gm,
  );
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  return waitUntil(
    () => Promise.resolve(holds()),
    30_000,
    () => new Error(`not in 30 s: ${what}\n${collector?.log().slice(-4000) ?? ''}`),
  );
}

test('each time is one new connection with one request on it, whatever is answered', async () => {
  const requests = new Map<Socket, number>();
  const server = createServer((request, response) => {
    requests.set(request.socket, (requests.get(request.socket) ?? 0) + 1);
    request.resume().once('end', () => {
      // What fails is not tried again.
      response
        .writeHead(requests.size % 2 === 0 ? 503 : 200, { 'Content-Type': 'application/json' })
        .end('{}');
    });
  });
  // It would keep connections for longer than the test runs: it is the collector that must not.
  server.keepAliveTimeout = 600_000;
  server.on('connection', (socket: Socket) => requests.set(socket, 0));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port: canaryPort } = server.address() as AddressInfo;

  try {
    const here = { binary, node, responderPort: 1, canaryPort, canaryInterval: INTERVAL };
    const running = (collector = await startDeployed(here, PROPS));
    await until('four connections, as many as it counts itself', async () => {
      const before = requests.size;
      const counted = await tries(running);
      // Between two of them both counts are of the same moment.
      return before >= 4 && before === requests.size && counted === before;
    });
    expect([...requests.values()].filter((count) => count !== 1)).toEqual([]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('its own health answers it, and nothing is to be said of it', async () => {
  const running = (collector = await startDeployed(
    { binary, node, responderPort: 1, canaryInterval: INTERVAL },
    PROPS,
  ));
  await until('two of them', async () => (await tries(running)) >= 2);
  const lines = running
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { level: string });
  expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
  expect(await running.metrics()).not.toMatch(/send_failed_metric_points\S*canary\S* [1-9]/);
});
