import { QUARANTINE_PENDING_ANNOTATION } from '../../names';
import { answeredResponses, approvalOf, dismissalOf, unanswered } from './answers';
import { remembering } from './dismissed';
import type { Change } from './json-patch';
import type { Pod } from './pod';

/** In the place of names: all that waits by then. */
const ALL = '*';

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
  /** Who has agreed to this, where their agreement no longer names it since something else has come to wait. @default nobody */
  readonly agreedBy?: string;
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

/** What waits on a Pod and somebody has agreed to: it is being carried out. What somebody else refuses is not. */
export function agreedOn(pod: Pod): readonly PendingQuarantine[] {
  const by = approvalOf(pod);
  if (by === undefined) return [];
  const named = answeredResponses(pod, 'approve');
  const refused = dismissedOn(pod).map(({ response }) => response);
  const isNamed = ({ response, agreedBy }: PendingQuarantine): boolean =>
    named === undefined ? agreedBy === by : named.includes(ALL) || named.includes(response);
  return waitingOn(pod).filter((each) => !refused.includes(each.response) && isNamed(each));
}

/** Whether somebody agrees without saying to what: then it is to nothing. */
export function agreesToNothing(pod: Pod): boolean {
  if (approvalOf(pod) === undefined) return false;
  return answeredResponses(pod, 'approve') === undefined && agreedOn(pod).length === 0;
}

/** What waits on a Pod and somebody refuses. */
export function dismissedOn(pod: Pod): readonly PendingQuarantine[] {
  if (dismissalOf(pod) === undefined) return [];
  const named = answeredResponses(pod, 'dismiss');
  return waitingOn(pod).filter(({ response }) => named?.includes(response) ?? true);
}

/** Responses to which somebody has agreed by their names, and which don't wait. */
export function agreedInVain(pod: Pod): readonly string[] {
  const named = approvalOf(pod) === undefined ? [] : (answeredResponses(pod, 'approve') ?? []);
  return named.filter((name) => name !== ALL && !waitingOn(pod).some(({ response }) => response === name));
}

/** What to change where something comes to wait, besides what waits already: this one nobody has answered yet. */
export function alsoWaiting(pod: Pod, pending: PendingQuarantine): readonly Change[] {
  const others = marked(pod).filter(({ response }) => response !== pending.response);
  // What somebody has agreed to is forgotten last.
  const oldest = others.findIndex(({ agreedBy }) => agreedBy === undefined);
  if (others.length >= MOST) others.splice(Math.max(0, oldest), others.length - MOST + 1);
  return [...waiting([...others, pending]), ...unanswered('dismiss')];
}

/** What to change once some of it no longer waits; the agreement stays for as long as there is something left that it was to. */
export function noLongerWaiting(
  pod: Pod,
  isDone: (pending: PendingQuarantine) => boolean,
): readonly Change[] {
  const before = marked(pod);
  const rest = before.filter((each) => !isDone(each));
  const isInVain = approvalOf(pod) !== undefined && !rest.some(isAgreed);
  if (rest.length === before.length && rest.length > 0 && !isInVain) return [];
  return [...waiting(rest), ...(rest.length === 0 ? unanswered('dismiss') : [])];
}

/** What to change so that what somebody refuses no longer waits, and is remembered as refused. */
export function dismissal(pod: Pod, at: Date): readonly Change[] {
  const by = dismissalOf(pod) ?? '';
  const refused = dismissedOn(pod);
  const rest = marked(pod).filter((each) => !refused.some(({ response }) => response === each.response));
  return [
    ...waiting(rest),
    ...unanswered('dismiss'),
    ...(refused.length === 0
      ? []
      : [
          remembering(
            pod,
            refused.map(({ response, alert }) => ({ response, by, at: at.toISOString(), alert })),
          ),
        ]),
  ];
}

/** What waits, each with who has agreed to it, in whichever way. */
function marked(pod: Pod): PendingQuarantine[] {
  const by = approvalOf(pod);
  const agreed = agreedOn(pod).map(({ response }) => response);
  return waitingOn(pod).map(({ agreedBy: _, ...each }) =>
    by !== undefined && agreed.includes(each.response) ? { ...each, agreedBy: by } : each,
  );
}

function isAgreed({ agreedBy }: PendingQuarantine): boolean {
  return agreedBy !== undefined;
}

/** So that this waits and nothing else. An agreement goes where nothing is left that it was to; else the marks say to what it is. */
function waiting(all: readonly PendingQuarantine[]): readonly Change[] {
  // One alone stands without a list around it.
  const value = all.length === 0 ? undefined : JSON.stringify(all.length === 1 ? all[0] : all);
  return [
    { map: 'annotations', key: QUARANTINE_PENDING_ANNOTATION, value },
    ...unanswered('approve', all.some(isAgreed) ? 'by' : undefined),
  ];
}

function isPending(value: unknown): value is PendingQuarantine {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  const { agreedBy = '', action = '', reason, response, alert, raised, since, why, line } = fields;
  return [reason, response, action, alert, raised, since, why, line, agreedBy].every(
    (each) => typeof each === 'string',
  );
}
