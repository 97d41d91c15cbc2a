import type { Metric } from '../metrics';

/** Counts by labels. Label values are words of ours, or names of the configuration: never what an alert says. */
export class Counter<L extends string> {
  private readonly counts = new Map<
    string,
    { readonly labels: Readonly<Record<L, string>>; value: number }
  >();

  constructor(
    private readonly name: string,
    private readonly help: string,
  ) {}

  add(labels: Readonly<Record<L, string>>): void {
    const key = JSON.stringify(labels);
    const count = this.counts.get(key) ?? { labels, value: 0 };
    count.value += 1;
    this.counts.set(key, count);
  }

  metric(): Metric {
    return { name: this.name, help: this.help, type: 'counter', samples: [...this.counts.values()] };
  }
}
