import type { LabelSelector, Metadata } from '../objects';
import { selects } from '../selector';
import { controllerOf, isQuarantined, isReady, type Pod } from './pod';
import { refusal, type Refusal } from './refusal';

/** Upper limits of what is cut off without a person. */
export interface Limits {
  /** Quarantined Pods in one namespace at once. */
  readonly perNamespace: number;
  /** Quarantined Pods in the cluster at once. */
  readonly perCluster: number;
  /** Quarantines begun in one minute. */
  readonly perMinute: number;
  /** Share of one owner's Pods that may be quarantined at once, in percent; one Pod may be always. */
  readonly ownerPercent: number;
}

/** A PodDisruptionBudget, policy/v1. */
export interface DisruptionBudget {
  readonly metadata?: Metadata;
  readonly spec?: { readonly selector?: LabelSelector };
  readonly status?: { readonly disruptionsAllowed?: number };
}

/** What is cut off already, and who shares the Pod's fate. */
export interface Surroundings {
  /** How many Pods carry the quarantine label: in all namespaces, and in that of the Pod. */
  readonly quarantined: { readonly inCluster: number; readonly inNamespace: number };
  /** How many quarantines have begun in the last minute. */
  readonly begunLastMinute: number;
  /** The Pods of its namespace: its owner's are counted among them. Read only where it counts them. */
  readonly pods: readonly Pod[];
  /** The PodDisruptionBudgets of its namespace. */
  readonly budgets: readonly DisruptionBudget[];
}

/** The first limit that another quarantine would pass. */
export function overLimit(pod: Pod, limits: Limits, around: Surroundings): Refusal | undefined {
  const namespace = pod.metadata?.namespace ?? '';
  const { inNamespace, inCluster } = around.quarantined;
  if (inNamespace >= limits.perNamespace)
    return refusal(
      'limit-namespace',
      `namespace ${namespace} has ${inNamespace} quarantined Pods, of at most ${limits.perNamespace}`,
    );
  if (inCluster >= limits.perCluster)
    return refusal(
      'limit-cluster',
      `the cluster has ${inCluster} quarantined Pods, of at most ${limits.perCluster}`,
    );
  if (around.begunLastMinute >= limits.perMinute)
    return refusal(
      'limit-minute',
      `${around.begunLastMinute} Pods were cut off, evicted or deleted within a minute, of at most ${limits.perMinute}`,
    );
  return overShare(pod, limits, around) ?? underBudget(pod, around);
}

function overShare(pod: Pod, { ownerPercent }: Limits, around: Surroundings): Refusal | undefined {
  const owner = controllerOf(pod);
  if (owner === undefined) return undefined;
  const all = around.pods.filter((each) => controllerOf(each) === owner && !isFinished(each));
  const cut = all.filter(isQuarantined).length;
  const most = Math.max(1, Math.floor((all.length * ownerPercent) / 100));
  if (cut < most) return undefined;
  const line = `${cut} of the ${all.length} Pods of its owner are quarantined, of at most ${most} (${ownerPercent} %)`;
  return refusal('limit-owner', line);
}

/** Whether it has ended: then it sends nothing, and its owner doesn't count it. */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/**
 * A budget that has no disruption left for the Pod. Quarantined Pods stay Ready, since probes come from their node, and so
 * count as healthy there: they are taken off first. A Pod that isn't Ready counts for nothing already.
 */
function underBudget(pod: Pod, around: Surroundings): Refusal | undefined {
  if (!isReady(pod)) return undefined;
  for (const { metadata, spec, status } of around.budgets) {
    const selector = spec?.selector;
    const counts = ({ metadata: own }: Pod): boolean =>
      selector !== undefined &&
      own?.namespace === metadata?.namespace &&
      selects(selector, own?.labels ?? {});
    if (!counts(pod)) continue;
    const cut = around.pods.filter((each) => isQuarantined(each) && isReady(each) && counts(each)).length;
    const allowed = status?.disruptionsAllowed ?? 0;
    if (allowed - cut >= 1) continue;
    const name = `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
    const line = `PodDisruptionBudget ${name} allows ${allowed} disruptions, and ${cut} of its Pods are quarantined`;
    return refusal('disruption-budget', line);
  }
  return undefined;
}
