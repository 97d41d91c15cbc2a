import {
  agreedOn,
  metadataPatch,
  noLongerWaiting,
  pendingPatch,
  waitingOn,
  type PendingQuarantine,
  type QuarantinePlan,
} from '../../containment';
import { ALERTED_LABEL, QUARANTINE_LABEL, QUARANTINE_VALUE } from '../../names';
import { ClusterError } from '../../program/cluster-error';
import type { WatchedPod } from '../cluster/cluster';
import { decide, type Decision } from '../decide/decide';
import { quoted } from '../report/quoted';
import type { ReportReason } from '../report/report';
import { keyOf } from '../view/quarantined-pods';
import { servedTiers, type Acting } from './acting';
import { dismiss } from './dismiss';
import { inputsOf } from './inputs';
import type { AlertOutcome, Task } from './inbox';
import { quarantinedReport, strippedReport, taskReport, verdictReport } from './reports';
import { keepSnapshot } from './snapshot';
import { ensureStandingPolicy } from './standing-policy';

/** How often a decision is made anew when the Pod has changed under it. */
const TRIES = 5;

/**
 * Decides on a task and does what was decided. Once it resolves, what was decided is stored in the API server: the label and
 * the record of a quarantine, an annotation that waits for a person, or an Event.
 *
 * @throws where the API server doesn't take it: then nothing has been promised
 */
export async function respond(acting: Acting, task: Task): Promise<AlertOutcome | Unsure> {
  const key = { namespace: task.alert.namespace, name: task.alert.pod };
  let pod = acting.state.pods.get(key) ?? (await acting.writes.getPod(key));
  for (let attempt = 1; ; attempt++) {
    try {
      // What somebody refuses must not be taken for a refusal of what comes now.
      if (pod !== undefined) pod = await dismiss(acting, pod);
      let decision = decide(inputsOf(acting, task, pod));
      // The watch may be behind: before an alert is dropped for good the API server itself is asked.
      if (isDoubtful(decision) && pod !== undefined && attempt === 1) {
        pod = await acting.writes.getPod(key);
        decision = decide(inputsOf(acting, task, pod));
      }
      if (decision.kind === 'unsure') return { forMs: decision.forMs };
      return await carryOut(acting, task, pod, decision);
    } catch (error) {
      if (!isStale(error) || attempt === TRIES) throw error;
      pod = await acting.writes.getPod(key);
    }
  }
}

/** What no decision can be made on yet, and for how long at most. */
export interface Unsure {
  readonly forMs: number;
}

function isDoubtful({ kind }: Decision): boolean {
  return kind === 'not-believed' || kind === 'unsure';
}

/** The Pod is gone, or is no longer what was seen: its `test` failed. */
export function isStale(error: unknown): boolean {
  return error instanceof ClusterError && [404, 409, 422].includes(error.status ?? 0);
}

/** A Pod's annotations hold 256 KiB, and somebody has filled them. */
export function isFull(error: unknown): boolean {
  return error instanceof ClusterError && error.status === 422 && error.message.includes('Too long');
}

async function carryOut(
  acting: Acting,
  task: Task,
  pod: WatchedPod | undefined,
  decision: Exclude<Decision, { kind: 'unsure' }>,
): Promise<AlertOutcome> {
  const tell = (reason: ReportReason, line: string): Promise<void> =>
    acting.reporter.now(taskReport(task, pod, reason, line));
  switch (decision.kind) {
    case 'settled':
    case 'dismissed':
      return decision.kind;
    case 'not-believed':
      acting.log('warning', 'an alert is not believed', {
        why: decision.refusal.line,
        code: decision.refusal.code,
        response: task.response.name,
        alert: task.alert.id,
      });
      return 'not-believed';
    case 'refused':
      await tell('NotQuarantined', decision.refusal.line);
      return decision.refusal.code === 'too-old' ? 'too-old' : 'refused';
    case 'paused':
      await tell('ResponsesPaused', decision.line);
      return 'paused';
    case 'observe':
      await tell('WouldRespond', decision.line);
      return 'observed';
    case 'notify':
      await tell('Alerted', `${task.alert.rule} in ${task.alert.namespace}/${task.alert.pod}`);
      return 'notified';
    default:
      // Decisions that change a Pod are only made about one that is there.
      if (pod === undefined) throw new Error(`${decision.kind} without a Pod`);
      return change(acting, task, pod, decision, tell);
  }
}

/** Decisions that change a Pod. */
type Changing = Exclude<
  Decision,
  { kind: 'settled' | 'dismissed' | 'not-believed' | 'unsure' | 'refused' | 'paused' | 'observe' | 'notify' }
>;

