import type { Scope } from './scope';

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

type PackedEdges = Readonly<Record<keyof EdgeData, readonly number[]>>;

/** {@link PageData} as it travels: one list of numbers for each property of the edges. */
export interface PackedData extends Omit<PageData, 'edges'> {
  readonly columns: PackedEdges;
}

/** Packs it for the page. */
export function packed({ edges, ...rest }: PageData): PackedData {
  const column = (name: keyof EdgeData): number[] => edges.map((edge) => Number(edge[name]));
  return {
    ...rest,
    columns: {
      ...{ workload: column('workload'), destination: column('destination'), process: column('process') },
      ...{ times: column('times'), failed: column('failed') },
      ...{ first: column('first'), last: column('last'), isNew: column('isNew') },
    },
  };
}

/** Unpacks it in the browser. */
export function unpacked({ columns, ...rest }: PackedData): PageData {
  const at = (name: keyof EdgeData, index: number): number => columns[name][index] ?? 0;
  const edges = columns.workload.map((workload, index): EdgeData => ({
    ...{ workload, destination: at('destination', index), process: at('process', index) },
    ...{ times: at('times', index), failed: at('failed', index) },
    ...{ first: at('first', index), last: at('last', index), isNew: at('isNew', index) === 1 },
  }));
  return { ...rest, edges };
}
