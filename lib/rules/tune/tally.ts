import type { Event } from '../evaluate/event';
import type { RecordedAlert } from './record';
import { pinsOf, type Pin } from './roles';

/** Alerts that agree in all that pins them down. */
export interface Seen {
  readonly rule: string;
  readonly pins: readonly Pin[];
  count: number;
  /** As the alerts have it: RFC 3339. */
  first: string;
  last: string;
  /** Some of the Pods; {@link MOST_NAMES} at most. */
  readonly pods: Set<string>;
}

/** Why alerts got no exception, and how many did not. */
export interface Left {
  readonly rule: string;
  readonly reason: string;
  readonly alerts: number;
}

/** As many Pods are kept by name of each combination. */
const MOST_NAMES = 20;

/** Counts alerts by what pins them down, in bounded memory. */
export class Tally {
  readonly rows = new Map<string, Seen>();
  readonly alertsOf = new Map<string, number>();
  private readonly leftOut = new Map<string, { rule: string; reason: string; alerts: number }>();

  /**
   * @param kept fields that every exception must hold
   * @param most as many combinations are kept in memory: beyond that the rarest are forgotten
   */
  constructor(
    private readonly kept: readonly string[],
    private readonly most = 50_000,
  ) {}

  add(alert: RecordedAlert): void {
    const { rule, fields, time } = alert;
    this.alertsOf.set(rule, (this.alertsOf.get(rule) ?? 0) + 1);
    const pins = pinsOf(fields, this.kept);
    if ('reason' in pins) {
      this.leave(rule, pins.reason, 1);
      return;
    }
    const key = keyOf(rule, pins);
    let row = this.rows.get(key);
    if (row === undefined) {
      if (this.rows.size >= this.most) this.forget();
      row = { rule, pins, count: 0, first: time, last: time, pods: new Set() };
      this.rows.set(key, row);
    }
    row.count++;
    if (time !== '' && (row.first === '' || time < row.first)) row.first = time;
    if (time > row.last) row.last = time;
    const pod = podOf(fields);
    if (pod !== undefined && row.pods.size < MOST_NAMES) row.pods.add(pod);
  }

  /** Takes note that alerts get no exception. */
  leave(rule: string, reason: string, alerts: number): void {
    const key = `${rule}\0${reason}`;
    const known = this.leftOut.get(key);
    if (known === undefined) this.leftOut.set(key, { rule, reason, alerts });
    else known.alerts += alerts;
  }

  /** Those that left most alerts first. */
  left(): Left[] {
    return [...this.leftOut.values()].sort((a, b) => b.alerts - a.alerts || compare(a.rule, b.rule));
  }

  /** Makes room: what was seen least goes, which no exception would be made for first. */
  private forget(): void {
    const counts = [...this.rows.values()].map(({ count }) => count).sort((a, b) => a - b);
    const atMost = counts[Math.floor(counts.length / 2)] ?? 1;
    for (const [key, { rule, count }] of this.rows) {
      if (count > atMost) continue;
      this.rows.delete(key);
      this.leave(rule, `more than ${this.most} combinations: the rarest were not kept`, count);
    }
  }
}

/** The same for alerts that are pinned down alike. */
export function keyOf(rule: string, pins: readonly Pin[]): string {
  return JSON.stringify([rule, ...pins.flatMap(({ field, value }) => [field, String(value)])]);
}

function podOf(fields: Event): string | undefined {
  for (const field of ['k8s.pod.name', 'k8smeta.pod.name', 'container.id']) {
    const value = fields[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** By code units: the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
