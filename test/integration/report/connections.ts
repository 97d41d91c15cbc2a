import type { Connection } from '../../../lib/history/connection';
import { parseTime } from '../../../lib/history/time';

/** An attempt of a Pod of `shop`, with what is said of it otherwise. */
export function connection(
  at: string,
  process: string,
  [address, port, name]: readonly [address: string, port: number, name?: string],
  { workload = 'cart', failed = false, count = 1 } = {},
): Connection {
  const time = parseTime(at) ?? 0n;
  return {
    ...{ cluster: undefined, node: 'node-1', namespace: 'shop', pod: `${workload}-0`, podUid: undefined },
    ...{ containerId: undefined, workload: { kind: 'StatefulSet', name: workload, derived: false } },
    program: { name: process, path: undefined, commandLine: undefined },
    destination: { address, mapped: false, port, protocol: 'tcp', names: name === undefined ? [] : [name] },
    ...{ outcome: failed ? 'failed' : 'connected', error: failed ? 'ECONNREFUSED' : undefined },
    ...{ rule: 'Outbound', priority: 'Warning', count, run: undefined, first: time, last: time },
  };
}

/** So many, each of another process, workload or destination. */
export function* manyConnections(count: number): Generator<Connection> {
  for (let at = 0; at < count; at++) {
    const time = new Date(Date.parse('2026-11-16T00:00:00Z') + at * 6000).toISOString();
    const workload = `service-${at % 400}`;
    const address = `198.51.${(at >> 8) & 255}.${at & 255}`;
    yield connection(time, `process-${(at >> 16) & 3}`, [address, 443], { workload });
  }
}
