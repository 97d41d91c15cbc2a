import { QUARANTINE_DISMISSED_ANNOTATION } from '../../names';
import type { AlertOfPod } from './identity';
import type { Change } from './json-patch';
import type { Pod } from './pod';

/** Refusals that one Pod remembers; of more the oldest are forgotten. */
const MOST = 16;

/** By so much the clock of another replica may be ahead; what is later was written by nobody who refused anything. */
const CLOCKS_DIFFER = 60_000;

/** What a person has refused on a Pod, as the Pod remembers it. */
export interface Dismissed {
  readonly response: string;
  /** Who it was. */
  readonly by: string;
  /** When, ISO 8601. */
  readonly at: string;
  /** Identity of the alert that waited. */
  readonly alert: string;
}

/** What people have refused on a Pod, the oldest first; nothing where it can't be read. */
function dismissedOf({ metadata }: Pod): readonly Dismissed[] {
  try {
    const value: unknown = JSON.parse(metadata?.annotations?.[QUARANTINE_DISMISSED_ANNOTATION] ?? '[]');
    return Array.isArray(value) && value.every(isDismissedEntry) ? value : [];
  } catch {
    return [];
  }
}

/** What to change so that a Pod remembers what was refused; of each response the last. */
export function remembering(pod: Pod, refused: readonly Dismissed[]): Change {
  const names = new Set(refused.map(({ response }) => response));
  const before = dismissedOf(pod).filter(({ response }) => !names.has(response));
  const value = JSON.stringify([...before, ...refused].slice(-MOST));
  return { map: 'annotations', key: QUARANTINE_DISMISSED_ANNOTATION, value };
}

/**
 * Whether somebody has refused what a response would do about an alert: about the very one that waited, and about all that
 * were raised until then, or within a time after it. A later one is another matter.
 */
export function wasDismissed(
  pod: Pod,
  { id, time }: Pick<AlertOfPod, 'id' | 'time'>,
  { name, forSeconds, now }: { readonly name: string; readonly forSeconds: number; readonly now: number },
): boolean {
  const raised = new Date(time).getTime();
  return dismissedOf(pod).some(({ response, alert, at }) => {
    const refused = Date.parse(at);
    if (response !== name || refused > now + CLOCKS_DIFFER) return false;
    return alert === id || raised <= refused + forSeconds * 1000;
  });
}

function isDismissedEntry(value: unknown): value is Dismissed {
  if (typeof value !== 'object' || value === null) return false;
  const { response, by, at, alert } = value as Record<string, unknown>;
  return [response, by, at, alert].every((each) => typeof each === 'string');
}
