import { isJsonObject } from '../../rules/recorded/json-value';
import { noLoki, resultOf, textsOf } from './answer';

/** Numbers over time, by the labels that they have in common. */
export interface LokiSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** In seconds since 1970. */
  readonly times: readonly number[];
}

/**
 * The series of an answer of Loki's to a query of numbers, as far as their times go.
 *
 * @throws LokiError for what is no such answer
 */
export function readMatrix(body: string, name: string): LokiSeries[] {
  return resultOf(body, name, 'matrix').map((series) => {
    const { metric, values } = series;
    if (!isJsonObject(metric) || !Array.isArray(values)) throw noLoki(name);
    return {
      labels: textsOf(metric),
      times: (values as readonly unknown[]).map((value) => {
        const [time] = Array.isArray(value) ? (value as readonly unknown[]) : [];
        if (typeof time !== 'number' || !Number.isFinite(time)) throw noLoki(name);
        return time;
      }),
    };
  });
}
