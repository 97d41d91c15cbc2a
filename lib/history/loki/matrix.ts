import { isJsonObject } from '../../rules/recorded/json-value';
import { LokiError } from './loki-error';

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
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw noMatrix(name, body.startsWith('{"status"'));
  }
  const data = isJsonObject(answer) && answer['status'] === 'success' ? answer['data'] : undefined;
  const result = isJsonObject(data) && data['resultType'] === 'matrix' ? data['result'] : undefined;
  if (!Array.isArray(result) || !result.every(isJsonObject)) throw noMatrix(name);
  return result.map((series) => {
    const { metric, values } = series;
    if (!isJsonObject(metric) || !Array.isArray(values)) throw noMatrix(name);
    const labels = Object.entries(metric).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return {
      labels: Object.fromEntries(labels),
      times: (values as readonly unknown[]).map((value) => {
        const [time] = Array.isArray(value) ? (value as readonly unknown[]) : [];
        if (typeof time !== 'number' || !Number.isFinite(time)) throw noMatrix(name);
        return time;
      }),
    };
  });
}

function noMatrix(name: string, passing = false): LokiError {
  return new LokiError('LOKI_NO_LOKI', `what answers at ${name} is no Loki`, passing);
}
