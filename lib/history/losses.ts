import type { CoverageLoss } from './coverage';
import { numberOf, textOf } from './fields';
import type { AlertRecord } from './read-connection';

/** What Falco calls its alert that the kernel had more events than it took. */
export const DROP_RULE = 'Falco internal: syscall event drop';

/** Alerts of one node that are no further apart tell of one time. */
const TOGETHER = 600_000;
/** So many times are kept. */
const MOST = 1000;

interface Loss {
  readonly what: string;
  from: number;
  to: number;
  events: number;
}

/** When Falco lost events, as it said itself. */
export class Losses {
  private readonly all: Loss[] = [];
  private readonly latest = new Map<string, Loss>();
  /** Alerts that were taken; they may be stored more than once. */
  private readonly seen = new Set<string>();

  /** Takes an alert of {@link DROP_RULE}. */
  note({ time, hostname, fields }: AlertRecord): void {
    const what = hostname ?? textOf(fields, 'evt.hostname') ?? 'a node';
    const key = `${time}\0${what}`;
    if (this.seen.has(key) || this.seen.size >= 100 * MOST) return;
    this.seen.add(key);
    const at = Number(time / 1_000_000n);
    const events = Math.max(1, numberOf(fields, 'n_drops') ?? 1);
    const before = this.latest.get(what);
    if (before !== undefined && at >= before.from - TOGETHER && at <= before.to + TOGETHER) {
      before.from = Math.min(before.from, at);
      before.to = Math.max(before.to, at);
      before.events += events;
    } else if (this.all.length < MOST) {
      const loss = { what, from: at, to: at, events };
      this.all.push(loss);
      this.latest.set(what, loss);
    }
  }

  /** In the order of time. */
  get(): readonly CoverageLoss[] {
    return [...this.all]
      .sort((a, b) => a.from - b.from)
      .map(({ what, from, to, events }) => ({ what, from: new Date(from), to: new Date(to), events }));
  }
}
