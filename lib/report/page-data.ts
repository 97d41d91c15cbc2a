import { SCOPES, type Scope } from '../history/scope-names';

/** Who connects: all texts are inert, and not longer than people read. */
export interface WorkloadData {
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly kind: string | undefined;
  readonly name: string;
  /** Whether it was only read off the Pod's name. */
  readonly derived: boolean;
}

/** An address with port and protocol. */
export interface DestinationData {
  readonly address: string;
  readonly port: number | undefined;
  readonly protocol: string | undefined;
  /** Its place in {@link PageData.endpoints}. */
  readonly endpoint: number;
}

/** What is one destination to people: a name, or an address that has none, with a port. */
export interface EndpointData {
  readonly label: string;
  readonly scope: Scope;
  /** Whether nobody reached it in the previous period. */
  readonly isNew: boolean;
  /** Whether it is a declared proxy, or what was reached behind one, as the log of that tells; the page's script needs only its label. */
  readonly proxy?: 'itself' | 'behind';
}

/** Connections of one program of one workload to one destination; the first four are places in the lists. */
export interface EdgeData {
  readonly workload: number;
  readonly destination: number;
  readonly process: number;
  readonly times: number;
  readonly failed: number;
  /** In seconds since 1970. */
  readonly first: number;
  readonly last: number;
  /** Whether the workload did not reach this endpoint in the previous period. */
  readonly isNew: boolean;
}

/** All connections of a report, as the page holds them: what is said often stands once. */
export interface PageData {
  readonly workloads: readonly WorkloadData[];
  readonly destinations: readonly DestinationData[];
  readonly endpoints: readonly EndpointData[];
  readonly processes: readonly string[];
  /** The most frequent first. */
  readonly edges: readonly EdgeData[];
  /** Whether there is more than one cluster. */
  readonly hasClusters: boolean;
}

/** {@link PageData} as it travels: lists of numbers, and of what can't be told from others. */
export interface PackedData extends Pick<PageData, 'workloads' | 'processes' | 'hasClusters'> {
  readonly protocols: readonly string[];
  readonly destinations: {
    readonly address: readonly string[];
    /** -1 for none; so are protocols. */
    readonly port: readonly number[];
    readonly protocol: readonly number[];
    readonly endpoint: readonly number[];
  };
  readonly endpoints: {
    readonly label: readonly string[];
    readonly scope: readonly number[];
    readonly isNew: readonly number[];
  };
  /** From which times are counted. */
  readonly start: number;
  readonly edges: Readonly<Record<EdgeColumn, readonly number[]>>;
}

type EdgeColumn = 'workload' | 'destination' | 'process' | 'times' | 'failed' | 'after' | 'span' | 'isNew';

/** Packs it for the page: a fifth of what it is otherwise. */
export function packed({ edges, destinations, endpoints, ...rest }: PageData): PackedData {
  const protocols = [...new Set(destinations.flatMap(({ protocol }) => protocol ?? []))];
  const start = edges.reduce((least, { first }) => Math.min(least, first), edges[0]?.first ?? 0);
  const columns = {
    ...{
      workload: edges.map(({ workload }) => workload),
      destination: edges.map((each) => each.destination),
    },
    ...{ process: edges.map(({ process }) => process), times: edges.map(({ times }) => times) },
    ...{ failed: edges.map(({ failed }) => failed), after: edges.map(({ first }) => first - start) },
    ...{ span: edges.map(({ first, last }) => last - first), isNew: edges.map(({ isNew }) => Number(isNew)) },
  };
  return {
    ...{ ...rest, protocols, start, edges: columns },
    destinations: {
      address: destinations.map(({ address }) => address),
      port: destinations.map(({ port }) => port ?? -1),
      protocol: destinations.map(({ protocol }) =>
        protocol === undefined ? -1 : protocols.indexOf(protocol),
      ),
      endpoint: destinations.map(({ endpoint }) => endpoint),
    },
    endpoints: {
      label: endpoints.map(({ label }) => label),
      scope: endpoints.map(({ scope }) => SCOPES.indexOf(scope)),
      isNew: endpoints.map(({ isNew }) => Number(isNew)),
    },
  };
}

/** Unpacks it in the browser. */
export function unpacked(data: PackedData): PageData {
  const { workloads, processes, hasClusters, protocols, start, edges, destinations, endpoints } = data;
  const at = (name: EdgeColumn, index: number): number => edges[name][index] ?? 0;
  return {
    ...{ workloads, processes, hasClusters },
    destinations: destinations.address.map((address, index) => {
      const port = destinations.port[index] ?? -1;
      const protocol = protocols[destinations.protocol[index] ?? -1];
      return {
        address,
        port: port < 0 ? undefined : port,
        protocol,
        endpoint: destinations.endpoint[index] ?? 0,
      };
    }),
    endpoints: endpoints.label.map((label, index) => ({
      ...{
        label,
        scope: SCOPES[endpoints.scope[index] ?? 0] ?? 'internet',
        isNew: endpoints.isNew[index] === 1,
      },
    })),
    edges: edges.workload.map((workload, index): EdgeData => {
      const first = start + at('after', index);
      return {
        ...{ workload, destination: at('destination', index), process: at('process', index) },
        ...{ times: at('times', index), failed: at('failed', index) },
        ...{ first, last: first + at('span', index), isNew: at('isNew', index) === 1 },
      };
    }),
  };
}
