import {
  isQuarantined,
  noLongerWaiting,
  metadataPatch,
  releasePlan,
  stripPatch,
  type QuarantineRecord,
  type RecordedVerdict,
} from '../../containment';
import { QUARANTINE_LABEL, QUARANTINE_RECORD_ANNOTATION, QUARANTINE_VALUE } from '../../names';
import { ClusterError } from '../../program/cluster-error';
import type { WatchedPod } from '../cluster/cluster';
import type { Acting } from '../respond/acting';
import { dismiss } from '../respond/dismiss';
import { recorded, recordOf, stripOf } from '../respond/inputs';
import { podOf, quarantinedReport, strippedReport, verdictReport } from '../respond/reports';
import { ensureStandingPolicy, policyThere } from '../respond/standing-policy';
import { isFull } from '../respond/act';
import type { Task } from '../respond/inbox';
import { judge, judgeDenied } from '../view/judge';
import { keyOf } from '../view/quarantined-pods';
import { approveAll, isQuarantine } from './approve';
import { ensureDenyPolicies } from './tiers';

/** Events are kept for an hour by default: after that nobody knows whether a young quarantine has been told of. */
const TOLD_WITHIN = 50 * 60_000;

/** Who cut off a Pod that only has the label. */
const BY_HAND = 'somebody';

/**
 * Brings a Pod to what its label and its annotations say, and them to what is: whatever happened meanwhile. A Pod with
 * nothing of ours costs nothing.
 *
 * @param failed told of what somebody has agreed to and can't be done yet; then it rejects too
 * @returns in how many milliseconds to look again, where only time will change something
 */
export async function keepPod(
  acting: Acting,
  seen: WatchedPod,
  failed: (agreed: Task) => void = () => undefined,
): Promise<number | undefined> {
  let pod: WatchedPod | undefined = seen;
  if (pod.metadata?.deletionTimestamp !== undefined) return undefined;
  pod = await dismiss(acting, pod);
  const isCut = isQuarantined(pod);
  if (!isCut && recordOf(pod) !== undefined) return restore(acting, pod);
  // What can't be done yet, such as an eviction that a budget forbids, keeps nobody from being held, nor from being released.
  const failures: unknown[] = [];
  const agreed = await approveAll(acting, pod, failed).catch((error: unknown) => failures.push(error) > 0);
  if (agreed) pod = acting.state.pods.get(keyOf(pod));
  const again = isCut && pod !== undefined ? await keepCut(acting, pod) : undefined;
  if (failures.length > 0) throw failures[0];
  return again;
}

/** Keeps a Pod cut off until its time is over. */
async function keepCut(acting: Acting, pod: WatchedPod): Promise<number | undefined> {
  if (pod.metadata?.deletionTimestamp !== undefined) return undefined;
  const record = recordOf(pod);
  if (record === undefined) return adopt(acting, pod);
  if (acting.now() - Date.parse(record.since) < TOLD_WITHIN)
    acting.reporter.later(quarantinedReport(pod, record));
  const left = leftOf(record, acting.now());
  if (left !== undefined && left <= 0 && (await expire(acting, pod, record))) return undefined;
  await hold(acting, pod, record);
  return left === undefined || left <= 0 ? undefined : left;
}

/** For how many milliseconds it still holds; `undefined` where nothing ends it, or what it says is no time. */
function leftOf({ expires = '' }: QuarantineRecord, now: number): number | undefined {
  const ends = Date.parse(expires);
  return Number.isNaN(ends) ? undefined : ends - now;
}

/** The label was taken, and the record says that the quarantine goes on; unless it was somebody's from the beginning. */
async function restore(acting: Acting, pod: WatchedPod): Promise<undefined> {
  if (recordOf(pod)?.by === BY_HAND) {
    const change = { map: 'annotations', key: QUARANTINE_RECORD_ANNOTATION, value: undefined } as const;
    await acting.writes.patchPod(keyOf(pod), metadataPatch(pod.metadata ?? {}, [change]));
    return;
  }
  await ensureStandingPolicy(acting, pod.metadata?.namespace ?? '');
  await acting.writes.patchPod(
    keyOf(pod),
    metadataPatch(pod.metadata ?? {}, [{ map: 'labels', key: QUARANTINE_LABEL, value: QUARANTINE_VALUE }]),
  );
}

/** Somebody set the label by hand: it is a quarantine until somebody takes it away. */
async function adopt(acting: Acting, pod: WatchedPod): Promise<undefined> {
  const record: QuarantineRecord = {
    reason: 'labelled by hand',
    by: BY_HAND,
    since: new Date(acting.now()).toISOString(),
    alerts: [],
    labels: { [QUARANTINE_LABEL]: null },
  };
  const change = { key: QUARANTINE_RECORD_ANNOTATION, value: JSON.stringify(record) };
  try {
    await acting.writes.patchPod(
      keyOf(pod),
      metadataPatch(pod.metadata ?? {}, [
        { ...change, map: 'annotations' },
        ...noLongerWaiting(pod, isQuarantine),
      ]),
    );
  } catch (error) {
    if (!isFull(error)) throw error;
    await cutOff(acting, pod);
  }
}

