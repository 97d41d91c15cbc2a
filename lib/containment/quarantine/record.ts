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
  /** What happens then. @default "release" */
  readonly onExpiry?: OnExpiry;
  /** The owner of the Pod, such as `Deployment/nginx`: the next of its Pods is known by it. */
  readonly owner?: string;
  /** How many Pods of that owner were cut off before this one. @default 0 */
  readonly before?: number;
  /** Who agreed, where somebody had to. */
  readonly approvedBy?: string;
  /** Whether it is cut off, as last judged. */
  readonly verdict?: RecordedVerdict;
  /** Identities of the alerts that it answers. */
  readonly alerts: readonly string[];
  /** Labels as they were where the quarantine has changed them; `null` where there was none. */
  readonly labels: Readonly<Record<string, string | null>>;
}

/** What becomes of a Pod when its time is over. */
export type OnExpiry = 'release' | 'hold' | 'delete';

/** A verdict as it is written down. */
export interface RecordedVerdict {
  readonly verdict: 'contained' | 'partial' | 'not-contained';
  /** In one line. */
  readonly summary: string;
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
  const { reason, by, since, expires, onExpiry, alerts, labels, owner, before, approvedBy, verdict } =
    value as Record<string, unknown>;
  return (
    [reason, by, since].every((each) => typeof each === 'string') &&
    [expires, owner, approvedBy].every((each) => each === undefined || typeof each === 'string') &&
    (before === undefined || typeof before === 'number') &&
    [undefined, 'release', 'hold', 'delete'].some((each) => each === onExpiry) &&
    (verdict === undefined || isVerdict(verdict)) &&
    Array.isArray(alerts) &&
    alerts.every((each) => typeof each === 'string') &&
    typeof labels === 'object' &&
    labels !== null &&
    Object.values(labels).every((each) => each === null || typeof each === 'string')
  );
}

function isVerdict(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { verdict, summary } = value as Record<string, unknown>;
  return (
    ['contained', 'partial', 'not-contained'].some((each) => each === verdict) && typeof summary === 'string'
  );
}

/** Labels as they were: what the quarantine has set or taken, by what the Pod had. */
export function labelsBefore(had: Labels, changed: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(changed.map((key) => [key, Object.hasOwn(had, key) ? (had[key] ?? null) : null]));
}
