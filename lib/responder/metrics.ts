import type { Outcome } from './answer';
import type { Way } from './alert/alert';

/** A metric in Prometheus' text format. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly Sample[];
}

/** One value of a metric. */
export interface Sample {
  /** What follows the metric's name, such as `_bucket`. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Metrics as Prometheus reads them. */
export function renderMetrics(metrics: readonly Metric[]): string {
  const lines = metrics.flatMap(({ name, help, type, samples }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(
      ({ suffix = '', labels = {}, value }) => `${name}${suffix}${renderLabels(labels)} ${value}`,
    ),
  ]);
  return lines.join('\n') + '\n';
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const escaped = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Counts requests by way in and outcome. */
export class RequestCounter {
  private readonly counts = new Map<
    string,
    { readonly way: Way | 'none'; readonly outcome: Outcome; value: number }
  >();

  /** One more; `none` for a path that is no way in. */
  add(way: Way | 'none', outcome: Outcome): void {
    const key = `${way} ${outcome}`;
    const count = this.counts.get(key) ?? { way, outcome, value: 0 };
    count.value += 1;
    this.counts.set(key, count);
  }

  /** What was counted. */
  metric(): Metric {
    return {
      name: 'falco_egress_responder_requests_total',
      help: 'Requests to the API port, by way in and outcome.',
      type: 'counter',
      samples: [...this.counts.values()].map(({ way, outcome, value }) => ({
        labels: { way, outcome },
        value,
      })),
    };
  }
}