/** The time is over; whether the quarantine has ended with it. */
async function expire(acting: Acting, pod: WatchedPod, record: QuarantineRecord): Promise<boolean> {
  const { namespace, name } = keyOf(pod);
  const report = { pod: podOf(pod), about: record.since, response: record.by };
  const held = (why: string): false => {
    const line = `the time of ${namespace}/${name} is over; ${why}it is held until somebody releases it`;
    acting.reporter.later({ ...report, reason: 'Expired', line });
    return false;
  };
  switch (record.onExpiry) {
    case 'hold':
      return held('');
    case 'delete':
      try {
        await acting.writes.deletePod(keyOf(pod), pod.metadata?.uid ?? '');
      } catch (error) {
        // The response that would delete is no more, and with it the right.
        if (!(error instanceof ClusterError) || error.status !== 403) throw error;
        return held('the responder may not delete it; ');
      }
      acting.reporter.later({
        ...report,
        reason: 'Deleted',
        line: `deleted ${namespace}/${name}: the time of its quarantine is over`,
      });
      return true;
    default: {
      const plan = releasePlan(pod, [], { expired: true });
      if (plan.kind === 'refusal') return false;
      await acting.writes.patchPod(keyOf(pod), plan.patch);
      acting.reporter.later({
        ...report,
        reason: 'Released',
        line: `released ${namespace}/${name}: its time is over (${record.reason})`,
      });
      return true;
    }
  }
}

/** Sees to it that it is cut off as far as can be, and that its record says how far that is. */
async function hold(acting: Acting, pod: WatchedPod, record: QuarantineRecord): Promise<void> {
  const { verdict, failed } = await cutOff(acting, pod);
  if (verdict === undefined) return;
  if (verdict.verdict === 'contained') acting.latencies.contained(pod.metadata?.uid ?? '', acting.now());
  else if ((failed !== undefined || !tiersSuffice(acting, pod)) && (await strip(acting, pod, record))) return;
  if (record.verdict?.verdict !== verdict.verdict || record.verdict.summary !== verdict.summary) {
    const value = JSON.stringify({ ...record, verdict });
    const change = { map: 'annotations', key: QUARANTINE_RECORD_ANNOTATION, value } as const;
    await acting.writes.patchPod(keyOf(pod), metadataPatch(pod.metadata ?? {}, [change]));
  }
  const told = verdict.verdict !== 'contained' || record.verdict?.verdict !== verdict.verdict;
  if (told) acting.reporter.later(verdictReport(pod, record, verdict));
  if (failed !== undefined) throw failed.error;
}

/**
 * The standing policy, and our policies of the tiers where it isn't enough; how far the Pod is cut off then, and what has
 * failed of the tiers. Without a verdict while the watch doesn't show the standing policy: its change brings us back here.
 */
async function cutOff(
  acting: Acting,
  pod: WatchedPod,
): Promise<{ readonly verdict?: RecordedVerdict; readonly failed?: { readonly error: unknown } }> {
  const namespace = pod.metadata?.namespace ?? '';
  const { state, policy } = acting;
  const possible = await ensureStandingPolicy(acting, namespace);
  if (possible && policyThere(acting, namespace) === undefined) return {};
  const judged = (): RecordedVerdict =>
    recorded(judge(pod, state, policy.cut, state.networkPolicies.list(namespace)));
  const verdict = judged();
  if (verdict.verdict === 'contained') return { verdict };
  try {
    await ensureDenyPolicies(acting);
    return { verdict: judged() };
  } catch (error) {
    // A tier that refuses keeps nothing from what is left to do, and to tell.
    return { verdict, failed: { error } };
  }
}

/** Whether our policies of the tiers are enough, perhaps once the watches show them. */
function tiersSuffice({ state, policy }: Acting, pod: WatchedPod): boolean {
  const policies = state.networkPolicies.list(pod.metadata?.namespace ?? '');
  return judgeDenied(pod, state, policy.cut, policies).verdict === 'contained';
}

/** Takes the labels by which policies still let it out, where its response may. */
async function strip(acting: Acting, pod: WatchedPod, record: QuarantineRecord): Promise<boolean> {
  const response = acting.policy.responses.find(({ name }) => name === record.by);
  if (response?.strip !== true) return false;
  const plan = stripOf(acting, response, pod);
  if (plan.kind !== 'strip') return false;
  const patch = stripPatch(pod, plan.remove);
  if (patch === undefined) return false;
  await acting.writes.patchPod(keyOf(pod), patch);
  acting.reporter.later(strippedReport(pod, record, Object.keys(plan.remove), plan.effects));
  return true;
}
