import type { Connection } from '../../../lib/history/connection';
import { parseTime } from '../../../lib/history/time';
import type { PageData } from '../../../lib/report/page-data';

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
    ...{ containerId: undefined, client: undefined },
    ...{ workload: { kind: 'StatefulSet', name: workload, derived: false } },
    program: { name: process, path: undefined },
    destination: { address, mapped: false, port, protocol: 'tcp', names: name === undefined ? [] : [name] },
    ...{ outcome: failed ? 'failed' : 'connected', error: failed ? 'ECONNREFUSED' : undefined },
    ...{ rule: 'Outbound', priority: 'Warning', count, run: undefined, first: time, last: time },
  };
}

/** So many rows: of 400 workloads, two programs and 65,536 addresses. */
export function manyRows(count: number): PageData {
  const first = Date.parse('2026-11-16T00:00:00Z') / 1000;
  const addresses = Array.from({ length: 65_536 }, (_, at) => `198.51.${at >> 8}.${at & 255}`);
  return {
    ...{ hasClusters: false, processes: ['java', 'curl'] },
    workloads: Array.from({ length: 400 }, (_, at) => ({
      ...{ cluster: undefined, namespace: 'shop', kind: 'Deployment', name: `service-${at}`, derived: false },
    })),
    destinations: addresses.map((address, endpoint) => ({ address, port: 443, protocol: 'tcp', endpoint })),
    endpoints: addresses.map((address) => ({ label: `${address}:443`, scope: 'internet', isNew: false })),
    edges: Array.from({ length: count }, (_, at) => ({
      ...{ workload: at % 400, destination: at & 65_535, process: at >> 16, times: 1, failed: 0 },
      ...{ first: first + 6 * at, last: first + 6 * at + 3600, isNew: false },
    })),
  };
}
