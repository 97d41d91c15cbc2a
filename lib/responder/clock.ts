/** Time as it is waited for; tests have their own. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Runs something later, once; returns how to cancel it. */
  after(milliseconds: number, run: () => void): () => void;
}

/** A longer time-out ends at once. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** The process's monotonic clock: setting the node's clock changes nothing. Its timers keep no process alive. */
export const monotonicClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      timer = setTimeout(
        () => {
          if (left > LONGEST_TIMEOUT) wait(left - LONGEST_TIMEOUT);
          else run();
        },
        Math.min(Math.max(left, 0), LONGEST_TIMEOUT),
      ).unref();
    };
    wait(milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
