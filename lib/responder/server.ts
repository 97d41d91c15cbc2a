import { readFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { messageOf } from '../program/failure';
import type { Log } from '../program/log';
import type { Answer } from './answer';
import type { TlsConfig } from './config';
import { readBody } from './http-body';
import type { Way } from './alert/alert';
import { wayOf, type Intake, type RequestHead } from './intake';
import { limitConnections } from './limit/connection-limit';
import type { RequestCounter } from './metrics';
import { probe, renderedMetrics, type ProbesProps } from './probes';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Takes no new request, waits for those that run, at most for a time. */
  close(withinMilliseconds: number): Promise<void>;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What a server allows whoever connects. */
interface Allowed {
  /** Connections at once. */
  readonly connections: number;
  /** How long a connection may do nothing, in milliseconds, such as not read its answer. */
  readonly idle: number;
  readonly options: ServerOptions;
}

/** A few connections of each collector of a large cluster. */
const ALERTS: Allowed = {
  connections: 2048,
  idle: 70_000,
  options: { headersTimeout: 5_000, requestTimeout: 15_000, keepAliveTimeout: 65_000 },
};

/** The kubelet and some scrapers. Anybody in the cluster may reach it, so a connection is for one request, and for seconds. */
const PROBES: Allowed = {
  connections: 64,
  idle: 5_000,
  options: {
    ...{ headersTimeout: 2_000, requestTimeout: 2_000, connectionsCheckingInterval: 500 },
    ...{ keepAlive: false, maxHeaderSize: 4096 },
  },
};

/** Listens for alerts: HTTPS where there are certificates. */
export async function listenForAlerts(
  port: number,
  tls: TlsConfig | undefined,
  intake: Intake,
  requests: RequestCounter,
  log: Log,
): Promise<Listening> {
  const handle: Handle = async (request, response) => {
    const { path, way, answer } = await answerTo(request, intake);
    requests.add(way, answer.outcome);
    if (isRefusal(answer)) {
      const { code, message } = answer.body;
      log('warning', 'request refused', {
        path,
        status: answer.status,
        code: String(code),
        reason: answer.reason ?? String(message),
      });
    }
    const body = JSON.stringify(answer.body) + '\n';
    // With its length head and body are one write, without it four.
    const own = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    response.writeHead(answer.status, { ...own, ...answer.headers }).end(body);
  };
  return listen(makeServer(tls, ALERTS, guarded(handle, log)), port);
}

/** Listens for probes and scrapes. */
export function listenForProbes(port: number, props: ProbesProps, log: Log): Promise<Listening> {
  const rendered = renderedMetrics(props);
  const handle: Handle = async (request, response) => {
    const { status, contentType, text } = await probe(pathOf(request), props, rendered);
    response.writeHead(status, { 'Content-Type': contentType, Connection: 'close' }).end(text);
  };
  return listen(makeServer(undefined, PROBES, guarded(handle, log)), port);
}

async function answerTo(
  request: IncomingMessage,
  intake: Intake,
): Promise<{ readonly path: string; readonly way: Way | 'none'; readonly answer: Answer }> {
  const head = headOf(request);
  const { path } = head;
  const way = wayOf(path);
  const admitted = await intake.admit(head);
  if ('status' in admitted) return { path, way, answer: admitted };
  const room = intake.roomFor(admitted);
  try {
    const body = (await readBody(request, (bytes) => room.take(bytes))) ?? intake.noRoom(admitted);
    return { path, way, answer: typeof body === 'string' ? await intake.take(admitted, body) : body };
  } finally {
    room.end();
  }
}

function headOf(request: IncomingMessage): RequestHead {
  const { method = '', headers, socket } = request;
  return {
    ...{ method, path: pathOf(request), authorization: headers.authorization },
    contentType: headers['content-type'],
    address: socket.remoteAddress ?? '',
    certificate: () => (socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : ''),
  };
}

/** What stands in the log: not what a sender shall bring again, unless it is its own fault. */
function isRefusal({ status, outcome, reason }: Answer): boolean {
  if (outcome === 'throttled') return false;
  return status < 500 ? status >= 300 : reason !== undefined;
}

function makeServer(
  tls: TlsConfig | undefined,
  { connections, idle, options }: Allowed,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const server = tls === undefined ? createHttpServer(options, handle) : secureServer(tls, options, handle);
  server.setTimeout(idle);
  limitConnections(server, connections);
  return server;
}

function secureServer(
  tls: TlsConfig,
  options: ServerOptions,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const ca = tls.clientCaFile === undefined ? undefined : readFileSync(tls.clientCaFile);
  return createHttpsServer(
    {
      ...options,
      cert: readFileSync(tls.certificateFile),
      key: readFileSync(tls.keyFile),
      minVersion: 'TLSv1.2',
      ...(ca && { ca, requestCert: true, rejectUnauthorized: true }),
    },
    handle,
  );
}

/**
 * A request that fails ends that request, never the process. Whoever asks again on a connection before it has its answer is cut
 * off: no client of ours does, and answers that nobody reads would pile up.
 */
function guarded(handle: Handle, log: Log): (request: IncomingMessage, response: ServerResponse) => void {
  const busy = new WeakSet<Socket>();
  return (request, response) => {
    const { socket } = request;
    if (busy.has(socket)) {
      socket.destroy();
      return;
    }
    busy.add(socket);
    handle(request, response)
      .catch((error: unknown) => {
        log('error', 'request failed', { error: messageOf(error) });
        if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/json' });
        response.end();
      })
      .finally(() => busy.delete(socket));
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function listen(server: Server, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: (milliseconds) => close(server, milliseconds),
      });
    });
  });
}

function close(server: Server, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections();
    }, milliseconds);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
