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

/** How it is written down that something waits, besides what waits already. */
export function alsoWaiting(pod: Pod, pending: PendingQuarantine): string {
  const others = waitingOn(pod).filter(({ response }) => response !== pending.response);
  return written([...others, pending].slice(-MOST));
}

/** What to change once some of it no longer waits; whoever has agreed has agreed to the rest too. */
export function noLongerWaiting(
  pod: Pod,
  isDone: (pending: PendingQuarantine) => boolean,
): readonly Change[] {
  const waiting = waitingOn(pod);
  const rest = waiting.filter((each) => !isDone(each));
  const pending = { map: 'annotations', key: QUARANTINE_PENDING_ANNOTATION } as const;
  if (rest.length === 0)
    return [
      { ...pending, value: undefined },
      { map: 'annotations', key: QUARANTINE_APPROVAL_ANNOTATION, value: undefined },
    ];
  return rest.length === waiting.length ? [] : [{ ...pending, value: written(rest) }];
}

/** One alone stands without a list around it. */
function written(waiting: readonly PendingQuarantine[]): string {
  return JSON.stringify(waiting.length === 1 ? waiting[0] : waiting);
}

/** Who has agreed to what waits on a Pod. */
export function approvalOf({ metadata }: Pod): string | undefined {
  return metadata?.annotations?.[QUARANTINE_APPROVAL_ANNOTATION];
}

function isPending(value: unknown): value is PendingQuarantine {
  if (typeof value !== 'object' || value === null) return false;
  const { reason, response, action = '', alert, raised, since, why, line } = value as Record<string, unknown>;
  return [reason, response, action, alert, raised, since, why, line].every(
    (each) => typeof each === 'string',
  );
}
