import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ControlPlane } from '../control-plane';

/** A request as the API server got it. */
export interface Recorded {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** What the API server answered. */
  readonly status: number;
}

/** What a test does at a certain request. */
type Meddle = (asked: Asked) => Promise<void> | void;

/** A request before it is passed on. */
export type Asked = Pick<Recorded, 'method' | 'path' | 'body'>;

/** Stands before an API server and keeps what is asked of it. */
export class RecordingProxy {
  readonly recorded: Recorded[] = [];
  private readonly watches = new Set<ServerResponse>();
  private readonly passed = new Set<ClientRequest>();
  /** Connections are kept: a handshake for each request would take longer than the request. */
  private readonly agent = new Agent({ keepAlive: true });
  /** Waited for before a request is passed on. */
  before: Meddle = () => undefined;
  /** Waited for before the answer to a request is. */
  after: Meddle = () => undefined;

  /** Of API groups whose path begins with one of `hidden` it says that they aren't served. */
  static async start(plane: ControlPlane, hidden: readonly string[] = []): Promise<RecordingProxy> {
    const ca = readFileSync(plane.caFile);
    const server = createServer((from, answer) => {
      const chunks: Buffer[] = [];
      from.on('data', (chunk: Buffer) => chunks.push(chunk));
      from.on('end', () => {
        const { method = '', url: path = '', headers } = from;
        if (hidden.some((begin) => path.startsWith(begin))) {
          answer.writeHead(404).end('{}');
          return;
        }
        const body = Buffer.concat(chunks);
        proxy
          .pass({ method, path, headers, body, status: 0 }, answer, ca, plane.url)
          .catch(() => answer.destroy());
      });
    });
    const proxy = new RecordingProxy(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return proxy;
  }

  private constructor(private readonly server: Server) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends each watch as a load balancer does that has had enough of it; how many that were. */
  cutWatches(): number {
    const cut = this.watches.size;
    for (const watch of this.watches) watch.destroy();
    this.watches.clear();
    return cut;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
    for (const to of this.passed) to.destroy();
    this.agent.destroy();
  }

  private async pass(asked: Recorded, answer: ServerResponse, ca: Buffer, url: string): Promise<void> {
    const { method, path, headers, body } = asked;
    await this.before(asked);
    const to = request(new URL(path, url), { method, headers, ca, agent: this.agent }).end(body);
    this.passed.add(to);
    to.on('close', () => this.passed.delete(to));
    // Whoever has asked may be gone; what it wrote is written, and only what it reads has an end.
    answer.on('close', () => {
      this.watches.delete(answer);
      if (method === 'GET') to.destroy();
    });
    const [answered] = (await once(to, 'response')) as [IncomingMessage];
    const status = answered.statusCode ?? 0;
    this.recorded.push({ ...asked, status });
    await this.after(asked);
    if (path.includes('watch=')) this.watches.add(answer);
    answer.writeHead(status, answered.headers);
    answer.flushHeaders();
    answered.on('error', () => answer.destroy());
    answered.pipe(answer);
  }
}
