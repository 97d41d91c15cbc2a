import { agreedOn, dismissedOn, waitingOn } from '../../containment';
import type { WatchedPod } from '../cluster/cluster';

/** Pods on which something waits for a person, by what it waits for. */
export interface WaitingPods {
  /** For somebody to agree, as the response asks for it. */
  readonly approval: number;
  /** Since a limit is reached. */
  readonly limit: number;
}

/** Counts the Pods on which something waits that nobody has agreed to or refused yet. */
export function waitingPods(pods: Iterable<WatchedPod>): WaitingPods {
  let approval = 0;
  let limit = 0;
  for (const pod of pods) {
    const all = waitingOn(pod);
    if (all.length === 0) continue;
    const answered = [...agreedOn(pod), ...dismissedOn(pod)].map(({ response }) => response);
    const open = all.filter(({ response }) => !answered.includes(response));
    if (open.some(({ why }) => why === 'approval')) approval += 1;
    if (open.some(({ why }) => why !== 'approval')) limit += 1;
  }
  return { approval, limit };
}
