import {
  Agent as HttpAgent,
  type AgentOptions,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { Access } from './access';

/** A request by its parts. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default application/json */
  readonly contentType?: 'application/json-patch+json' | 'application/apply-patch+yaml';
  /** In which form the answer may be. @default application/json */
  readonly accept?: string;
  /** Ends it, whether it has been answered or not. */
  readonly signal?: AbortSignal;
}

/** How a request is sent. */
interface Sending {
  readonly agents: Agents;
  /** In milliseconds. */
  readonly timeout: number;
  /** What has to come within that time: the whole answer, or its beginning. */
  readonly expect: 'all' | 'beginning';
  /** Told where it is sent once more, since the connection was closed under it: it may have been done already. */
  readonly resent?: () => void;
}

/** Who makes connections, by protocol. */
export type Agents = Readonly<Record<'http:' | 'https:', HttpAgent>>;

const MOST_SOCKETS = 64;
/** After this the kernel asks a silent peer whether it is still there. */
const PROBE_AFTER = 15_000;

/** Connections for calls, which are kept; what comes at once beyond them waits. */
export function keptConnections(): Agents {
  return agents({
    keepAlive: true,
    // The same as each request asks for: else the kernel would be told of another time with each.
    keepAliveMsecs: PROBE_AFTER,
    maxSockets: MOST_SOCKETS,
    maxFreeSockets: MOST_SOCKETS,
  });
}

/** A connection for each watch; all that they share is the TLS session, so that going on costs little. */
export function ownConnections(): Agents {
  return agents({ keepAlive: false });
}

function agents(options: AgentOptions): Agents {
  return { 'http:': new HttpAgent(options), 'https:': new NamedAgent(options) };
}

/** What tells the agent which connections will do. */
type NamedOptions = RequestOptions & Pick<Access, 'connection'>;

/** Node's own names hold all certificates, and are made several times for each request. */
class NamedAgent extends HttpsAgent {
  override getName(options: Partial<NamedOptions> = {}): string {
    return options.connection ?? super.getName(options);
  }
}

/** Ends the connections that nothing runs on: where one has been silent, the others may be dead as well. */
function dropIdle(agents: Agents): void {
  for (const { freeSockets } of Object.values(agents))
    for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
}

/** Sends it; resolves when its answer begins. A kept connection that the server has closed meanwhile is not its end. */
export async function beginRequest(
  access: Access,
  request: HttpRequest,
  sending: Sending,
): Promise<IncomingMessage> {
  const ends = performance.now() + sending.timeout;
  for (;;) {
    const sent = send(access, request, sending, ends - performance.now());
    try {
      return await sent.answer;
    } catch (error) {
      const closed = sent.request.reusedSocket && codeOf(error) === 'ECONNRESET';
      if (!closed || performance.now() >= ends) throw error;
      sending.resent?.();
    }
  }
}

function send(access: Access, request: HttpRequest, { agents, timeout, expect }: Sending, left: number) {
  const { server, tls, connection } = access;
  // As text it is one write with the head, and one record of TLS.
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const authorization = access.authorization();
  const https = server.protocol === 'https:';
  const options: NamedOptions = {
    ...tls,
    connection,
    host: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port === '' ? undefined : server.port,
    method: request.method,
    path: pathOf(server, request),
    agent: access.agent ?? agents[https ? 'https:' : 'http:'],
    headers: {
      host: server.host,
      accept: request.accept ?? 'application/json',
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && {
        'content-type': request.contentType ?? 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      }),
    },
    ...(request.signal && { signal: request.signal }),
  };
  const sent: ClientRequest = (https ? httpsRequest : httpRequest)(options);
  sent.setNoDelay(true);
  sent.setSocketKeepAlive(true, PROBE_AFTER);
  const timer = setTimeout(
    () => {
      if (sent.reusedSocket) dropIdle(agents);
      sent.destroy(new Error(`no answer within ${Math.round(timeout)} ms`));
    },
    Math.max(left, 0),
  );
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', (response) => {
      if (expect === 'beginning') clearTimeout(timer);
      resolve(response);
    });
    // Also after the answer has begun: then reading it fails, and who reads it knows.
    sent.on('error', reject);
    sent.once('close', () => {
      clearTimeout(timer);
      reject(new Error('the connection was closed'));
    });
  });
  sent.end(body);
  return { request: sent, answer };
}

/** An answer's body as text; rejects where it ends too soon. */
export function readText(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.once('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    response.once('error', reject);
    response.once('close', () => {
      reject(new Error('the answer ended too soon'));
    });
  });
}

function pathOf(server: URL, { path, query }: HttpRequest): string {
  const base = server.pathname.replace(/\/$/, '');
  const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
  return `${base}${path}${search}`;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
