import { dismissal, dismissalOf, dismissedOn, metadataPatch } from '../../containment';
import type { WatchedPod } from '../cluster/cluster';
import type { Report } from '../report/report';
import { keyOf } from '../view/quarantined-pods';
import type { Acting } from './acting';
import { podOf } from './reports';

/** Takes from a Pod what somebody refuses; the Pod as it is then. People are told first: of what is gone nobody could tell. */
export async function dismiss(acting: Acting, pod: WatchedPod): Promise<WatchedPod> {
  const by = dismissalOf(pod);
  if (by === undefined) return pod;
  for (const { reason, response, alert, since, line } of dismissedOn(pod)) {
    const report: Report = {
      reason: 'Dismissed',
      line: `${by} has refused it, and nothing is done: ${line}`,
      pod: podOf(pod),
      about: JSON.stringify([response, since, by]),
      rule: reason,
      ...{ response, alert },
    };
    // What can't be told now keeps nobody from refusing.
    await acting.reporter.now(report).catch(() => {
      acting.reporter.later(report);
    });
  }
  const changes = dismissal(pod, new Date(acting.now()));
  return acting.writes.patchPod(keyOf(pod), metadataPatch(pod.metadata ?? {}, changes));
}
