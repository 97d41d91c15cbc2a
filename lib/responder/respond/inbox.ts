import type { AlertOfPod } from '../../containment';
import type { CheckedResponse } from '../responses/read-responses';
import { SharedRoom } from '../limit/shared-room';

/** What became of an alert, as metrics count it. */
export type AlertOutcome =
  | 'quarantined'
  | 'labelled'
  | 'evicted'
  | 'deleted'
  | 'notified'
  | 'observed'
  | 'waiting'
  | 'dismissed'
  | 'paused'
  | 'refused'
  | 'too-old'
  | 'settled'
  | 'cooldown'
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
 * and one response are one entry, so a flood of one Pod's alerts takes no room; and nobody who sends takes more than a share.
 */
export class Inbox {
  private readonly entries = new Map<string, Map<string, Entry>>();
  private readonly room: SharedRoom;

  /** @param most entries at once */
  constructor(most: number) {
    this.room = new SharedRoom(most);
  }

  get size(): number {
    return this.room.size;
  }

  /** Takes a task in; `undefined` where there is no room for its sender. */
  add(key: string, task: Task): Entry | undefined {
    const ofPod = this.entries.get(key) ?? new Map<string, Entry>();
    const same = sameAs(task);
    const known = ofPod.get(same);
    if (known !== undefined) {
      known.repeats += 1;
      if (timeOf(task) > timeOf(known.task)) known.task = { ...task, received: known.task.received };
      return known;
    }
    if (!this.room.take(senderOf(task), 1)) return undefined;
    let resolve: (outcome: AlertOutcome) => void = () => undefined;
    const decided = new Promise<AlertOutcome>((done) => (resolve = done));
    const settle = (outcome: AlertOutcome): void => {
      if (this.remove(key, same)) this.room.giveBack(senderOf(task), 1);
      resolve(outcome);
    };
    const entry: Entry = { task, repeats: 0, decided, settle };
    ofPod.set(same, entry);
    this.entries.set(key, ofPod);
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

  private remove(key: string, same: string): boolean {
    const ofPod = this.entries.get(key);
    if (ofPod?.delete(same) !== true) return false;
    if (ofPod.size === 0) this.entries.delete(key);
    return true;
  }
}

/** Who holds the place: the collector of a node, or falcosidekick. */
function senderOf({ node = '' }: Task): string {
  return node;
}

function sameAs({ alert, node, response }: Task): string {
  return JSON.stringify([response.name, alert.podUid, alert.containerId, node]);
}

function timeOf({ alert: { time } }: Task): number {
  return new Date(time).getTime();
}
