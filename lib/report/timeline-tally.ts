/** Minutes: each a multiple of the one before it. */
const WIDTHS = [1, 5, 15, 30, 60, 180, 360, 720, 1440, 10_080, 70_560] as const;
const MINUTE = 60_000;
/** So many buckets are kept; more are joined to wider ones. */
const MOST_BUCKETS = 20_000;
const MOST_BARS = 170;

/** What was counted in a stretch of time. */
export interface Bar {
  readonly times: number;
  readonly failed: number;
}

/** Bars of equal width, one after the other. */
export interface Timeline {
  /** When the first begins, and how long each is, in milliseconds. */
  readonly start: number;
  readonly width: number;
  readonly bars: readonly Bar[];
}

/** Counts connections by time, in as much memory as a few thousand numbers take, however long the time. */
export class TimelineTally {
  private step = 0;
  private buckets = new Map<number, { times: number; failed: number }>();

  /** @param at in milliseconds since 1970 */
  add(at: number, times: number, failed: number): void {
    const key = Math.floor(at / this.width);
    const bucket = this.buckets.get(key);
    if (bucket !== undefined) {
      bucket.times += times;
      bucket.failed += failed;
      return;
    }
    this.buckets.set(key, { times, failed });
    if (this.buckets.size > MOST_BUCKETS && this.step < WIDTHS.length - 1) this.widen();
  }

  /**
   * From the bar that holds the first of these times to the one that holds the last, not more than fit a picture.
   *
   * @param least how wide a bar is at least
   */
  between(from: number, to: number, least = this.width): Timeline {
    const width = widthFor(to - from, least);
    const start = Math.floor(from / width) * width;
    const count = Math.max(1, Math.ceil((to - start) / width));
    const bars = Array.from({ length: count }, () => ({ times: 0, failed: 0 }));
    for (const [key, { times, failed }] of this.buckets) {
      const bar = bars[Math.floor((key * this.width - start) / width)];
      if (bar === undefined) continue;
      bar.times += times;
      bar.failed += failed;
    }
    return { start, width, bars };
  }

  /** How much time is one bucket, in milliseconds. */
  get width(): number {
    return (WIDTHS[this.step] ?? 1) * MINUTE;
  }

  private widen(): void {
    const old = [...this.buckets];
    const factor = (WIDTHS[this.step + 1] ?? 1) / (WIDTHS[this.step] ?? 1);
    this.step++;
    this.buckets = new Map();
    for (const [key, { times, failed }] of old)
      this.add(Math.floor(key / factor) * this.width, times, failed);
  }
}

function widthFor(span: number, least: number): number {
  const widths = WIDTHS.map((minutes) => minutes * MINUTE).filter((width) => width >= least);
  const last = WIDTHS[WIDTHS.length - 1] ?? 1;
  const found = widths.find((width) => span / width <= MOST_BARS);
  // Clocks that are wrong by centuries.
  return found ?? Math.ceil(span / MOST_BARS / (last * MINUTE)) * last * MINUTE;
}
