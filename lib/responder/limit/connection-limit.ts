import type { Server, Socket } from 'node:net';

/**
 * Lets so many connections in at once. Where there are more, the oldest of the address that holds most of them is ended: whoever
 * holds many loses them to whoever comes, and one that is new, such as a probe, is always let in.
 */
export function limitConnections(server: Server, most: number): void {
  const held = new Map<string, Set<Socket>>();
  let open = 0;
  const forget = (address: string, socket: Socket): void => {
    const ofAddress = held.get(address);
    if (ofAddress?.delete(socket) !== true) return;
    open -= 1;
    if (ofAddress.size === 0) held.delete(address);
  };
  server.on('connection', (socket: Socket) => {
    // A socket that is closed knows its address no longer.
    const address = socket.remoteAddress ?? '';
    if (open >= most) {
      const [busiest, sockets] = busiestOf(held);
      const [oldest] = sockets;
      if (oldest !== undefined) {
        forget(busiest, oldest);
        oldest.destroy();
      }
    }
    held.set(address, (held.get(address) ?? new Set()).add(socket));
    open += 1;
    socket.once('close', () => {
      forget(address, socket);
    });
  });
}

function busiestOf(held: ReadonlyMap<string, ReadonlySet<Socket>>): readonly [string, ReadonlySet<Socket>] {
  let busiest: readonly [string, ReadonlySet<Socket>] = ['', new Set()];
  for (const each of held) if (each[1].size > busiest[1].size) busiest = each;
  return busiest;
}
