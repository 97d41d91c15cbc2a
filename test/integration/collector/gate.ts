import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A port of this machine behind which a server is, or seems to be away. */
export class Gate {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  constructor(
    readonly port: number,
    private readonly target: number,
  ) {}

  /** Lets connections through. */
  async open(): Promise<void> {
    const server = createServer((socket) => {
      const other = connect(this.target, '127.0.0.1');
      for (const [one, next] of [
        [socket, other],
        [other, socket],
      ] as const) {
        this.sockets.add(one);
        one.once('error', () => next.destroy());
        one.once('close', () => {
          this.sockets.delete(one);
          next.destroy();
        });
        one.pipe(next);
      }
    });
    await once(server.listen(this.port, '127.0.0.1'), 'listening');
    this.server = server;
  }

  /** Refuses connections, and cuts those that there are. */
  async shut(): Promise<void> {
    if (this.server === undefined) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.server = undefined;
  }
}
