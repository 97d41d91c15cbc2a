import { connect, type Socket } from 'node:net';

/** Requests that each of them sends at once. */
const PIPELINED = 40;

/** Its own, so that whoever probes is told apart from it, as the kubelet is from a Pod. */
const ADDRESS = '127.0.0.2';

/** Connections to a port that ask for metrics many times at once and never read an answer. */
export class SilentCrowd {
  private readonly sockets: Socket[] = [];

  constructor(private readonly port: number) {}

  /** So many more; resolves once each of them has asked, or was cut off. */
  async join(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.ask()));
  }

  end(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private ask(): Promise<void> {
    const socket = connect({ port: this.port, host: '127.0.0.1', localAddress: ADDRESS }).pause();
    this.sockets.push(socket);
    return new Promise((resolve) => {
      socket
        .on('error', () => {
          resolve();
        })
        .once('connect', () => {
          socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(PIPELINED));
          resolve();
        });
    });
  }
}
