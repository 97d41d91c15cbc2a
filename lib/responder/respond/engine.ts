import { approvalOf, dismissalOf, isQuarantined, waitingOn, type AlertOfPod } from '../../containment';
import { QUARANTINE_PENDING_ANNOTATION, QUARANTINE_POLICY, QUARANTINE_RECORD_ANNOTATION } from '../../names';
import { describe } from '../../program/failure';
import type { Alert } from '../alert/alert';
import type { Change, WatchedPod } from '../cluster/cluster';
import { TIER_KINDS } from '../cluster/tier-kinds';
import type { CheckedResponse } from '../responses/read-responses';
import { WorkQueue, type Outcome, type QueueDepth, type Retry } from '../queue/work-queue';
import { keepPod } from '../reconcile/keep-pod';
import { removeDenyPolicies } from '../reconcile/tiers';
import { ownerOf } from '../view/owner';
import { keyOf, keyText } from '../view/quarantined-pods';
import { isStale, respond } from './act';
import type { Acting } from './acting';
import { Inbox, type AlertOutcome, type Entry, type Task } from './inbox';
import { Recent } from './recent';
import { taskReport } from './reports';
import { isDismissed, isPaused } from './inputs';
import { isOurs, policyThere } from './standing-policy';

/** Pods that are worked on at once: as many writes are under way. */
const CONCURRENCY = 32;
/** Alerts of different Pods that wait for a decision; beyond it senders are told to come again. */
const MOST_WAITING = 20_000;
/** Decisions that are remembered, for cooldowns. */
const MOST_RECENT = 50_000;
/** Failures in a row after which people are told. */
const TOLD_AFTER = 5;
/** How long a policy stays after its last Pod: another may be cut off in the next moment. */
const POLICY_LINGERS = 30_000;
/** How often each quarantine is looked at, whatever the watches say. */
const RESYNC = 300_000;

/** How long a Pod that waits is not decided on again: a limit of a minute is over in the next, whatever the cooldown is. */
const WAITS_FOR = 10_000;

/** Outcomes that say nothing of the next alert. */
const FORGOTTEN: readonly AlertOutcome[] = ['not-believed', 'paused', 'too-old', 'dismissed'];

/** Keys of the queue: a Pod, a namespace whose last Pod is gone, or the tiers. */
const TIERS = '*';
const ofNamespace = (namespace: string): string => `${namespace}/`;

/** Takes alerts for which a response has been found, acts on them, and keeps up what was done. */
export class Engine {
  private readonly inbox = new Inbox(MOST_WAITING);
  private readonly recent: Recent;
  private readonly queue: WorkQueue;
  private readonly ends: (() => void)[] = [];
  /** Pods on which decisions are made just now: they are looked at afterwards anyway. */
  private readonly deciding = new Set<string>();
  /** What somebody has agreed to and could not be done, by Pod. */
  private readonly failing = new Map<string, readonly Task[]>();
  /** Pods on which something has failed so often that people are told, and is not done yet; and whether it was given up. */
  private readonly stuck = new Map<string, boolean>();

  constructor(private readonly acting: Acting) {
    this.recent = new Recent(MOST_RECENT, acting.now);
    this.queue = new WorkQueue({
      concurrency: CONCURRENCY,
      // Alerts are bounded by the inbox; Pods that are cut off come back here however many they are.
      limit: Infinity,
      backOff: { least: 20, most: 15_000 },
      work: (key) => this.work(key),
      failed: (key, error, retry) => {
        this.failed(key, error, retry);
      },
    });
    this.follow();
  }

  depth(): QueueDepth & { readonly inbox: number; readonly failing: number } {
    return { ...this.queue.depth(), inbox: this.inbox.size, failing: this.stuck.size };
  }

  /**
   * What becomes of an alert of a Pod; resolves once that is stored. `undefined` where there is no room: then nothing has been
   * promised.
   *
   * @param decision told where a decision has to be made, which is not under way already
   */
  take(
    alert: Alert,
    response: CheckedResponse,
    received: number,
    decision: () => void,
  ): Promise<AlertOutcome> | undefined {
    if (alert.pod === undefined) return Promise.resolve('not-believed');
    const task: Task = { alert: ofPod(alert, alert.pod), node: alert.node, response, received };
    const pod = this.acting.state.pods.get({ namespace: alert.pod.namespace, name: alert.pod.name });
    if (pod !== undefined && isDismissed(pod, task, this.acting.now())) return Promise.resolve('dismissed');
    if (this.recent.has(this.recentKey(task))) return Promise.resolve(this.again(task));
    this.acting.latencies.arrival.observe(Math.max(0, received - alert.time.getTime()) / 1000);
    const key = keyText({ namespace: alert.pod.namespace, name: alert.pod.name });
    const entry = this.inbox.add(key, task);
    if (entry === undefined) return undefined;
    if (entry.repeats === 0) decision();
    this.queue.add(key, { first: this.isRepeated(task) });
    return entry.decided;
  }

