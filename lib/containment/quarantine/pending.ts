import { QUARANTINE_APPROVAL_ANNOTATION, QUARANTINE_PENDING_ANNOTATION } from '../../names';
import type { Change } from './json-patch';
import type { Pod } from './pod';

/** Things that may wait on one Pod; of more the oldest are forgotten. */
const MOST = 16;

/** What a Pod carries in an annotation while a response waits for a person: for approval, or since a limit is reached. Several stand in a list. */
export interface PendingQuarantine {
  /** The rule of the alert. */
  readonly reason: string;
  /** The response that waits. */
  readonly response: string;
  /** What it would do; the response may have another action by the time that somebody agrees. @default any */
  readonly action?: string;
  /** Identity of the alert. */
  readonly alert: string;
  /** When the alert was raised, ISO 8601. */
  readonly raised: string;
  /** Since when it waits, ISO 8601. */
  readonly since: string;
  /** `approval`, or the code of the limit. */
  readonly why: string;
  /** In one line. */
  readonly line: string;
  /** Whether the agreement that stands on the Pod is to this too; `false` of what has come to wait since, or was left out. @default true */
  readonly agreedTo?: boolean;
}

/** All that waits on a Pod, each of another response, the oldest first; nothing where it can't be read. */
export function waitingOn({ metadata }: Pod): readonly PendingQuarantine[] {
  const text = metadata?.annotations?.[QUARANTINE_PENDING_ANNOTATION];
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return all.every(isPending) ? all : [];
  } catch {
    return [];
  }
}

/** What waits on a Pod and somebody has agreed to: it is being carried out. */
export function agreedOn(pod: Pod): readonly PendingQuarantine[] {
  return approvalOf(pod) === undefined ? [] : waitingOn(pod).filter(({ agreedTo = true }) => agreedTo);
}

/** What to change where something comes to wait, besides what waits already: to this one nobody has agreed yet. */
export function alsoWaiting(pod: Pod, pending: PendingQuarantine): readonly Change[] {
  const others = waitingOn(pod).filter(({ response }) => response !== pending.response);
  // What somebody has agreed to is forgotten last.
  const oldest = others.findIndex(({ agreedTo = true }) => !agreedTo || approvalOf(pod) === undefined);
  if (others.length >= MOST) others.splice(Math.max(0, oldest), others.length - MOST + 1);
  return waiting(pod, [...others, { ...pending, agreedTo: false }]);
}

/** What to change once some of it no longer waits; the agreement stays for as long as there is something left that it was to. */
export function noLongerWaiting(
  pod: Pod,
  isDone: (pending: PendingQuarantine) => boolean,
): readonly Change[] {
  const before = waitingOn(pod);
  const rest = before.filter((each) => !isDone(each));
  return rest.length === before.length && rest.length > 0 ? [] : waiting(pod, rest);
}

/** What to change so that somebody agrees to some of what waits, and to nothing else. */
export function agreement(
  pod: Pod,
  by: string,
  isAgreed: (pending: PendingQuarantine) => boolean,
): readonly Change[] {
  const marked = waitingOn(pod).map((each) => ({ ...each, agreedTo: isAgreed(each) }));
  return [
    { map: 'annotations', key: QUARANTINE_PENDING_ANNOTATION, value: written(marked) },
    { map: 'annotations', key: QUARANTINE_APPROVAL_ANNOTATION, value: by },
  ];
}

/** So that this waits and nothing else. An agreement goes where nothing is left that it was to. */
function waiting(pod: Pod, all: readonly PendingQuarantine[]): readonly Change[] {
  const isAgreed = approvalOf(pod) !== undefined && all.some(({ agreedTo = true }) => agreedTo);
  // Without an agreement there is nothing that it could leave out.
  const marked = isAgreed ? all : all.map((each) => ({ ...each, agreedTo: true }));
  const value = all.length === 0 ? undefined : written(marked);
  return [
    { map: 'annotations', key: QUARANTINE_PENDING_ANNOTATION, value },
    ...(isAgreed
      ? []
      : [{ map: 'annotations', key: QUARANTINE_APPROVAL_ANNOTATION, value: undefined } as const]),
  ];
}

/** One alone stands without a list around it, and what needs no mark has none. */
function written(all: readonly PendingQuarantine[]): string {
  const plain = all.map(({ agreedTo = true, ...each }) => (agreedTo ? each : { ...each, agreedTo }));
  return JSON.stringify(plain.length === 1 ? plain[0] : plain);
}

/** Who has agreed to what waits on a Pod. */
export function approvalOf({ metadata }: Pod): string | undefined {
  return metadata?.annotations?.[QUARANTINE_APPROVAL_ANNOTATION];
}

function isPending(value: unknown): value is PendingQuarantine {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  const { agreedTo = true, action = '', reason, response, alert, raised, since, why, line } = fields;
  if (typeof agreedTo !== 'boolean') return false;
  return [reason, response, action, alert, raised, since, why, line].every(
    (each) => typeof each === 'string',
  );
}
