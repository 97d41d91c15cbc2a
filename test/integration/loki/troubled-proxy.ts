import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request. */
type Trouble = 'too many' | 'cut';

/** A proxy before a server that gives the first requests trouble, one after the other, and then passes all on. */
export class TroubledProxy {
  private passed = 0;
  private readonly server: Server = createServer((incoming, response) => {
    this.answer(incoming, response);
  });

  private constructor(
    private readonly target: URL,
    private readonly troubles: Trouble[],
  ) {}

  static async start(target: URL, ...troubles: Trouble[]): Promise<TroubledProxy> {
    const proxy = new TroubledProxy(target, troubles);
    await once(proxy.server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Requests that were passed on. */
  get count(): number {
    return this.passed;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private answer(incoming: IncomingMessage, response: ServerResponse): void {
    const trouble = this.troubles.shift();
    if (trouble === 'too many') {
      response.writeHead(429).end('too many outstanding requests');
      return;
    }
    this.passed++;
    const outgoing = request(
      new URL(incoming.url ?? '', this.target),
      { headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (trouble === undefined) answer.pipe(response);
        else
          answer.once('data', (chunk: Buffer) =>
            response.write(chunk.subarray(0, 40), () => response.destroy()),
          );
      },
    );
    outgoing.end();
  }
}
