import type { AlertOfPod } from '../../containment';
import type { CheckedResponse } from '../config';

/** What became of an alert, as metrics count it. */
export type AlertOutcome =
  | 'quarantined'
  | 'labelled'
  | 'evicted'
  | 'deleted'
  | 'notified'
  | 'observed'
  | 'waiting'
  | 'paused'
  | 'refused'
  | 'too-old'
  | 'settled'
  | 'not-believed';

/** An alert with the response that fits it. */
export interface Task {
  readonly alert: AlertOfPod;
  /** Who has agreed to it, where it waited. */
  readonly approvedBy?: string;
  readonly node: string | undefined;
  readonly response: CheckedResponse;
  /** When it came in, in milliseconds. */
  readonly received: number;
}

/** A task that waits for its decision, and for all that are the same but for their alert. */
export interface Entry {
  /** The youngest of them: an old alert must not speak for a young one. */
  task: Task;
  /** Alerts that came after the first. */
  repeats: number;
  readonly decided: Promise<AlertOutcome>;
  settle(outcome: AlertOutcome): void;
}

/**
 * Alerts that no decision has been made on yet, by their Pod's key. Those of one Pod (of its name, UID, container and node)
 * and one response are one entry, so a flood of one Pod's alerts takes no room.
 */
export class Inbox {
  private readonly entries = new Map<string, Map<string, Entry>>();
  private count = 0;

  /** @param most entries at once */
  constructor(private readonly most: number) {}

  get size(): number {
    return this.count;
  }

  /** Takes a task in; `undefined` where there is no room. */
  add(key: string, task: Task): Entry | undefined {
    const ofPod = this.entries.get(key) ?? new Map<string, Entry>();
    const same = sameAs(task);
    const known = ofPod.get(same);
    if (known !== undefined) {
      known.repeats += 1;
      if (timeOf(task) > timeOf(known.task)) known.task = { ...task, received: known.task.received };
      return known;
    }
    if (this.count >= this.most) return undefined;
    let resolve: (outcome: AlertOutcome) => void = () => undefined;
    const decided = new Promise<AlertOutcome>((done) => (resolve = done));
    const settle = (outcome: AlertOutcome): void => {
      this.remove(key, same);
      resolve(outcome);
    };
    const entry: Entry = { task, repeats: 0, decided, settle };
    ofPod.set(same, entry);
    this.entries.set(key, ofPod);
    this.count += 1;
    return entry;
  }

  /** Whether anything waits for a Pod. */
  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** What waits for a Pod. */
  of(key: string): readonly Entry[] {
    return [...(this.entries.get(key)?.values() ?? [])];
  }

  private remove(key: string, same: string): void {
    const ofPod = this.entries.get(key);
    if (ofPod?.delete(same) !== true) return;
    this.count -= 1;
    if (ofPod.size === 0) this.entries.delete(key);
  }
}

function sameAs({ alert, node, response }: Task): string {
  return JSON.stringify([response.name, alert.podUid, alert.containerId, node]);
}

function timeOf({ alert: { time } }: Task): number {
  return new Date(time).getTime();
}
