import { releasePlan } from '../../containment';
import { ClusterError } from '../../program/cluster-error';
import type { ClusterWrites, WatchedPod } from '../cluster/cluster';
import { despiteRaces } from '../cluster/despite-races';
import { keyOf } from '../view/quarantined-pods';

/** What became of a Pod: `gone` also where somebody else has released it. */
export type PodRelease =
  | { readonly kind: 'released'; readonly kept: readonly string[] }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly why: string };

/** Ends the quarantine of a Pod as `falco-egress quarantine release` does: its labels become what they were. */
export function releasePod(
  writes: Pick<ClusterWrites, 'getPod' | 'patchPod'>,
  pod: WatchedPod,
): Promise<PodRelease> {
  return despiteRaces(async () => {
    const seen = await writes.getPod(keyOf(pod));
    if (seen === undefined || seen.metadata?.uid !== pod.metadata?.uid) return { kind: 'gone' };
    const plan = releasePlan(seen, []);
    if (plan.kind === 'refusal')
      return plan.code === 'not-quarantined' ? { kind: 'gone' } : { kind: 'refused', why: plan.line };
    try {
      await writes.patchPod(keyOf(pod), plan.patch);
    } catch (error) {
      if (error instanceof ClusterError && error.status === 404) return { kind: 'gone' };
      throw error;
    }
    return { kind: 'released', kept: plan.kept };
  });
}
