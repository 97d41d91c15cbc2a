import type { Log } from '../../program/log';
import { monotonicClock, type Clock } from '../clock';
import { RateLimit } from './rate-limit';

/** So many lines of one message at once, then one in a second. */
const BURST = 20;
const PER_SECOND = 1;

/** When it is told how many lines were left out, in milliseconds. */
const TOLD_AFTER = 10_000;

/** What is told of lines that were left out: `message` is theirs, and `suppressed` how many they were. */
export interface LimitedLogProps {
  /** Lines that anybody can cause who sends something. */
  readonly messages: readonly string[];
  /** Told of each line that is left out. */
  readonly suppressed: () => void;
  /** @default the process's own */
  readonly clock?: Clock;
}

/** A log whom nobody can flood: of some messages a few lines at once, then one a second, and how many were left out. */
export function limitedLog(log: Log, { messages, suppressed, clock = monotonicClock }: LimitedLogProps): Log {
  const rate = new RateLimit({
    ...{ perSecond: PER_SECOND, burst: BURST, most: messages.length, now: () => clock.now() },
  });
  const leftOut = new Map<string, number>();
  return (level, message, fields) => {
    if (!messages.includes(message)) {
      log(level, message, fields);
      return;
    }
    if (rate.waitOf(message) === 0) {
      rate.take(message, 1);
      log(level, message, fields);
      return;
    }
    suppressed();
    const before = leftOut.get(message);
    leftOut.set(message, (before ?? 0) + 1);
    if (before !== undefined) return;
    clock.after(TOLD_AFTER, () => {
      log(level, message, { suppressed: leftOut.get(message) ?? 0 });
      leftOut.delete(message);
    });
  };
}
