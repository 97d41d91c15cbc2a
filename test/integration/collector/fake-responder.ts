import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface LogsRequest {
  readonly resourceLogs?: readonly {
    readonly resource?: { readonly attributes?: readonly Attribute[] };
    readonly scopeLogs?: readonly {
      readonly logRecords?: readonly {
        readonly timeUnixNano?: string;
        readonly body?: { readonly stringValue?: string };
      }[];
    }[];
  }[];
}

/** An alert as it arrived. */
export interface Arrival {
  /** The record's body. */
  readonly alert: string;
  readonly timeUnixNano: string | undefined;
  readonly resource: Readonly<Record<string, string | undefined>>;
  readonly authorization: string | undefined;
}

/** What a request looked like. */
export interface Request {
  readonly path: string;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly bytes: number;
  readonly status: number;
}

/** An HTTP server that takes what collectors post, and remembers it where it has answered 200. */
export class FakeResponder {
  /** Listens on the port, with certificates where they are given. */
  static start(port: number, tls?: ServerOptions): Promise<FakeResponder> {
    return new Promise((resolve, reject) => {
      const responder = new FakeResponder(tls);
      responder.server.once('error', reject);
      responder.server.listen(port, '127.0.0.1', () => {
        resolve(responder);
      });
    });
  }

  /** The answer to every request. */
  status = 200;
  readonly arrivals: Arrival[] = [];
  readonly requests: Request[] = [];
  private readonly server: Server;

  private constructor(tls: ServerOptions | undefined) {
    const handle = (request: IncomingMessage, answer: (status: number) => void): void => {
      this.take(request).then(answer, () => {
        answer(400);
      });
    };
    const listener: Parameters<typeof createHttpServer>[1] = (request, response) => {
      handle(request, (status) => {
        const headers = { 'Content-Type': 'application/json', ...(status === 503 && { 'Retry-After': '1' }) };
        response.writeHead(status, headers).end('{}');
      });
    };
    this.server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The alerts that arrived, each once. */
  alerts(): Set<string> {
    return new Set(this.arrivals.map(({ alert }) => alert));
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  private async take(request: IncomingMessage): Promise<number> {
    const zipped = request.headers['content-encoding'] === 'gzip';
    const body = await text(zipped ? request.pipe(createGunzip()) : request);
    const { status } = this;
    const { authorization } = request.headers;
    this.requests.push({
      path: request.url ?? '',
      contentType: request.headers['content-type'],
      authorization,
      bytes: body.length,
      status,
    });
    if (status === 200) this.arrivals.push(...arrivals(JSON.parse(body) as LogsRequest, authorization));
    return status;
  }
}

function arrivals({ resourceLogs = [] }: LogsRequest, authorization: string | undefined): Arrival[] {
  return resourceLogs.flatMap(({ resource, scopeLogs = [] }) =>
    scopeLogs.flatMap(({ logRecords = [] }) =>
      logRecords.map(({ body, timeUnixNano }) => ({
        alert: body?.stringValue ?? '',
        timeUnixNano,
        resource: Object.fromEntries(
          (resource?.attributes ?? []).map(({ key, value }) => [key, value.stringValue]),
        ),
        authorization,
      })),
    ),
  );
}
