import { parseTime } from '../../../lib/history/time';

/** A line as a collector sends it: its fields beside it, few labels of its stream. */
export interface CollectedLine {
  readonly time: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string | number>>;
  /** What Falco said; else the line is short, as one is that stands for several. */
  readonly output?: string;
  /** Of how many connections it tells, and when the first and the last of them was. */
  readonly several?: undefined | { readonly count: number; readonly first: string; readonly last: string };
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

function attribute(key: string, value: string | number): Attribute {
  return { key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value } };
}

function attributes(values: Readonly<Record<string, string | number>>): Attribute[] {
  return Object.entries(values).map(([key, value]) => attribute(key, value));
}

/** The body of a push by OTLP. */
export function collected(lines: readonly CollectedLine[]): object {
  return {
    resourceLogs: lines.map(({ time, labels, fields, output, several }) => ({
      resource: { attributes: attributes({ ...labels, 'service.name': 'falco' }) },
      scopeLogs: [
        {
          logRecords: [
            {
              timeUnixNano: String(parseTime(time)),
              body: { stringValue: output ?? labels['rule'] ?? '' },
              attributes: [
                { key: 'output_fields', value: { kvlistValue: { values: attributes(fields) } } },
                attribute('hostname', 'node-2'),
                ...(several === undefined
                  ? []
                  : attributes({
                      log_count: several.count,
                      first_observed_timestamp: several.first,
                      last_observed_timestamp: several.last,
                    })),
              ],
            },
          ],
        },
      ],
    })),
  };
}
