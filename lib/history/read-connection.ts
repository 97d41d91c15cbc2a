import { COUNT, FIRST_OBSERVED, LAST_OBSERVED, MINUTE, RUN } from '../observability/egress-stream';
import { CANARY_RULE } from '../rules/library/names';
import { addressOf } from './address';
import type { Connection, Outcome } from './connection';
import { destinationOf, isIncoming } from './destination';
import { numberOf, textOf, type Fields } from './fields';
import { parseTime } from './time';
import { workloadOf } from './workload';

/** An alert, out of whatever it was stored in. */
export interface AlertRecord {
  readonly rule: string;
  readonly priority: string | undefined;
  readonly time: bigint;
  readonly hostname: string | undefined;
  /** The name that its store gives the cluster, where the alert itself gives none. */
  readonly cluster: string | undefined;
  readonly fields: Fields;
  /** What the collector's logdedup adds to a line that stands for several. */
  readonly counted: Fields;
}

/** Why an alert is no connection. */
export type NotAConnection = 'canary' | 'incoming' | 'no destination';

/** How many alerts there were of each kind that is no connection. */
export function noOthers(): Record<NotAConnection, number> {
  return { canary: 0, incoming: 0, 'no destination': 0 };
}

/** What container.id is for a process of the node itself. */
const HOST = 'host';
const CONTAINER_DIGITS = 12;
const NANOSECONDS_OF_A_MINUTE = 60_000_000_000n;

/** The attempt to reach another address of which an alert tells. */
export function readConnection(alert: AlertRecord): Connection | NotAConnection {
  const { fields, counted, time } = alert;
  if (alert.rule === CANARY_RULE) return 'canary';
  if (isIncoming(fields)) return 'incoming';
  const { outcome, error } = outcomeOf(fields);
  const destination = destinationOf(fields, outcome);
  if (destination === undefined) return 'no destination';
  const node = alert.hostname ?? textOf(fields, 'evt.hostname');
  const pod = textOf(fields, 'k8s.pod.name', 'k8smeta.pod.name');
  const id = textOf(fields, 'container.id');
  const container = id === HOST ? undefined : id?.slice(0, CONTAINER_DIGITS);
  const deployment = textOf(fields, 'k8smeta.deployment.name');
  const replicaSet = textOf(fields, 'k8smeta.rs.name');
  const isUntold = (pod ?? deployment ?? replicaSet) === undefined && id !== HOST;
  const { first, last, count, run } = countedOf(counted, time);
  return {
    cluster: textOf(fields, 'cluster') ?? alert.cluster,
    node,
    namespace: textOf(fields, 'k8s.ns.name', 'k8smeta.ns.name'),
    pod,
    podUid: textOf(fields, 'k8s.pod.uid', 'k8smeta.pod.uid'),
    containerId: container,
    client: isUntold ? clientOf(fields) : undefined,
    workload: workloadOf({ pod, deployment, replicaSet, node, container, isOfNode: id === HOST }),
    program: {
      name: textOf(fields, 'proc.name'),
      path: textOf(fields, 'proc.exepath'),
    },
    destination,
    outcome,
    error,
    rule: alert.rule,
    priority: alert.priority,
    ...{ count, run, first, last },
  };
}

/** Of a connect alone: of a socket that was bound before it sends, Falco swaps the ends. */
function clientOf(fields: Fields): string | undefined {
  if (textOf(fields, 'evt.type') !== 'connect') return undefined;
  return addressOf(textOf(fields, 'fd.cip') ?? '')?.text;
}

type Counted = Pick<Connection, 'count' | 'run' | 'first' | 'last'>;

/**
 * How many it stands for, and from when to when. Of what our collector has counted the time is that of the first, and all were
 * within its minute; when they came to the collector, which it tells as well, may be later, if it had to catch up.
 */
function countedOf(counted: Fields, time: bigint): Counted {
  const count = Math.max(1, numberOf(counted, COUNT) ?? 1);
  const run = textOf(counted, RUN);
  const observed = timeIn(counted, LAST_OBSERVED) ?? time;
  if (textOf(counted, MINUTE) === undefined) {
    const first = timeIn(counted, FIRST_OBSERVED) ?? time;
    const isInOrder = first < observed;
    return { count, run, first: isInOrder ? first : observed, last: isInOrder ? observed : first };
  }
  const end = (time / NANOSECONDS_OF_A_MINUTE + 1n) * NANOSECONDS_OF_A_MINUTE - 1n;
  const last = count === 1 || observed < time ? time : observed < end ? observed : end;
  return { count, run, first: time, last };
}

function timeIn(counted: Fields, name: string): bigint | undefined {
  const text = textOf(counted, name);
  return text === undefined ? undefined : parseTime(text);
}

function outcomeOf(fields: Fields): { readonly outcome: Outcome; readonly error: string | undefined } {
  const result = textOf(fields, 'evt.res');
  const raw = numberOf(fields, 'evt.rawres');
  if (result === 'EINPROGRESS') return { outcome: 'begun', error: undefined };
  if (result === 'SUCCESS' || (result === undefined && raw !== undefined && raw >= 0))
    return { outcome: 'connected', error: undefined };
  if (result !== undefined) return { outcome: 'failed', error: result };
  return raw === undefined
    ? { outcome: 'unknown', error: undefined }
    : { outcome: 'failed', error: `errno ${-raw}` };
}
