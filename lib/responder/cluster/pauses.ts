import type { Clock } from '../clock';

/** Pauses between attempts: short after one that went well, each longer than the last after those that didn't. */
export class Pauses {
  private failures = 0;

  constructor(
    private readonly limits: { readonly least: number; readonly most: number },
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /** Waits before the next attempt, or until the signal. Half of it is chance, so that many don't come at once. */
  wait(wentWell: boolean, signal: AbortSignal): Promise<void> {
    const { least, most } = this.limits;
    this.failures = wentWell ? 0 : this.failures + 1;
    const pause = Math.min(least * 2 ** this.failures, most);
    return wait(pause * (0.5 + this.random() / 2), this.clock, signal);
  }
}

/** Waits, or until the signal. */
export function wait(milliseconds: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(milliseconds, end);
    signal.addEventListener('abort', end);
  });
}
