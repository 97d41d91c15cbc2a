import type { FieldValue } from '../event';

const SECOND = 1_000_000_000n;
/** What a time has 64 bits for. */
const LATEST = 2n ** 64n;

/**
 * A time as an output's text shows it, where the event holds the nanoseconds since 1970 as `output_fields` does. In UTC:
 * where Falco prints `evt.time` in its own time zone, it is that of its container.
 */
export function timeText(field: string, value: FieldValue): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  if (typeof value === 'number' && !Number.isInteger(value)) return undefined;
  const format = FORMATS[field];
  if (format === undefined) return undefined;
  const nanoseconds = BigInt(value);
  if (nanoseconds < 0n || nanoseconds >= LATEST) return undefined;
  const iso = new Date(Number(nanoseconds / 1_000_000n)).toISOString();
  const fraction = String(nanoseconds % SECOND).padStart(9, '0');
  return format(iso.slice(0, 10), iso.slice(11, 19), fraction);
}

type Format = (date: string, time: string, fraction: string) => string;

const FORMATS: Readonly<Record<string, Format | undefined>> = {
  'evt.time': (_, time, fraction) => `${time}.${fraction}`,
  'evt.time.s': (_, time) => time,
  'evt.time.iso8601': (date, time, fraction) => `${date}T${time}.${fraction}+0000`,
  'evt.datetime': (date, time, fraction) => `${date} ${time}.${fraction}`,
  'evt.datetime.s': (date, time) => `${date} ${time}`,
};
