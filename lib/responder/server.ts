import { readFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { messageOf } from '../program/failure';
import type { Log } from '../program/log';
import type { Answer } from './answer';
import type { TlsConfig } from './config';
import { readBody } from './http-body';
import type { Way } from './alert/alert';
import { wayOf, type Intake, type RequestHead } from './intake';
import type { RequestCounter } from './metrics';
import { probe, type ProbesProps } from './probes';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Takes no new request, waits for those that run, at most for a time. */
  close(withinMilliseconds: number): Promise<void>;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const TIMEOUTS = { headersTimeout: 5_000, requestTimeout: 15_000, keepAliveTimeout: 65_000 } as const;

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
    response.writeHead(answer.status, { 'Content-Type': 'application/json', ...answer.headers }).end(body);
  };
  return listen(makeServer(tls, guarded(handle, log)), port);
}

/** Listens for probes and scrapes. */
export function listenForProbes(port: number, props: ProbesProps, log: Log): Promise<Listening> {
  const handle: Handle = async (request, response) => {
    const { status, contentType, text } = await probe(pathOf(request), props);
    response.writeHead(status, { 'Content-Type': contentType }).end(text);
  };
  return listen(makeServer(undefined, guarded(handle, log)), port);
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
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  if (tls === undefined) return createHttpServer(TIMEOUTS, handle);
  const ca = tls.clientCaFile === undefined ? undefined : readFileSync(tls.clientCaFile);
  return createHttpsServer(
    {
      ...TIMEOUTS,
      cert: readFileSync(tls.certificateFile),
      key: readFileSync(tls.keyFile),
      minVersion: 'TLSv1.2',
      ...(ca && { ca, requestCert: true, rejectUnauthorized: true }),
    },
    handle,
  );
}

/** A request that fails ends that request, never the process. */
function guarded(handle: Handle, log: Log): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      log('error', 'request failed', { error: messageOf(error) });
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/json' });
      response.end();
    });
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
