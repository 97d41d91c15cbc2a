import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';

/** A Pod at which alerts are aimed. */
export interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  /** The first 12 digits of its container's id, as Falco prints them. */
  readonly containerId: string;
  /** UID of the Pod that had its name before, or of one that never was. */
  readonly deadUid: string;
  /** Whether a response may act on it at all. */
  readonly touchable: boolean;
  /** Nothing that is true is ever said of it. */
  readonly innocent: boolean;
}

/** Who sends: by which of the ways in, and as whom. */
export type Sender =
  | 'sidekick'
  | 'nobody'
  | 'wrong token'
  | 'collector at /alerts'
  | 'of node'
  | 'other account'
  | 'unbound'
  | 'other audience';

/** An alert, and how it is told. */
export interface Attempt {
  readonly target: number;
  readonly sender: Sender;
  /** Of the Collector whose token it is: on the Pod's own node, or on another. */
  readonly ownNode: boolean;
  readonly identity:
    | 'uid'
    | 'dead uid'
    | "another's uid"
    | 'unknown uid'
    | 'nothing known'
    | 'container'
    | "another's container"
    | 'short container'
    | 'name alone'
    | 'dead uid, right container';
  readonly time: 'now' | 'before the Pod' | 'old' | 'long ago';
  readonly rule: 'right' | 'other' | 'hostile';
  readonly host: 'right' | 'other' | 'absent';
  readonly where: 'right' | 'hostile name' | 'next name' | 'other namespace';
  readonly own: boolean;
  /** How often it is sent. */
  readonly times: number;
  readonly hostile: string;
}

const HOSTILE = [
  '../../x',
  'a\nb',
  '${x}',
  '"}{"',
  '\u0000',
  'x'.repeat(9_000),
  '<NA>',
  '\u202e',
  '__proto__',
  'kube-system',
  '*',
  '%2e%2e',
];

/** Mostly one thing, and the others now and then: what is wrong is to be wrong in one place as a rule. */
function mostly<T extends string>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(usual) },
    { weight: 3, arbitrary: fc.constantFrom(...others) },
  );
}

/** What somebody tries who wants another Pod cut off, among what is true. */
export const attempts = (targets: number): fc.Arbitrary<Attempt> =>
  fc.record<Attempt>({
    target: fc.nat(targets - 1),
    sender: fc.oneof(
      { weight: 4, arbitrary: fc.constant<Sender>('sidekick') },
      { weight: 8, arbitrary: fc.constant<Sender>('of node') },
      {
        weight: 2,
        arbitrary: fc.constantFrom<Sender>(
          'nobody',
          'wrong token',
          'collector at /alerts',
          'other account',
          'unbound',
          'other audience',
        ),
      },
    ),
    ownNode: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    identity: fc.constantFrom(
      'uid',
      'uid',
      'container',
      'container',
      'name alone',
      'nothing known',
      'dead uid',
      "another's uid",
      'unknown uid',
      "another's container",
      'short container',
      'dead uid, right container',
    ),
    time: mostly('now', 'before the Pod', 'old', 'long ago'),
    rule: mostly('right', 'other', 'hostile'),
    host: mostly('right', 'other', 'absent'),
    where: mostly('right', 'hostile name', 'next name', 'other namespace'),
    own: fc.oneof({ weight: 19, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    times: fc.oneof(
      { weight: 9, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }) },
    ),
    hostile: fc.constantFrom(...HOSTILE),
  });

/** Who may post at all. */
export function isAdmitted({ sender }: Attempt): boolean {
  return sender === 'sidekick' || sender === 'of node';
}

/** Whether the Pod of an attempt is to be cut off for it, by the documentation. */
export function isTrue(attempt: Attempt, target: Target): boolean {
  const { sender, ownNode, identity, time, rule, host, where, own } = attempt;
  if (!isAdmitted(attempt) || own || rule !== 'right' || where !== 'right' || !target.touchable) return false;
  if (sender === 'of node' ? !ownNode : host === 'other') return false;
  if (identity === 'uid' || identity === 'container') return time === 'now' || time === 'before the Pod';
  return (identity === 'name alone' || identity === 'nothing known') && time === 'now';
}

/** The alert of an attempt, as the fields of Falco. */
export function alertOfAttempt(
  attempt: Attempt,
  target: Target,
  other: Target,
  created: number,
  nth: number,
): object {
  const { identity, where, hostile, rule, host, own } = attempt;
  const uid = {
    uid: target.uid,
    'dead uid': target.deadUid,
    "another's uid": other.uid,
    'unknown uid': randomUUID(),
    'nothing known': '<NA>',
    'dead uid, right container': target.deadUid,
  }[identity as string];
  const container = {
    container: target.containerId,
    "another's container": other.containerId,
    'nothing known': 'host',
    'short container': target.containerId.slice(0, 11),
    'dead uid, right container': target.containerId,
  }[identity as string];
  const at = {
    now: Date.now(),
    'before the Pod': created - 20_000,
    old: created - 2 * 3_600_000,
    'long ago': Date.UTC(2020, 0),
  }[attempt.time];
  const hostname = {
    right: target.node,
    other: other.node === target.node ? 'node-of-nobody' : other.node,
    absent: undefined,
  }[host];
  return {
    ...(hostname !== undefined && { hostname }),
    rule: { right: 'Connection to vistatech.it', other: 'another rule', hostile }[rule],
    ...{ priority: 'Warning', output: hostile, source: own ? 'falco-egress' : 'syscall', tags: ['network'] },
    time: new Date(at).toISOString().replace('Z', `${String(nth % 1_000_000).padStart(6, '0')}Z`),
    output_fields: {
      'k8s.ns.name': where === 'other namespace' ? 'default' : target.namespace,
      'k8s.pod.name':
        { 'hostile name': hostile, 'next name': `${target.name}-x` }[where as string] ?? target.name,
      ...(uid !== undefined && { 'k8s.pod.uid': uid }),
      ...(container !== undefined && { 'container.id': container }),
      'fd.sip': '213.215.222.58',
    },
  };
}
