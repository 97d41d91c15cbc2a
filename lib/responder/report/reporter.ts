import { ClusterError } from '../../program/cluster-error';
import { messageOf } from '../../program/failure';
import type { Log } from '../../program/log';
import type { ClusterWrites } from '../cluster/cluster';
import { WorkQueue } from '../queue/work-queue';
import { Recent } from '../respond/recent';
import { alertOf, eventName, eventOf, logged, type Report, type ReportReason } from './report';

/** Sends one alert back through falcosidekick; rejects where it isn't taken. */
export type SendAlert = (alert: object) => Promise<void>;

/** What a reporter needs. */
export interface ReporterProps {
  readonly writes: Pick<ClusterWrites, 'writeEvent'>;
  /** Where there is a falcosidekick. */
  readonly send: SendAlert | undefined;
  /** Takes each alert as a line, its newline included, where somebody keeps them. */
  readonly keep: ((line: string) => void) | undefined;
  readonly cluster: string;
  readonly log: Log;
  readonly now: () => number;
  /** Whether Pods wait to be cut off. */
  readonly busy: () => boolean;
  /** Told of each report that is new. */
  readonly count: (reason: ReportReason) => void;
}

/** Reports that may wait to be written; what comes then is only in the log. */
const MOST_WAITING = 20_000;
/** Reports that are known to be written. */
const MOST_KNOWN = 20_000;
/** For so long the API server keeps an Event, by default. */
const KNOWN_FOR = 3_600_000;
/** Some are in flight at once. */
const CONCURRENCY = 8;
/** Cutting Pods off comes first: meanwhile nothing is written for a while, then a trickle. */
const CONCURRENCY_WHILE_BUSY = 1;
const HELD_BACK = 5_000;
/** How soon it is seen that no Pod waits any more, in milliseconds. */
const LOOK_AGAIN = 50;
/** Tries to send an alert back before it is given up; the Event and the log have it. */
const SEND_TRIES = 3;

/**
 * Tells people: each report once. Its Event decides: whoever creates it, of all replicas and restarts, is the one that logs
 * and sends the alert back. Where a try has failed nobody knows whether it has created the Event: then it is told, and another
 * replica may tell it as well.
 */
export class Reporter {
  private readonly known: Recent;
  /** Written without an answer, or with one that says nothing: they may be there already, and by us. */
  private readonly doubtful: Recent;
  private readonly waiting = new Map<string, { readonly report: Report; readonly time: Date }>();
  private readonly queue: WorkQueue;
  private readonly sending: WorkQueue;
  private readonly alerts = new Map<string, object>();
  private ending = false;
  private looking: NodeJS.Timeout | undefined;

  constructor(private readonly props: ReporterProps) {
    this.known = new Recent(MOST_KNOWN, props.now);
    this.doubtful = new Recent(MOST_KNOWN, props.now);
    this.queue = new WorkQueue({
      concurrency: () => this.concurrency(),
      limit: MOST_WAITING,
      backOff: { least: 100, most: 30_000 },
      work: async (name) => {
        const item = this.waiting.get(name);
        if (item !== undefined) await this.write(name, item.report, item.time);
        this.waiting.delete(name);
        return undefined;
      },
    });
    this.sending = new WorkQueue({
      concurrency: 4,
      limit: MOST_WAITING,
      backOff: { least: 250, most: 5_000 },
      work: async (name) => {
        const alert = this.alerts.get(name);
        if (alert !== undefined) await props.send?.(alert);
        this.alerts.delete(name);
        return undefined;
      },
      failed: (name, error, { failures }) => {
        if (failures < SEND_TRIES) return;
        this.alerts.delete(name);
        props.log('warning', 'an alert could not be sent back', { error: messageOf(error) });
      },
    });
  }

  /** Reports that wait to be written. */
  get size(): number {
    return this.waiting.size;
  }

  /** Tells of it in a while, and tries until it is written. */
  later(report: Report): void {
    const name = eventName(report);
    if (this.known.has(name) || this.waiting.has(name)) return;
    const time = new Date(this.props.now());
    if (!this.queue.add(name)) {
      this.tell(report, time);
      return;
    }
    this.waiting.set(name, { report, time });
  }

  /** Tells of it now; rejects where the API server doesn't take the Event. */
  async now(report: Report): Promise<void> {
    const name = eventName(report);
    if (this.known.has(name)) return;
    await this.write(name, report, new Date(this.props.now()));
  }

  /** Takes no more, and tells what it has for so long at most: nobody else knows of it any more. */
  async stop(milliseconds: number): Promise<void> {
    this.ending = true;
    this.queue.look();
    const until = performance.now() + milliseconds;
    // What waits for its time keeps no process alive.
    const alive = setInterval(() => undefined, milliseconds + 1);
    const unwritten = await this.queue.drain(milliseconds);
    const unsent = await this.sending.drain(Math.max(0, until - performance.now()));
    clearInterval(alive);
    if (unwritten + unsent === 0) return;
    this.props.log('warning', 'not everything could be told before the end', { unwritten, unsent });
    for (const { report, time } of this.waiting.values()) this.tell(report, time);
  }

  private concurrency(): number {
    if (this.ending || !this.props.busy()) return CONCURRENCY;
    const [oldest] = this.waiting.values();
    const age = this.props.now() - (oldest?.time.getTime() ?? Infinity);
    // A clock that was set back must not hold them for longer.
    if (age >= HELD_BACK || age < 0) return CONCURRENCY_WHILE_BUSY;
    this.looking ??= setTimeout(() => {
      this.looking = undefined;
      this.queue.look();
    }, LOOK_AGAIN).unref();
    return 0;
  }

  private async write(name: string, report: Report, time: Date): Promise<void> {
    const written = await this.props.writes.writeEvent(eventOf(report, time)).catch((error: unknown) => {
      // What is refused for good has not been done.
      if (!(error instanceof ClusterError && !error.passing)) this.doubtful.add(name, KNOWN_FOR);
      throw error;
    });
    this.known.add(name, KNOWN_FOR);
    // Without an Event that says so, each replica takes itself for the first. Told twice is better than never.
    if (written === 'there' && !this.doubtful.has(name)) return;
    const alert = this.tell(report, time);
    if (alert === undefined || this.props.send === undefined) return;
    this.alerts.set(name, alert);
    if (!this.sending.add(name)) this.alerts.delete(name);
  }

  /** Tells the log, and whoever keeps alerts; the alert, where anybody takes it. */
  private tell(report: Report, time: Date): object | undefined {
    const { send, keep } = this.props;
    const { reason, line, response, alert } = report;
    this.props.count(reason);
    this.props.log(reason === 'ResponseFailed' ? 'error' : 'info', line, {
      ...logged(report),
      ...(response !== undefined && { response }),
      ...(alert !== undefined && { alert }),
    });
    if (send === undefined && keep === undefined) return undefined;
    const sent = alertOf(report, time, this.props.cluster);
    keep?.(`${JSON.stringify(sent)}\n`);
    return sent;
  }
}
