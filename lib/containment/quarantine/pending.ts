import { QUARANTINE_APPROVAL_ANNOTATION, QUARANTINE_PENDING_ANNOTATION } from '../../names';
import type { Pod } from './pod';

/** What a Pod carries in an annotation while a response waits for a person: for approval, or since a limit is reached. */
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

/** What waits on a Pod; `undefined` where nothing does, or it can't be read. */
export function pendingOf({ metadata }: Pod): PendingQuarantine | undefined {
  const text = metadata?.annotations?.[QUARANTINE_PENDING_ANNOTATION];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isPending(value) ? value : undefined;
  } catch {
    return undefined;
  }
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
