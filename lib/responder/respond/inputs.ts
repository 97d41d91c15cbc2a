import {
  parseRecord,
  stripEffects,
  stripPlan,
  wasDismissed,
  type Labels,
  type QuarantineRecord,
  type QuarantineVerdict,
  type RecordedVerdict,
  type Selecting,
  type StripPlan,
} from '../../containment';
import { PAUSE_LABEL, QUARANTINE_LABEL, QUARANTINE_RECORD_ANNOTATION, QUARANTINE_VALUE } from '../../names';
import type { WatchedNamespace, WatchedPod } from '../cluster/cluster';
import type { DecisionInput } from '../decide/decide';
import { judge, judgeDenied, policiesWithOurs, selectedPod } from '../view/judge';
import { ownerOf } from '../view/owner';
import type { Acting } from './acting';
import type { CheckedResponse } from '../responses/read-responses';
import type { Task } from './inbox';

/** Everything that a decision on a task is made of, as the watches show it now. */
export function inputsOf(acting: Acting, task: Task, pod: WatchedPod | undefined): DecisionInput {
  const { policy, quarantined } = acting;
  const { alert, node, response } = task;
  const owner = pod && ownerOf(pod, acting.state.replicaSets);
  return {
    alert,
    node,
    response,
    pod,
    protected: policy.protected,
    limits: policy.limits,
    // What a person has agreed to has grown old waiting.
    maxAgeSeconds: task.approvedBy === undefined ? policy.maxAgeSeconds : Infinity,
    around: {
      quarantined: quarantined.counts(alert.namespace),
      begunLastMinute: quarantined.begunLastMinute(),
      // Few decisions look at them, and a namespace may have thousands.
      get pods() {
        return quarantined.podsOf(alert.namespace);
      },
      get budgets() {
        return acting.state.budgets.list(alert.namespace);
      },
    },
    owner,
    before: owner === undefined ? { count: 0 } : beforeIt(acting, task, owner),
    now: new Date(acting.now()),
    dismissed: task.approvedBy === undefined && pod !== undefined && isDismissed(pod, task, acting.now()),
    paused: isPausedIn(acting, alert.namespace),
    ...(task.approvedBy !== undefined && { approvedBy: task.approvedBy }),
    expected: pod === undefined ? NOTHING_EXPECTED : expectedOf(acting, response, pod),
  };
}

const NOTHING_EXPECTED = {
  verdict: { verdict: 'not-contained', summary: 'not contained: there is no such Pod' },
} as const satisfies Pick<DecisionInput, 'expected'>['expected'];

/** Whether a person has refused what a response would do about an alert: for its cooldown, nobody is asked again. */
export function isDismissed(
  pod: WatchedPod,
  { alert, response }: Pick<Task, 'alert' | 'response'>,
  now: number,
): boolean {
  const { name, action, mode, cooldownSeconds: forSeconds } = response;
  // Whoever only tells does nothing that could be refused.
  if (mode === 'observe' || action === 'notify') return false;
  return wasDismissed(pod, alert, { name, forSeconds, now });
}

/** Whether a person has paused responses in a namespace, or everywhere. */
function isPausedIn({ state, policy }: Acting, namespace: string): boolean {
  return [namespace, policy.namespace].some((name) =>
    isPaused(state.namespaces.get({ namespace: '', name })),
  );
}

/** Whether a namespace carries the label that pauses responses. */
export function isPaused(namespace: WatchedNamespace | undefined): boolean {
  return namespace?.metadata?.labels?.[PAUSE_LABEL] === 'true';
}

/** Other Pods of the owner that are cut off by the same response, and who agreed to it. */
function beforeIt({ quarantined }: Acting, { alert, response }: Task, owner: string) {
  const records = quarantined.recordsOf(alert.namespace, owner).filter(({ by }) => by === response.name);
  const agreed = records.find(({ approvedBy }) => approvedBy !== undefined)?.approvedBy;
  return { count: records.length, ...(agreed !== undefined && { approvedBy: agreed }) };
}

/** The record of a Pod's quarantine, if it can be read. */
export function recordOf({ metadata }: WatchedPod): QuarantineRecord | undefined {
  return parseRecord(metadata?.annotations?.[QUARANTINE_RECORD_ANNOTATION] ?? '');
}

/** How a Pod will be judged once it carries the label, and which labels a response would take for it. */
function expectedOf(
  acting: Acting,
  response: Pick<CheckedResponse, 'strip' | 'detach'>,
  pod: WatchedPod,
): DecisionInput['expected'] {
  const { state, policy } = acting;
  const namespace = pod.metadata?.namespace ?? '';
  const policies = policiesWithOurs(namespace, state, policy.cut);
  const labels = { ...pod.metadata?.labels, [QUARANTINE_LABEL]: QUARANTINE_VALUE };
  const verdict = judge(pod, state, policy.cut, policies, labels);
  const detached = response.detach ? templateHash(labels) : {};
  const labelled = { ...pod, metadata: { ...pod.metadata, labels } };
  const taking = (strip: Labels) =>
    Object.keys(strip).length === 0
      ? {}
      : {
          strip,
          effects: stripEffects(
            selectedPod(labelled, state),
            Object.keys(strip),
            selectingOf(acting, labelled),
          ),
        };
  if (verdict.verdict === 'contained' || !response.strip)
    return { verdict: recorded(verdict), ...taking(detached) };
  // The tiers come first: what they will deny costs the Pod no label.
  const denied = judgeDenied(pod, state, policy.cut, policies, labels);
  if (denied.verdict === 'contained') return { verdict: recorded(verdict), ...taking(detached) };
  const plan = stripOf(acting, response, labelled);
  if (plan.kind !== 'strip') return { verdict: recorded(verdict), ...taking(detached) };
  const strip = { ...plan.remove, ...detached };
  const left = Object.fromEntries(Object.entries(labels).filter(([key]) => !Object.hasOwn(strip, key)));
  return { verdict: recorded(judge(pod, state, policy.cut, policies, left)), ...taking(strip) };
}

/** The label by which a ReplicaSet knows its Pods: without it, it starts another one. */
function templateHash(labels: Labels): Labels {
  const hash = labels['pod-template-hash'];
  return hash === undefined ? {} : { 'pod-template-hash': hash };
}

/** Which labels have to go from a Pod that carries the quarantine label. */
export function stripOf(
  acting: Acting,
  { detach }: Pick<CheckedResponse, 'detach'>,
  pod: WatchedPod,
): StripPlan {
  const { state, policy } = acting;
  const policies = policiesWithOurs(pod.metadata?.namespace ?? '', state, policy.cut);
  return stripPlan(selectedPod(pod, state), policies, selectingOf(acting, pod), { detach, cut: policy.cut });
}

/** Who selects a Pod by its labels; of an owner that is no ReplicaSet nobody knows by which. */
function selectingOf({ state }: Acting, { metadata }: WatchedPod): Selecting {
  const namespace = metadata?.namespace ?? '';
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  const set =
    owner?.kind === 'ReplicaSet' ? state.replicaSets.get({ namespace, name: owner.name }) : undefined;
  return {
    services: state.services.list(namespace),
    budgets: state.budgets.list(namespace),
    owners: set ? [set] : owner ? [{ kind: owner.kind, metadata: { namespace, name: owner.name } }] : [],
  };
}

/** A verdict as it is written down. */
export function recorded({ verdict, summary }: QuarantineVerdict): RecordedVerdict {
  return { verdict, summary };
}
