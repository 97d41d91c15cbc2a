/** What a Pod belongs to. */
export interface Workload {
  /**
   * `Deployment`, `StatefulSet` …; `Container` where no Pod is known, `Node` for the node itself, `Unknown` where an alert tells
   * neither; `undefined` where the Pod's name tells the owner's name alone.
   */
  readonly kind: string | undefined;
  readonly name: string;
  /** Whether it was only read off the Pod's name. */
  readonly derived: boolean;
}

/** What is known of a Pod when its owner is looked for. */
export interface PodFacts {
  readonly pod: string | undefined;
  readonly deployment: string | undefined;
  readonly replicaSet: string | undefined;
  readonly node: string | undefined;
  readonly container: string | undefined;
  /** Whether the alert says that it is a process of the node itself. */
  readonly isOfNode: boolean;
}

/** What Kubernetes makes random names and hashes of: no vowels, no digits that look like letters. */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]';
const OF_REPLICA_SET = new RegExp(`^(.+)-(${RANDOM}{7,10})-${RANDOM}{5}$`);
const OF_NUMBERED_JOB = new RegExp(String.raw`^(.+)-(\d{1,8})-${RANDOM}{5}$`);
const OF_ANY_OWNER = new RegExp(`^(.+)-${RANDOM}{5}$`);
const OF_STATEFUL_SET = /^(.+)-(?:0|[1-9]\d{0,4})$/;
const REPLICA_SET = new RegExp(`^(.+)-${RANDOM}{7,10}$`);

/** A CronJob names its Jobs by the minute since 1970: from 2014 to 2046. */
const FIRST_MINUTE = 23_000_000;
const LAST_MINUTE = 40_000_000;

/**
 * Whose a Pod is: what the alert says, else what the Pod's name tells by the way in which Kubernetes' controllers name Pods:
 *
 * - `NAME-HASH-RANDOM`: Deployment; `NAME-MINUTE-RANDOM`: CronJob; `NAME-INDEX-RANDOM`: an indexed Job;
 * - `NAME-ORDINAL`: StatefulSet; `NAME-RANDOM`: something (a DaemonSet, a Job, a ReplicaSet) of that name;
 * - `NAME-NODE`: a static Pod of that node.
 *
 * Anybody may name a Pod like that, so whatever is read off a name is marked.
 */
export function workloadOf({ pod, deployment, replicaSet, node, container, isOfNode }: PodFacts): Workload {
  if (deployment !== undefined) return { kind: 'Deployment', name: deployment, derived: false };
  if (replicaSet !== undefined) {
    const [, name] = REPLICA_SET.exec(replicaSet) ?? [];
    return name === undefined
      ? { kind: 'ReplicaSet', name: replicaSet, derived: false }
      : { kind: 'Deployment', name, derived: true };
  }
  if (pod !== undefined) return byName(pod, node);
  if (container !== undefined) return { kind: 'Container', name: container, derived: false };
  return { kind: isOfNode ? 'Node' : 'Unknown', name: node ?? '', derived: false };
}

function byName(pod: string, node: string | undefined): Workload {
  if (node !== undefined && node !== '' && pod.endsWith(`-${node}`))
    return { kind: 'Node', name: pod.slice(0, -node.length - 1), derived: true };
  const [, job, number = ''] = OF_NUMBERED_JOB.exec(pod) ?? [];
  if (job !== undefined) {
    const isMinute = Number(number) >= FIRST_MINUTE && Number(number) <= LAST_MINUTE;
    if (isMinute) return { kind: 'CronJob', name: job, derived: true };
    if (number.length < 7) return { kind: 'Job', name: job, derived: true };
  }
  const [, deployment] = OF_REPLICA_SET.exec(pod) ?? [];
  if (deployment !== undefined) return { kind: 'Deployment', name: deployment, derived: true };
  const [, statefulSet] = OF_STATEFUL_SET.exec(pod) ?? [];
  if (statefulSet !== undefined) return { kind: 'StatefulSet', name: statefulSet, derived: true };
  const [, owner] = OF_ANY_OWNER.exec(pod) ?? [];
  return owner === undefined
    ? { kind: 'Pod', name: pod, derived: false }
    : { kind: undefined, name: owner, derived: true };
}
