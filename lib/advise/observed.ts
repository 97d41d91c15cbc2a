import type { Connection } from '../history/connection';
import type { PolicyProtocol, Reached, Target, Unneeded } from './target';
import type { KnownWorkload } from './workloads';

/** Attempts to reach one port of one target. */
export interface SeenPort {
  readonly protocol: PolicyProtocol;
  readonly port: number;
  /** That did not fail, as far as Falco saw. */
  went: number;
  failed: number;
  /** Of those that failed, the first one's. */
  error: string | undefined;
  /** In milliseconds since 1970. */
  first: number;
  last: number;
  readonly processes: Set<string>;
  /** From which Pods; `undefined` where these were too many to keep. */
  pods: readonly SeenPod[] | undefined;
  /** Whether no alert told the protocol. */
  guessed: boolean;
}

/** A Pod that tried; the UID where alerts tell it. */
interface SeenPod {
  readonly name: string;
  readonly uid: string | undefined;
}

/** A target, and the ports of it that were tried. */
export interface SeenTarget {
  readonly target: Target;
  /** Host names that alerts give it. */
  readonly names: Set<string>;
  readonly ports: Map<string, SeenPort>;
  /** Whether somebody said that it passes connections on. */
  isProxy: boolean;
}

/** Why attempts are in no policy, and how many they were. */
export type NotNeeded = Map<Unneeded, { count: number; example: string }>;

/** What was seen of one workload. */
export interface Observed {
  readonly workload: KnownWorkload;
  readonly targets: Map<string, SeenTarget>;
  readonly notNeeded: NotNeeded;
  /** Ports on which there were more addresses of the Internet than are kept: all of them are meant. */
  readonly everywhere: Map<string, SeenPort>;
  attempts: number;
  first: number;
  last: number;
  readonly pods: Set<string>;
  /** Attempts that are missing from what is kept. */
  cut: number;
  /** How many ports of targets are kept. */
  kept: number;
  publicAddresses: number;
}

/** So many names are kept of each thing. */
const MOST_NAMES = 3;
const MOST_PODS = 1000;

/** What bounds the memory that a history may take. */
export interface Bounds {
  /** Addresses of the Internet of one workload; those beyond count as all there are. */
  readonly publicAddresses: number;
  /** Ports of targets of one workload. */
  readonly ofWorkload: number;
  /** Ports of targets of all workloads. */
  readonly ofAll: number;
}

export function observing(workload: KnownWorkload): Observed {
  return {
    ...{ workload, targets: new Map(), notNeeded: new Map(), everywhere: new Map() },
    ...{ attempts: 0, first: Infinity, last: -Infinity, pods: new Set<string>() },
    ...{ cut: 0, kept: 0, publicAddresses: 0 },
  };
}

/** Counts an attempt by its workload. */
export function noteAttempt(observed: Observed, { count }: Connection, first: number, last: number): void {
  observed.attempts += count;
  if (first < observed.first) observed.first = first;
  if (last > observed.last) observed.last = last;
}

export function notePod({ pods }: Observed, { pod }: Connection): void {
  if (pod !== undefined && pods.size < MOST_PODS) pods.add(pod);
}

/** Counts an attempt that no policy has to let through. */
export function noteUnneeded(observed: Observed, why: Unneeded, { count, destination }: Connection): void {
  const known = observed.notNeeded.get(why);
  const { address, port } = destination;
  if (known !== undefined) known.count += count;
  else observed.notNeeded.set(why, { count, example: `${address}${port === undefined ? '' : ` ${port}`}` });
}

/** What was seen of a port of a target so far, or the beginning of it. */
export function noteReached(observed: Observed, { target, protocol, port }: Reached): SeenPort {
  let seen = observed.targets.get(target.key);
  if (seen === undefined) {
    seen = { target, names: new Set(), ports: new Map(), isProxy: false };
    observed.targets.set(target.key, seen);
  }
  const key = portKey(protocol, port);
  let found = seen.ports.get(key);
  if (found === undefined) {
    found = newPort(protocol, port);
    seen.ports.set(key, found);
    observed.kept++;
  }
  return found;
}

/** The same for a port on which all of the Internet is meant. */
export function noteEverywhere(observed: Observed, { protocol, port }: Reached): SeenPort {
  const key = portKey(protocol, port);
  const found = observed.everywhere.get(key) ?? newPort(protocol, port);
  observed.everywhere.set(key, found);
  return found;
}

/** Whether the port of the target is kept already. */
export function isKept({ targets }: Observed, { target, protocol, port }: Reached): boolean {
  return targets.get(target.key)?.ports.has(portKey(protocol, port)) === true;
}

function portKey(protocol: PolicyProtocol, port: number): string {
  return `${protocol} ${port}`;
}

function newPort(protocol: PolicyProtocol, port: number): SeenPort {
  return {
    ...{ protocol, port, went: 0, failed: 0, error: undefined, first: Infinity, last: -Infinity },
    ...{ processes: new Set<string>(), pods: [], guessed: true },
  };
}

/** Counts it by its port. */
export function count(seen: SeenPort, connection: Connection, first: number, last: number): void {
  const { count, outcome, error } = connection;
  if (outcome === 'failed') {
    seen.failed += count;
    seen.error ??= error;
  } else seen.went += count;
  if (first < seen.first) seen.first = first;
  if (last > seen.last) seen.last = last;
}

/** Keeps what attempts of one kind have in common. */
export function noteDetails(
  seen: SeenPort,
  { program, destination, pod: name, podUid: uid }: Connection,
): void {
  const { pods } = seen;
  if (name === undefined) seen.pods = undefined;
  else if (pods !== undefined && !pods.some((each) => each.name === name && each.uid === uid))
    seen.pods = pods.length < MOST_NAMES ? [...pods, { name, uid }] : undefined;
  if (destination.protocol !== undefined) seen.guessed = false;
  if (program.name !== undefined && seen.processes.size < MOST_NAMES) seen.processes.add(program.name);
}

/** Keeps some of the names that an alert gives a target. */
export function noteNames({ names }: SeenTarget, told: readonly string[]): void {
  for (const name of told) if (names.size < MOST_NAMES) names.add(name);
}
