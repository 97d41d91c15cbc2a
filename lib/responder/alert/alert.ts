import type { Event } from '../../rules/evaluate/event';

/** By which way an alert came in. */
export type Way = 'alerts' | 'logs';

/** The Pod of an alert, as far as the alert says. */
export interface AlertedPod {
  readonly namespace: string;
  readonly name: string;
  /** `k8s.pod.uid`, where the rule's output has it. */
  readonly uid?: string;
  /** `container.id`: Falco gives the first 12 digits. */
  readonly containerId?: string;
}

/** An alert, whichever way it came. */
export interface Alert {
  /** The same for the same alert by each way in: made of its rule, exact time, host, and Pod. */
  readonly id: string;
  readonly way: Way;
  readonly rule: string;
  readonly priority: string;
  /** `syscall` where it is missing; falcosidekick then says `syscalls`, which is the same here. */
  readonly source: string;
  readonly tags: readonly string[];
  /** When it happened; `timeText` has the nanoseconds. */
  readonly time: Date;
  readonly timeText: string;
  readonly output: string;
  /** What responses match on: the output's fields, and `rule`, `priority`, `tags`, `source`, `output`, `hostname`. */
  readonly event: Event;
  /**
   * Node on which it happened. By the collector it is the one to which the sender's token is bound, and so proven; by
   * falcosidekick what the alert says.
   */
  readonly node: string | undefined;
  /** `undefined` for an alert that is of no Pod, or doesn't say. */
  readonly pod: AlertedPod | undefined;
}
