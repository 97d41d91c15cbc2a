import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and can do to their connections what networks do. */
export class TcpProxy {
  /** Connections that it has taken so far. */
  taken = 0;
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private silent = false;

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
      const upstream = connect(target, '127.0.0.1');
      const pair = [client, upstream] as const;
      this.pairs.add(pair);
      this.join(client, upstream);
      this.join(upstream, client);
    });
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections that are open. */
  get open(): number {
    return this.pairs.size;
  }

  /** Ends each connection at once, as a load balancer that is restarted does. */
  cut(): void {
    for (const [client, upstream] of this.pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
    this.pairs.clear();
  }

  /** Passes nothing on over the connections that are open, and ends none: as a node that has vanished. */
  hush(): void {
    this.silent = true;
  }

  /** New connections work again; the silent ones stay so. */
  speak(): void {
    this.silent = false;
  }

  stop(): void {
    this.cut();
    this.server.close();
  }

  private join(from: Socket, to: Socket): void {
    let deaf = false;
    from.on('data', (data) => {
      deaf ||= this.silent;
      if (!deaf) to.write(data);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      if (!deaf) to.destroy();
    });
  }
}
