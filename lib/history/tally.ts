import { Attempts } from './attempts';
import type { Connection, Destination, Outcome } from './connection';
import type { Workload } from './workload';

/** Attempts of one program of one workload to reach one destination. */
export interface Row {
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  /** As a {@link Connection} has it; rows that turn out to be of different ones have none. */
  readonly client: string | undefined;
  readonly workload: Workload;
  readonly process: string | undefined;
  readonly path: string | undefined;
  readonly destination: Destination;
  /** The name of the error with which all of them failed; those that did not fail have a row of their own. */
  readonly error: string | undefined;
  first: bigint;
  last: bigint;
  times: number;
  readonly outcomes: Record<Outcome, number>;
  /** Some of the Pods; `morePods` says whether there are others. */
  readonly pods: Set<string>;
  morePods: boolean;
  readonly nodes: Set<string>;
  readonly rules: Set<string>;
}

/** So many rows are kept, and so many Pods, nodes and rules of each. */
const MOST_ROWS = 100_000;
const MOST_NAMES = 20;

/** Connections, counted once each whatever way they came, by who reached what. */
export class Tally {
  private readonly attempts = new Attempts();
  private readonly byKey = new Map<string, Row>();
  /** Attempts in rows beyond those that are kept. */
  private left = 0;
  private repeated = 0;

  add(connection: Connection): void {
    const more = this.attempts.add(connection);
    if (more === 0) {
      this.repeated++;
      return;
    }
    const key = keyOf(connection);
    let row = this.byKey.get(key);
    if (row === undefined) {
      if (this.byKey.size >= MOST_ROWS) {
        this.left += more;
        return;
      }
      row = rowOf(connection);
      this.byKey.set(key, row);
    }
    count(row, connection, more);
  }

  /** How many were there more than once: the same connection, stored twice or told by several rules. */
  get duplicates(): number {
    return this.repeated;
  }

  /** How many attempts are in none of the rows, since there were too many. */
  get leftOut(): number {
    return this.left;
  }

  /** Ordered by cluster, namespace, workload, process, then by when they began. */
  rows(): readonly Row[] {
    return [...this.byKey.values()].sort(byWhose);
  }
}

/** The order of rows. */
export function byWhose(a: Row, b: Row): number {
  return (
    compare(a.cluster, b.cluster) ||
    compare(a.namespace, b.namespace) ||
    compare(a.workload.name, b.workload.name) ||
    compare(a.workload.kind, b.workload.kind) ||
    compare(a.process, b.process) ||
    Number(a.first > b.first) - Number(a.first < b.first) ||
    compare(a.destination.address, b.destination.address)
  );
}

/** Makes one of two rows that turn out to be of the same. */
export function merged(a: Row, b: Row): Row {
  const pods = [...new Set([...a.pods, ...b.pods])];
  const limited = (left: ReadonlySet<string>, right: ReadonlySet<string>): Set<string> =>
    new Set([...left, ...right].slice(0, MOST_NAMES));
  return {
    ...a,
    client: a.client === b.client ? a.client : undefined,
    first: a.first < b.first ? a.first : b.first,
    last: a.last > b.last ? a.last : b.last,
    times: a.times + b.times,
    outcomes: {
      connected: a.outcomes.connected + b.outcomes.connected,
      begun: a.outcomes.begun + b.outcomes.begun,
      failed: a.outcomes.failed + b.outcomes.failed,
      unknown: a.outcomes.unknown + b.outcomes.unknown,
    },
    pods: new Set(pods.slice(0, MOST_NAMES)),
    morePods: a.morePods || b.morePods || pods.length > MOST_NAMES,
    nodes: limited(a.nodes, b.nodes),
    rules: limited(a.rules, b.rules),
  };
}

function keyOf({ cluster, namespace, client, workload, program, destination, error }: Connection): string {
  const { address, port, protocol } = destination;
  const { kind, name } = workload;
  const whose = [cluster, namespace, client, kind, name, program.name, program.path];
  return [...whose, address, port, protocol, error].join('\0');
}

function rowOf(connection: Connection): Row {
  const { cluster, namespace, client, workload, program, destination, error, first, last } = connection;
  return {
    ...{ cluster, namespace, client, workload, process: program.name, path: program.path },
    ...{ destination, error, first, last },
    times: 0,
    outcomes: { connected: 0, begun: 0, failed: 0, unknown: 0 },
    pods: new Set(),
    morePods: false,
    nodes: new Set(),
    rules: new Set(),
  };
}

function count(row: Row, { first, last, outcome, pod, node, rule }: Connection, more: number): void {
  row.times += more;
  row.outcomes[outcome] += more;
  // Clocks go back, and stores sort as they like.
  if (first < row.first) row.first = first;
  if (last > row.last) row.last = last;
  if (pod !== undefined && !note(row.pods, pod)) row.morePods = true;
  if (node !== undefined) note(row.nodes, node);
  note(row.rules, rule);
}

/** `false` where there is no room for it. */
function note(names: Set<string>, name: string): boolean {
  if (names.has(name)) return true;
  if (names.size >= MOST_NAMES) return false;
  names.add(name);
  return true;
}

function compare(a: string | undefined, b: string | undefined): number {
  const [left, right] = [a ?? '', b ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
}