  /** Ends what is under way, begins nothing more. */
  async stop(): Promise<void> {
    for (const end of this.ends) end();
    await this.queue.stop();
  }

  /** Whether a Pod of the same owner is cut off already: then this one goes first. */
  private isRepeated({ alert }: Task): boolean {
    const { state, quarantined } = this.acting;
    const pod = state.pods.get({ namespace: alert.namespace, name: alert.pod });
    const owner = pod && ownerOf(pod, state.replicaSets);
    return owner !== undefined && quarantined.recordsOf(alert.namespace, owner).length > 0;
  }

  /** An alert of what was decided lately: done already, still to be done, or not any more, and only counted until the cooldown is over. */
  private again({ alert, response }: Task): AlertOutcome {
    const pod = this.acting.state.pods.get({ namespace: alert.namespace, name: alert.pod });
    if (pod !== undefined && waitingOn(pod).some((waits) => waits.response === response.name))
      return 'waiting';
    const holds = response.action === 'quarantine' && pod !== undefined && isQuarantined(pod);
    return holds ? 'settled' : 'cooldown';
  }

  /** For a cooldown alerts are the same if they are of one Pod, as far as they say, and one response answers them. */
  private recentKey({ alert, node, response }: Task): string {
    const { namespace, pod: name, podUid, containerId } = alert;
    // The next Pod of a StatefulSet has the name of the last.
    const there = this.acting.state.pods.get({ namespace, name })?.metadata?.uid;
    return JSON.stringify([response.name, namespace, name, there, podUid, containerId, node]);
  }

