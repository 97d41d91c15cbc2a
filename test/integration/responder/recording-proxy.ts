import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { request } from 'node:https';
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

/** Stands before an API server and keeps what is asked of it. */
export class RecordingProxy {
  readonly recorded: Recorded[] = [];

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
        const to = request(new URL(path, plane.url), { method, headers, ca, agent: false }, (answered) => {
          proxy.recorded.push({ method, path, headers, body, status: answered.statusCode ?? 0 });
          answer.writeHead(answered.statusCode ?? 0, answered.headers);
          answer.flushHeaders();
          answered.pipe(answer);
        });
        to.on('error', () => answer.destroy());
        answer.on('close', () => to.destroy());
        to.end(body);
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

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
