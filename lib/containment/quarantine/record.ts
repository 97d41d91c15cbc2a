import type { Labels } from '../objects';

/** What a Pod that is cut off carries in an annotation: enough to tell why, and to release it exactly. */
export interface QuarantineRecord {
  /** The rule of the alert, or what a person gave as the reason. */
  readonly reason: string;
  /** The response that did it, or the person. */
  readonly by: string;
  /** Time, ISO 8601. */
  readonly since: string;
  /** When it ends; absent where somebody has to end it. */
  readonly expires?: string;
  /** Identities of the alerts that it answers. */
  readonly alerts: readonly string[];
  /** Labels as they were where the quarantine has changed them; `null` where there was none. */
  readonly labels: Readonly<Record<string, string | null>>;
}

/** Reads the annotation; `undefined` where it is none of ours. */
export function parseRecord(text: string): QuarantineRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is QuarantineRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { reason, by, since, expires, alerts, labels } = value as Record<string, unknown>;
  return (
    [reason, by, since].every((each) => typeof each === 'string') &&
    (expires === undefined || typeof expires === 'string') &&
    Array.isArray(alerts) &&
    alerts.every((each) => typeof each === 'string') &&
    typeof labels === 'object' &&
    labels !== null &&
    Object.values(labels).every((each) => each === null || typeof each === 'string')
  );
}

/** Labels as they were: what the quarantine has set or taken, by what the Pod had. */
export function labelsBefore(had: Labels, changed: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(changed.map((key) => [key, Object.hasOwn(had, key) ? (had[key] ?? null) : null]));
}
