import { textOf } from '../history/fields';
import type { AlertRecord } from '../history/read-connection';
import { dateOf } from '../history/time';
import { inert } from '../rules/evaluate/printable';
import { cut } from './labels';

/** Where what is said of a quarantine comes from. */
type QuarantineSource = 'history' | 'cluster';

/** A Pod that was cut off, or that nearly was; all texts are inert. */
export interface Quarantine {
  readonly source: QuarantineSource;
  readonly namespace: string;
  readonly pod: string;
  /** In seconds since 1970. */
  readonly since: number | undefined;
  /** When it was released; `undefined` as far as is known. */
  readonly ended: number | undefined;
  readonly why: string;
  /** The verdict, or what else was last said of it. */
  readonly state: string;
}

/** What the responder calls its own alerts: `falco-egress: Quarantined`. */
const RULE = /^falco-egress: (\w+)$/;
/** What it says of Pods that are cut off, or were to be; everything else is about other actions. */
const SAID: Readonly<Record<string, string>> = {
  Quarantined: 'quarantined',
  Contained: 'contained',
  NotContained: 'not contained',
  WaitsForApproval: 'waits for approval',
  WouldRespond: 'only observed',
  LimitReached: 'not done: a limit is reached',
  NotQuarantined: 'not quarantined',
  StaysQuarantined: 'stays quarantined',
  Expired: 'ended: its time was over',
  Released: 'released',
};
const ENDS = new Set(['Expired', 'Released']);
const LONGEST = 300;
const MOST = 2000;

interface Draft {
  readonly namespace: string;
  readonly pod: string;
  since: number;
  told: number;
  ended: number | undefined;
  why: string;
  state: string;
}

/** Quarantines, out of the alerts that the responder sends of what it does. */
export class QuarantineTally {
  private readonly drafts = new Map<string, Draft>();
  private left = 0;

  /** @returns whether the alert is the responder's */
  add({ rule, time, fields, cluster }: AlertRecord): boolean {
    const [, reason = ''] = RULE.exec(rule) ?? [];
    const state = Object.hasOwn(SAID, reason) ? SAID[reason] : undefined;
    const pod = textOf(fields, 'k8s.pod.name');
    if (state === undefined || pod === undefined) return reason !== '';
    const namespace = textOf(fields, 'k8s.ns.name') ?? '-';
    const where = textOf(fields, 'falco_egress.cluster') ?? cluster ?? '';
    const key = [where, namespace, pod, textOf(fields, 'k8s.pod.uid')].join('\0');
    const at = Math.floor(dateOf(time).getTime() / 1000);
    const why = short(textOf(fields, 'falco_egress.rule') ?? textOf(fields, 'falco_egress.response') ?? '');
    const draft = this.drafts.get(key);
    if (draft !== undefined) merge(draft, { at, why, state, reason });
    else if (this.drafts.size >= MOST) this.left++;
    else {
      const ended = ENDS.has(reason) ? at : undefined;
      this.drafts.set(key, {
        ...{ namespace: short(namespace), pod: short(pod), since: at, told: at, ended, why, state },
      });
    }
    return true;
  }

  /** What was said of Pods beyond those that are kept. */
  get leftOut(): number {
    return this.left;
  }

  /** The last first. */
  quarantines(): Quarantine[] {
    return [...this.drafts.values()]
      .sort((a, b) => b.since - a.since || (a.pod < b.pod ? -1 : 1))
      .map(({ namespace, pod, since, ended, why, state }) => ({
        ...{ source: 'history', namespace, pod, since, ended, why, state },
      }));
  }
}

function merge(
  draft: Draft,
  {
    at,
    why,
    state,
    reason,
  }: { readonly at: number; readonly why: string; readonly state: string; readonly reason: string },
): void {
  if (at < draft.since) draft.since = at;
  if (draft.why === '') draft.why = why;
  if (at < draft.told) return;
  draft.told = at;
  draft.state = state;
  // Cut off again after it was released.
  draft.ended = ENDS.has(reason) ? at : undefined;
}

function short(text: string): string {
  return inert(cut(text, LONGEST));
}
