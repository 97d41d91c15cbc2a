import type { Clock } from '../../lib/responder/clock';

/** A clock that stands still until it is told how much time passes. */
export class FakeClock implements Clock {
  private time = 0;
  private timers: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.time + milliseconds, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** Runs what is due on the way, in its order. */
  pass(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const next = Math.min(...this.timers.map(({ at }) => at));
      const due = this.timers.find(({ at }) => at === next && at <= end);
      if (due === undefined) break;
      this.timers = this.timers.filter((each) => each !== due);
      this.time = Math.max(this.time, due.at);
      due.run();
    }
    this.time = end;
  }

  /** When the next timer is due, in milliseconds from now. */
  get next(): number | undefined {
    return this.timers.length === 0 ? undefined : Math.min(...this.timers.map(({ at }) => at)) - this.time;
  }
}
