import type { Connection } from './connection';

/**
 * What attempts have in common that differ in nothing but when they were: there are few of them in a history of millions. Whoever
 * works out something for one of them knows it of all; see {@link ByAlike}.
 */
export class Alike {
  /**
   * @param place a small number, which may be another's later
   * @param first the first of them: told of by itself, at one time
   */
  constructor(
    readonly place: number,
    readonly first: Connection,
  ) {}

  /** Another of them. */
  at(time: bigint): Connection {
    return new Repeated(this, time);
  }
}

/** The kind of which a connection is; `undefined` where nobody has told, as after any change to it. */
export function alikeOf(connection: Connection): Alike | undefined {
  return Repeated.alikeOf(connection);
}

/** Something for each kind of attempts, for as many as there are places. */
export class ByAlike<T> {
  private readonly alikes: (Alike | undefined)[] = [];
  private readonly values: (T | undefined)[] = [];

  get(alike: Alike): T | undefined {
    return this.alikes[alike.place] === alike ? this.values[alike.place] : undefined;
  }

  set(alike: Alike, value: T): void {
    while (this.alikes.length <= alike.place) {
      this.alikes.push(undefined);
      this.values.push(undefined);
    }
    this.alikes[alike.place] = alike;
    this.values[alike.place] = value;
  }
}

/** A copy of it, or of parts of it, is no longer known to be alike: what is private is not copied. */
class Repeated implements Connection {
  static alikeOf(connection: Connection): Alike | undefined {
    return #alike in connection ? connection.#alike : undefined;
  }

  declare readonly cluster: Connection['cluster'];
  declare readonly node: Connection['node'];
  declare readonly namespace: Connection['namespace'];
  declare readonly pod: Connection['pod'];
  declare readonly podUid: Connection['podUid'];
  declare readonly containerId: Connection['containerId'];
  declare readonly client: Connection['client'];
  declare readonly workload: Connection['workload'];
  declare readonly program: Connection['program'];
  declare readonly destination: Connection['destination'];
  declare readonly outcome: Connection['outcome'];
  declare readonly error: Connection['error'];
  declare readonly rule: Connection['rule'];
  declare readonly priority: Connection['priority'];
  declare readonly count: number;
  declare readonly run: undefined;
  declare readonly first: bigint;
  declare readonly last: bigint;
  readonly #alike: Alike;

  constructor(alike: Alike, time: bigint) {
    const { first } = alike;
    this.cluster = first.cluster;
    this.node = first.node;
    this.namespace = first.namespace;
    this.pod = first.pod;
    this.podUid = first.podUid;
    this.containerId = first.containerId;
    this.client = first.client;
    this.workload = first.workload;
    this.program = first.program;
    this.destination = first.destination;
    this.outcome = first.outcome;
    this.error = first.error;
    this.rule = first.rule;
    this.priority = first.priority;
    this.count = 1;
    this.run = undefined;
    this.first = time;
    this.last = time;
    this.#alike = alike;
  }
}
