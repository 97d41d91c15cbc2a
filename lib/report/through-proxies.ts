import type { PageData } from './page-data';

/** What a workload did through proxies: Falco saw it go there, the proxies' logs tell where to from there. */
export interface ThroughProxies {
  /** Its place in the list of the data. */
  readonly workload: number;
  /** Connections to declared proxies. */
  readonly toProxies: number;
  /** Requests of it in the logs, and those of them that were refused or did not get there. */
  readonly requests: number;
  readonly failed: number;
  /** Places of the endpoints behind the proxies, the most frequent first. */
  readonly behind: readonly { readonly endpoint: number; readonly times: number }[];
}

/** By workload, the most requests first. */
export function throughProxies({ edges, destinations, endpoints }: PageData): ThroughProxies[] {
  const found = new Map<number, ReturnType<typeof nothing>>();
  for (const { workload, destination, times, failed } of edges) {
    const endpoint = destinations[destination]?.endpoint ?? 0;
    const proxy = endpoints[endpoint]?.proxy;
    if (proxy === undefined) continue;
    const sums = found.get(workload) ?? nothing();
    found.set(workload, sums);
    if (proxy === 'itself') sums.toProxies += times;
    else {
      sums.requests += times;
      sums.failed += failed;
      sums.behind.set(endpoint, (sums.behind.get(endpoint) ?? 0) + times);
    }
  }
  return [...found]
    .map(([workload, { behind, ...sums }]) => ({
      ...{ workload, ...sums },
      behind: [...behind]
        .map(([endpoint, times]) => ({ endpoint, times }))
        .sort((a, b) => b.times - a.times || a.endpoint - b.endpoint),
    }))
    .sort((a, b) => b.requests - a.requests || b.toProxies - a.toProxies || a.workload - b.workload);
}

function nothing() {
  return { toProxies: 0, requests: 0, failed: 0, behind: new Map<number, number>() };
}
