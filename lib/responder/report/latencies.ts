import { Histogram } from './histogram';

/** Pods whose cut is waited for at most: the oldest go first. */
const MOST = 5_000;

/** How long it takes from the system call to the alert's arrival, and from there until the Pod is contained. */
export class Latencies {
  readonly arrival = new Histogram(
    'falco_egress_responder_alert_age_seconds',
    'From the system call to the arrival of an alert that a response fits.',
    [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
  );
  readonly cut = new Histogram(
    'falco_egress_responder_containment_seconds',
    'From the arrival of an alert until the watch shows the Pod contained.',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  );
  private readonly received = new Map<string, number>();

  /** A Pod is being cut off for an alert that came in then. */
  begin(uid: string, received: number): void {
    if (this.received.has(uid)) return;
    const [oldest] = this.received.keys();
    if (this.received.size >= MOST && oldest !== undefined) this.received.delete(oldest);
    this.received.set(uid, received);
  }

  /** The watch shows the Pod contained. */
  contained(uid: string, now: number): void {
    const received = this.received.get(uid);
    if (received === undefined) return;
    this.received.delete(uid);
    this.cut.observe(Math.max(0, now - received) / 1000);
  }

  /** It won't be, or not by us. */
  forget(uid: string): void {
    this.received.delete(uid);
  }
}
