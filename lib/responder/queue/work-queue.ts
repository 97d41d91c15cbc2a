import { monotonicClock, type Clock } from '../clock';
import { BackOff, type BackOffLimits } from './back-off';
import { Lane } from './lane';

/** What is left to do for a key that has been worked on. */
export interface Outcome {
  /** In how many milliseconds to work on it again. @default not by itself */
  readonly again?: number;
}

/** What a queue does with its keys. */
export interface WorkQueueProps {
  /** Keys that are worked on at once; asked before each that is begun. Where it says none, it is for `look` to have it asked again. */
  readonly concurrency: number | (() => number);
  /** Keys that may wait; beyond it `add` takes no new one. */
  readonly limit: number;
  /** Works on a key. Rejecting means again, later and later; never called twice at once for one key. */
  readonly work: (key: string) => Promise<Outcome | undefined>;
  /** Told of each failure: which in a row it is, and when it is tried again. */
  readonly failed?: (key: string, error: unknown, retry: Retry) => void;
  /** @default 5 ms to 1000 s */
  readonly backOff?: BackOffLimits;
  readonly clock?: Clock;
}

/** When a key that failed is tried again. */
export interface Retry {
  readonly failures: number;
  readonly inMs: number;
}

/** What a queue holds. */
export interface QueueDepth {
  /** Keys to be worked on now: those that wait their turn, and those that came again while they are worked on. */
  readonly waiting: number;
  readonly running: number;
  /** Keys that wait for their time. */
  readonly later: number;
  /** For how long the oldest of `waiting` has waited, in milliseconds. */
  readonly oldestMs: number;
}

const BACK_OFF: BackOffLimits = { least: 5, most: 1_000_000 };

/** So many of those that go first in a row, then one of the others: they come late, but they come. */
const FIRST_IN_A_ROW = 16;

/**
 * Keys to work on, each once however often it is added, in the order in which they came. A key that is added while it is
 * worked on is worked on again afterwards: whoever adds can rely on a run that begins after that.
 */
export class WorkQueue {
  /** Since when each key is to be worked on; the oldest stands first. */
  private readonly dirty = new Map<string, { readonly since: number; first: boolean }>();
  private readonly running = new Set<string>();
  private readonly lanes = { first: new Lane(), other: new Lane() };
  private readonly later = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  private readonly backOff: BackOff;
  private readonly clock: Clock;
  private firstInARow = 0;
  private awake = false;
  private stopped: (() => void) | undefined;
  private drained: (() => void) | undefined;
  private stopping: Promise<void> | undefined;

  constructor(private readonly props: WorkQueueProps) {
    this.backOff = new BackOff(props.backOff ?? BACK_OFF);
    this.clock = props.clock ?? monotonicClock;
  }

  /**
   * To be worked on; with `first` before all that came without it. `false` means that the queue is full, or stopped, and that
   * nothing has been taken.
   */
  add(key: string, { first = false }: { readonly first?: boolean } = {}): boolean {
    if (this.stopping !== undefined || this.drained !== undefined) return false;
    if (!this.dirty.has(key) && this.dirty.size >= this.props.limit) return false;
    this.take(key, first);
    return true;
  }

  /** To be worked on in a while, the earliest wish counts. What waits for its time is taken even where the queue is full then. */
  addAfter(key: string, milliseconds: number): void {
    if (this.stopping !== undefined) return;
    const at = this.clock.now() + milliseconds;
    const wished = this.later.get(key);
    if (wished !== undefined && wished.at <= at) return;
    wished?.cancel();
    const cancel = this.clock.after(milliseconds, () => {
      this.later.delete(key);
      this.take(key, false);
    });
    this.later.set(key, { at, cancel });
  }

  /** Asks anew how many may be worked on at once. */
  look(): void {
    this.wake();
  }

  depth(): QueueDepth {
    const [oldest] = this.dirty.values();
    return {
      waiting: this.dirty.size,
      running: this.running.size,
      later: this.later.size,
      oldestMs: oldest === undefined ? 0 : this.clock.now() - oldest.since,
    };
  }

  /** Begins nothing more; resolves once what is worked on has ended. What waits is dropped. */
  stop(): Promise<void> {
    this.stopping ??= new Promise((resolve) => {
      this.stopped = resolve;
    });
    for (const { cancel } of this.later.values()) cancel();
    this.later.clear();
    if (this.running.size === 0) this.stopped?.();
    return this.stopping;
  }

  /**
   * Takes nothing new, works on what it has for so long at most, also on what has failed and waits for its time, then stops;
   * how many keys are left.
   */
  drain(milliseconds: number): Promise<number> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        const left = new Set([...this.dirty.keys(), ...this.later.keys(), ...this.running]).size;
        void this.stop().then(() => {
          resolve(left);
        });
      };
      const cancel = this.clock.after(milliseconds, end);
      this.drained = end;
      this.endIfDrained();
    });
  }

  private endIfDrained(): void {
    if (this.stopping === undefined && this.dirty.size + this.running.size + this.later.size === 0)
      this.drained?.();
  }

  private take(key: string, first: boolean): void {
    const waiting = this.dirty.get(key);
    if (waiting !== undefined) {
      if (first && !waiting.first) {
        waiting.first = true;
        if (this.lanes.other.remove(key)) this.lanes.first.push(key);
      }
      return;
    }
    this.dirty.set(key, { since: this.clock.now(), first });
    if (!this.running.has(key)) this.lineUp(key, first);
  }

  private lineUp(key: string, first: boolean): void {
    this.lanes[first ? 'first' : 'other'].push(key);
    this.wake();
  }

  /** Not at once: who adds goes on first. */
  private wake(): void {
    if (this.awake) return;
    this.awake = true;
    queueMicrotask(() => {
      this.awake = false;
      this.begin();
    });
  }

  private begin(): void {
    while (this.stopping === undefined && this.running.size < this.most()) {
      const key = this.shift();
      if (key === undefined) return;
      this.dirty.delete(key);
      this.running.add(key);
      void this.run(key);
    }
  }

  private most(): number {
    const { concurrency } = this.props;
    return typeof concurrency === 'number' ? concurrency : concurrency();
  }

  private shift(): string | undefined {
    const { first, other } = this.lanes;
    if (this.firstInARow >= FIRST_IN_A_ROW && other.size > 0) {
      this.firstInARow = 0;
      return other.shift();
    }
    this.firstInARow = first.size > 0 ? this.firstInARow + 1 : 0;
    return first.shift() ?? other.shift();
  }

  private async run(key: string): Promise<void> {
    try {
      const outcome = await this.props.work(key);
      this.backOff.forget(key);
      if (outcome?.again !== undefined) this.addAfter(key, outcome.again);
    } catch (error) {
      const inMs = this.backOff.next(key);
      this.addAfter(key, inMs);
      this.props.failed?.(key, error, { failures: this.backOff.failed(key), inMs });
    } finally {
      this.ended(key);
    }
  }

  private ended(key: string): void {
    this.running.delete(key);
    if (this.stopping !== undefined) {
      if (this.running.size === 0) this.stopped?.();
      return;
    }
    const again = this.dirty.get(key);
    if (again !== undefined) this.lineUp(key, again.first);
    this.wake();
    this.endIfDrained();
  }
}