  private async work(key: string): Promise<Outcome | undefined> {
    if (key === TIERS) return this.cleanTiers();
    const slash = key.indexOf('/');
    const object = { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
    if (object.name === '') return this.cleanNamespace(object.namespace);
    // One that can't be done, such as an eviction that a budget forbids, keeps nothing from the others.
    const failures: unknown[] = [];
    const agains: number[] = [];
    this.deciding.add(key);
    for (const entry of this.inbox.of(key))
      await this.decide(key, entry).then(
        (again) => agains.push(...again),
        (error: unknown) => failures.push(error),
      );
    this.deciding.delete(key);
    const pod = this.acting.state.pods.get(object);
    if (pod === undefined) this.failing.delete(key);
    const again = pod && (await this.keep(key, pod));
    if (failures.length > 0) throw failures[0];
    if (pod === undefined || isQuarantined(pod) || this.stuck.get(key) !== true) this.stuck.delete(key);
    if (again !== undefined) agains.push(again);
    return agains.length === 0 ? undefined : { again: Math.min(...agains) };
  }

  private async keep(key: string, pod: WatchedPod): Promise<number | undefined> {
    const failing: Task[] = [];
    this.failing.delete(key);
    try {
      return await keepPod(this.acting, pod, (task) => failing.push(task));
    } finally {
      if (failing.length > 0) this.failing.set(key, failing);
    }
  }

  /** Decides on what waits, unless it is too early for it: then it says when it no longer is. */
  private async decide(key: string, entry: Entry): Promise<readonly number[]> {
    for (;;) {
      const { task } = entry;
      const outcome = await respond(this.acting, task);
      // A younger alert has come in meanwhile, of which this may not hold.
      if (entry.task !== task) continue;
      if (typeof outcome === 'object') return [outcome.forMs];
      const cooldown = task.response.cooldownSeconds * 1000;
      if (!FORGOTTEN.includes(outcome))
        this.recent.add(
          this.recentKey(task),
          outcome === 'waiting' ? Math.min(cooldown, WAITS_FOR) : cooldown,
        );
      if (this.stuck.has(key)) this.stuck.set(key, outcome === 'too-old');
      entry.settle(outcome);
      return [];
    }
  }

  /** Nobody is cut off in a namespace any more, for a while: its policy goes. */
  private async cleanNamespace(namespace: string): Promise<undefined> {
    const { quarantined, writes } = this.acting;
    const policy = policyThere(this.acting, namespace);
    if (policy === undefined || !isOurs(policy) || quarantined.counts(namespace).inNamespace > 0) return;
    await writes.deleteNetworkPolicy({ namespace, name: QUARANTINE_POLICY }, policy.metadata?.uid ?? '');
  }

  private async cleanTiers(): Promise<undefined> {
    if (this.acting.quarantined.counts('').inCluster === 0) await removeDenyPolicies(this.acting);
  }

  private failed(key: string, error: unknown, { failures, inMs }: Retry): void {
    // Somebody else was faster, and the watch will say so.
    if (isStale(error) && failures < TOLD_AFTER) return;
    const { code, message } = describe(error);
    this.acting.log('warning', 'a response has to wait', { key, code, error: message, failures, inMs });
    if (failures < TOLD_AFTER) return;
    const waiting = [...this.inbox.of(key).map(({ task }) => task), ...(this.failing.get(key) ?? [])];
    if (waiting.length > 0) this.stuck.set(key, false);
    if (failures !== TOLD_AFTER) return;
    for (const task of waiting) {
      const agreed = task.approvedBy === undefined ? '' : ` as ${task.approvedBy} agreed`;
      const line = `cannot ${task.response.action} ${key}${agreed}, and tries on: ${message}`;
      this.acting.reporter.later(taskReport(task, undefined, 'ResponseFailed', line));
    }
  }

  /** Whatever changes what was done, or whether it holds, brings its Pods back. */
  private follow(): void {
    const { state, quarantined, policy } = this.acting;
    const kept = (namespace?: string): void => {
      for (const pod of state.pods.list(namespace)) if (isKept(pod)) this.queue.add(keyText(keyOf(pod)));
    };
    const all = (namespace?: string): void => {
      for (const key of quarantined.keys(namespace)) this.queue.add(key);
    };
    const cleanLater = (namespace: string): void => {
      this.queue.addAfter(ofNamespace(namespace), POLICY_LINGERS);
      this.queue.addAfter(TIERS, POLICY_LINGERS);
    };
    this.ends.push(
      state.pods.subscribe((change) => {
        const key = keyText(change.key);
        const waited = this.inbox.has(key) || concerns(change);
        if (waited && !this.deciding.has(key)) this.queue.add(key);
        if (change.after === undefined) this.stuck.delete(key);
        if (!wasQuarantined(change)) return;
        cleanLater(change.key.namespace);
        this.acting.latencies.forget(change.before?.metadata?.uid ?? '');
      }),
      state.networkPolicies.subscribe(({ key, before, after }) => {
        all(key.namespace);
        // A policy of ours without any Pod, such as one that a responder that is gone has left.
        if (before === undefined && after !== undefined && key.name === QUARANTINE_POLICY)
          cleanLater(key.namespace);
      }),
      state.namespaces.subscribe(({ key, before, after }) => {
        all(key.name);
        // What somebody has agreed to meanwhile.
        if (isPaused(before) && !isPaused(after)) kept(key.name === policy.namespace ? undefined : key.name);
      }),
      ...TIER_KINDS.map((kind) =>
        state.tier(kind).subscribe(({ key }) => {
          all(key.namespace === '' ? undefined : key.namespace);
        }),
      ),
    );
    // What was there before us.
    kept();
    for (const policy of state.networkPolicies.list())
      if (policy.metadata?.name === QUARANTINE_POLICY) cleanLater(policy.metadata.namespace ?? '');
    cleanLater('');
    const timer = setInterval(all, RESYNC);
    timer.unref();
    this.ends.push(() => {
      clearInterval(timer);
    });
  }
}

/** Whether a change is of a Pod that has something of ours to keep up. */
function concerns({ before, after }: Pick<Change<WatchedPod>, 'before' | 'after'>): boolean {
  return [before, after].some((pod) => pod !== undefined && isKept(pod));
}

function isKept(pod: WatchedPod): boolean {
  const annotations = pod.metadata?.annotations ?? {};
  return (
    isQuarantined(pod) ||
    Object.hasOwn(annotations, QUARANTINE_RECORD_ANNOTATION) ||
    (Object.hasOwn(annotations, QUARANTINE_PENDING_ANNOTATION) &&
      (approvalOf(pod) !== undefined || dismissalOf(pod) !== undefined))
  );
}

function wasQuarantined({ before, after }: Change<WatchedPod>): boolean {
  return before !== undefined && isQuarantined(before) && (after === undefined || !isQuarantined(after));
}

function ofPod({ id, rule, timeText }: Alert, pod: NonNullable<Alert['pod']>): AlertOfPod {
  return {
    ...{ id, rule, time: timeText, namespace: pod.namespace, pod: pod.name },
    ...(pod.uid !== undefined && { podUid: pod.uid }),
    ...(pod.containerId !== undefined && { containerId: pod.containerId }),
  };
}
