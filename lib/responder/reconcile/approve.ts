import {
  agreedInVain,
  agreedOn,
  agreesToNothing,
  approvalOf,
  isQuarantined,
  metadataPatch,
  noLongerWaiting,
  waitingOn,
  type PendingQuarantine,
} from '../../containment';
import { QUARANTINE_APPROVED_RESPONSES_ANNOTATION } from '../../names';
import type { WatchedPod } from '../cluster/cluster';
import { quoted } from '../report/quoted';
import { respond } from '../respond/act';
import type { Acting } from '../respond/acting';
import type { AlertOutcome, Task } from '../respond/inbox';
import { podOf } from '../respond/reports';
import { keyOf, keyText } from '../view/quarantined-pods';

/**
 * What a person agreed to is done, each as if its alert came now; whether anybody has agreed to anything.
 *
 * @param failed told of what can't be done yet; then it rejects too
 */
export async function approveAll(
  acting: Acting,
  pod: WatchedPod,
  failed: (agreed: Task) => void,
): Promise<boolean> {
  const by = approvalOf(pod);
  if (by === undefined) return false;
  const isMoot = (each: PendingQuarantine): boolean => isQuarantine(each) && isQuarantined(pod);
  const waiting = agreedOn(pod).filter((each) => !isMoot(each));
  tellOfVain(acting, pod, by);
  const done = new Set<string>();
  // Whoever is to go is cut off first.
  const last = ['evict', 'delete'];
  const rank = ({ action = '' }: PendingQuarantine): number => Number(last.includes(action));
  const failures: unknown[] = [];
  for (const pending of [...waiting].sort((a, b) => rank(a) - rank(b)))
    await approve(acting, pod, pending, by, failed).then(
      (over) => over && done.add(pending.response),
      (error: unknown) => failures.push(error),
    );
  const now = acting.state.pods.get(keyOf(pod));
  // What has come to wait since, of the same response, waits on.
  const isOver = (each: PendingQuarantine): boolean =>
    isMoot(each) || waiting.some((was) => done.has(was.response) && isSame(was, each));
  if (now !== undefined) await forget(acting, now, isOver).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
  return true;
}

/** An agreement, or a part of one, by which nothing is done. */
function tellOfVain(acting: Acting, pod: WatchedPod, by: string): void {
  const where = keyText(keyOf(pod));
  const waiting = waitingOn(pod);
  const tell = (line: string, name = ''): void => {
    const about = JSON.stringify([name, by, waiting]);
    acting.reporter.later({ reason: 'NotQuarantined', line, pod: podOf(pod), about });
  };
  for (const name of agreedInVain(pod))
    tell(`${by} agrees to response ${name} for ${where}, which does not wait there`, name);
  if (waiting.length === 0 || !agreesToNothing(pod)) return;
  const names = waiting.map(({ response }) => quoted(response)).join(', ');
  tell(
    `${by} agrees for ${where} without saying to what, so nothing is done: set ${QUARANTINE_APPROVED_RESPONSES_ANNOTATION} with it, to names of what waits (${names}) or to *`,
  );
}

/** Takes from a Pod what no longer waits, with the agreement to it: it would be acted on whenever it can be again. */
async function forget(
  acting: Acting,
  pod: WatchedPod,
  isDone: (pending: PendingQuarantine) => boolean,
): Promise<void> {
  const changes = noLongerWaiting(pod, isDone);
  if (waitingOn(pod).length === 0 || changes.length === 0) return;
  await acting.writes.patchPod(keyOf(pod), metadataPatch(pod.metadata ?? {}, changes));
}

function isSame(one: PendingQuarantine, other: PendingQuarantine): boolean {
  return one.response === other.response && one.alert === other.alert && one.since === other.since;
}

/** Whether a Pod that is cut off needs it no longer. */
export function isQuarantine({ action = 'quarantine' }: PendingQuarantine): boolean {
  return action === 'quarantine';
}

/** Outcomes after which what was agreed to waits on, or which take it away themselves. */
const LEFT: readonly AlertOutcome[] = ['paused', 'quarantined', 'labelled', 'evicted', 'deleted'];

/** As if the alert came now, past limits; whether it won't be done, so that it has to be taken away. */
async function approve(
  acting: Acting,
  pod: WatchedPod,
  pending: PendingQuarantine,
  approvedBy: string,
  failed: (agreed: Task) => void,
): Promise<boolean> {
  const { namespace, name } = keyOf(pod);
  const response = acting.policy.responses.find((each) => each.name === pending.response);
  if (response === undefined || (pending.action ?? response.action) !== response.action) {
    acting.reporter.later({
      reason: 'NotQuarantined',
      line: `nothing is done about ${namespace}/${name}: what ${approvedBy} agrees to, response ${pending.response} no longer does`,
      pod: podOf(pod),
      about: `${pending.since} ${approvedBy}`,
      response: pending.response,
    });
    return true;
  }
  const alert = {
    ...{ id: pending.alert, rule: pending.reason, time: pending.raised, namespace, pod: name },
    ...(pod.metadata?.uid !== undefined && { podUid: pod.metadata.uid }),
  };
  const task: Task = { alert, node: undefined, response, received: acting.now(), approvedBy };
  try {
    const outcome = await respond(acting, task);
    return typeof outcome === 'string' && !LEFT.includes(outcome);
  } catch (error) {
    failed(task);
    throw error;
  }
}