async function change(
  acting: Acting,
  task: Task,
  pod: WatchedPod,
  decision: Changing,
  tell: (reason: ReportReason, line: string) => Promise<void>,
): Promise<AlertOutcome> {
  const key = keyOf(pod);
  const uid = pod.metadata?.uid ?? '';
  switch (decision.kind) {
    case 'wait':
      return wait(acting, task, pod, decision, tell);
    case 'quarantine':
      await quarantine(acting, task, pod, decision);
      return 'quarantined';
    case 'label':
      await mark(acting, task, pod);
      await tell('Labelled', decision.line);
      return 'labelled';
    case 'evict':
      await begun(acting, pod, () => acting.writes.evictPod(key, uid));
      await tell('Evicted', decision.line);
      return 'evicted';
    case 'delete':
      await begun(acting, pod, () => acting.writes.deletePod(key, uid));
      await tell('Deleted', decision.line);
      return 'deleted';
  }
}

/** Labels a Pod, unless it is labelled already; what waited for that waits no longer, either way. */
async function mark(acting: Acting, { response }: Task, pod: WatchedPod): Promise<void> {
  const isMarked = pod.metadata?.labels?.[ALERTED_LABEL] === 'true';
  const isDone = (pending: PendingQuarantine): boolean => pending.response === response.name;
  if (isMarked && !waitingOn(pod).some(isDone)) return;
  const patch = metadataPatch(pod.metadata ?? {}, [
    ...(isMarked ? [] : [{ map: 'labels', key: ALERTED_LABEL, value: 'true' } as const]),
    ...noLongerWaiting(pod, isDone),
  ]);
  await acting.writes.patchPod(keyOf(pod), patch);
}

async function wait(
  acting: Acting,
  { alert, response }: Task,
  pod: WatchedPod,
  { why, line }: Extract<Decision, { kind: 'wait' }>,
  tell: (reason: ReportReason, line: string) => Promise<void>,
): Promise<AlertOutcome> {
  const isThis = (waiting: PendingQuarantine): boolean => waiting.response === response.name;
  // It is being carried out, and nobody has to be asked again.
  if (agreedOn(pod).some(isThis)) return 'waiting';
  if (!waitingOn(pod).some(isThis)) {
    const pending = {
      reason: alert.rule,
      response: response.name,
      action: response.action,
      alert: alert.id,
      raised: new Date(alert.time).toISOString(),
      since: new Date(acting.now()).toISOString(),
      why,
      line,
    };
    await acting.writes.patchPod(keyOf(pod), pendingPatch(pod, pending)).catch((error: unknown) => {
      // Then only the Event says that it waits.
      if (!isFull(error)) throw error;
    });
  }
  const how = `falco-egress quarantine approve ${alert.namespace}/${alert.pod} --response ${quoted(response.name)}`;
  await tell(why === 'approval' ? 'WaitsForApproval' : 'LimitReached', `${line}; ${how}`);
  return 'waiting';
}

/** The label and the record; where the Pod's annotations are full, the label alone. */
async function cut(acting: Acting, pod: WatchedPod, { patch }: QuarantinePlan): Promise<void> {
  try {
    await acting.writes.patchPod(keyOf(pod), patch);
  } catch (error) {
    if (!isFull(error)) throw error;
    const change = { map: 'labels', key: QUARANTINE_LABEL, value: QUARANTINE_VALUE } as const;
    await acting.writes.patchPod(keyOf(pod), metadataPatch(pod.metadata ?? {}, [change]));
  }
}

/** Writes what takes a Pod away from its owner; limits count it from now on. */
async function begun(acting: Acting, pod: WatchedPod, write: () => Promise<void>): Promise<void> {
  const labels = { ...pod.metadata?.labels, [QUARANTINE_LABEL]: QUARANTINE_VALUE };
  const ended = acting.quarantined.begin({ ...pod, metadata: { ...pod.metadata, labels } });
  let written = false;
  try {
    await write();
    written = true;
  } finally {
    ended(written);
  }
}

/** Cuts a Pod off: the standing policy first, then the one patch that is both the cut and its record. */
async function quarantine(
  acting: Acting,
  { alert, response, received }: Task,
  pod: WatchedPod,
  { plan, expected }: Extract<Decision, { kind: 'quarantine' }>,
): Promise<void> {
  const uid = pod.metadata?.uid ?? '';
  acting.latencies.begin(uid, received);
  try {
    await begun(acting, pod, async () => {
      if (response.snapshot) keepSnapshot(acting, pod, alert);
      await ensureStandingPolicy(acting, pod.metadata?.namespace ?? '');
      await cut(acting, pod, plan);
    });
  } catch (error) {
    acting.latencies.forget(uid);
    throw error;
  }
  acting.reporter.later(quarantinedReport(pod, plan.record));
  const stripped = Object.keys(expected.strip ?? {});
  if (stripped.length > 0)
    acting.reporter.later(strippedReport(pod, plan.record, stripped, expected.effects ?? []));
  const { verdict } = plan.record;
  // Where a tier may still deny, it is too early to say so.
  if (verdict !== undefined && verdict.verdict !== 'contained' && servedTiers(acting).length === 0)
    acting.reporter.later(verdictReport(pod, plan.record, verdict));
}
