import type { Metric, Sample } from '../metrics';

/** Counts of observations by size, in seconds, as Prometheus reads them. */
export class Histogram {
  private readonly counts: number[];
  private sum = 0;
  private total = 0;

  /** @param bounds upper bounds of the buckets, ascending */
  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly bounds: readonly number[],
  ) {
    this.counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    const bucket = this.bounds.findIndex((bound) => value <= bound);
    if (bucket >= 0) this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
    this.total += 1;
  }

  metric(): Metric {
    let below = 0;
    const buckets = this.bounds.map((bound, index): Sample => {
      below += this.counts[index] ?? 0;
      return { suffix: '_bucket', labels: { le: String(bound) }, value: below };
    });
    const samples = [
      ...buckets,
      { suffix: '_bucket', labels: { le: '+Inf' }, value: this.total },
      { suffix: '_sum', value: this.sum },
      { suffix: '_count', value: this.total },
    ];
    return { name: this.name, help: this.help, type: 'histogram', samples };
  }
}
