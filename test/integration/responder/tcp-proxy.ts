import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

type Pair = readonly [Socket, Socket];

/** Stands between a client and a server, and can do to their connections what networks do. */
export class TcpProxy {
  /** Connections that it has taken so far. */
  taken = 0;
  private readonly pairs = new Set<Pair>();
  private readonly silent = new Set<Pair>();
  private closed = false;

  static async start(target: URL): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, Number(target.port));
  }

  private constructor(
    private readonly server: Server,
    target: number,
  ) {
    server.on('connection', (client) => {
      this.taken++;
      if (this.closed) {
        client.resetAndDestroy();
        return;
      }
      const upstream = connect(target, '127.0.0.1');
      const pair = [client, upstream] as const;
      this.pairs.add(pair);
      this.join(pair, client, upstream);
      this.join(pair, upstream, client);
    });
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends each connection at once, as a load balancer that is restarted does. */
  cut(): void {
    for (const [client, upstream] of this.pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    this.pairs.clear();
  }

  /** Ends each connection, and each that is tried, until it opens. */
  close(): void {
    this.closed = true;
    this.cut();
  }

  reopen(): void {
    this.closed = false;
  }

  /** Passes nothing on over the connections that are open, and ends none, as a node that has vanished; new ones work. */
  silence(): void {
    for (const pair of this.pairs) this.silent.add(pair);
  }

  stop(): void {
    this.cut();
    for (const pair of this.silent) for (const socket of pair) socket.destroy();
    this.server.close();
  }

  private join(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (data) => {
      if (!this.silent.has(pair)) to.write(data);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.pairs.delete(pair);
      if (!this.silent.has(pair)) to.destroy();
    });
  }
}
