import { QUARANTINE_PENDING_ANNOTATION } from '../../names';
import { answeredResponses, approvalOf, dismissalOf, unanswered } from './answers';
import { remembering } from './dismissed';
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
  /** Whether an agreement that names no responses is to this too; `false` of what has come to wait since, or was left out. @default true */
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

/** What waits on a Pod and somebody has agreed to: it is being carried out. What somebody else refuses is not. */
export function agreedOn(pod: Pod): readonly PendingQuarantine[] {
  if (approvalOf(pod) === undefined) return [];
  const named = answeredResponses(pod, 'approve');
  const refused = dismissedOn(pod).map(({ response }) => response);
  return waitingOn(pod).filter(
    ({ response, agreedTo = true }) =>
      !refused.includes(response) && (named === undefined ? agreedTo : named.includes(response)),
  );
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
  return named.filter((name) => !waitingOn(pod).some(({ response }) => response === name));
}

/** What to change where something comes to wait, besides what waits already: this one nobody has answered yet. */
export function alsoWaiting(pod: Pod, pending: PendingQuarantine): readonly Change[] {
  const others = marked(pod).filter(({ response }) => response !== pending.response);
  // What somebody has agreed to is forgotten last.
  const oldest = others.findIndex(({ agreedTo }) => !agreedTo);
  if (others.length >= MOST) others.splice(Math.max(0, oldest), others.length - MOST + 1);
  return [...waiting([...others, { ...pending, agreedTo: false }]), ...unanswered('dismiss')];
}

/** What to change once some of it no longer waits; the agreement stays for as long as there is something left that it was to. */
export function noLongerWaiting(
  pod: Pod,
  isDone: (pending: PendingQuarantine) => boolean,
): readonly Change[] {
  const before = marked(pod);
  const rest = before.filter((each) => !isDone(each));
  const isInVain = approvalOf(pod) !== undefined && !rest.some(({ agreedTo }) => agreedTo);
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

type Marked = PendingQuarantine & { readonly agreedTo: boolean };

/** What waits, each with whether somebody has agreed to it, in whichever way. */
function marked(pod: Pod): Marked[] {
  const agreed = agreedOn(pod).map(({ response }) => response);
  return waitingOn(pod).map((each) => ({ ...each, agreedTo: agreed.includes(each.response) }));
}

/** So that this waits and nothing else. An agreement goes where nothing is left that it was to; else its marks say to what it is. */
function waiting(all: readonly Marked[]): readonly Change[] {
  const isAgreed = all.some(({ agreedTo }) => agreedTo);
  const value = all.length === 0 ? undefined : written(all, isAgreed);
  return [
    { map: 'annotations', key: QUARANTINE_PENDING_ANNOTATION, value },
    ...unanswered('approve', isAgreed ? 'by' : undefined),
  ];
}

/** One alone stands without a list around it, and what needs no mark has none: without an agreement there is nothing that it could leave out. */
function written(all: readonly Marked[], isAgreed: boolean): string {
  const plain = all.map(({ agreedTo, ...each }) => (agreedTo || !isAgreed ? each : { ...each, agreedTo }));
  return JSON.stringify(plain.length === 1 ? plain[0] : plain);
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
