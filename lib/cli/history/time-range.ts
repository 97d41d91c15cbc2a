import { dateOf, parseTime, timeOf } from '../../history/time';
import { UsageError } from '../../synth/usage-error';

/** Times in nanoseconds since 1970: `from` is within, `to` is not; `from` is 0 where only the end is asked for. */
export interface TimeRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** What the command line says of it. */
export interface TimeOptions {
  readonly since?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const DAY_ALONE = /^\d{4}-\d\d-\d\d$/;
const DAY = 86_400_000_000_000n;
/** What isn't said of a time is zero, and of UTC. */
const WHEN = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:[.,]\d{1,30})?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * The range that is asked for; `undefined` where none is.
 *
 * @throws UsageError
 */
export function timeRangeOf({ since, from, to }: TimeOptions, now: Date): TimeRange | undefined {
  if (since === undefined && from === undefined && to === undefined) return undefined;
  if (since !== undefined && from !== undefined)
    throw new UsageError('give either --since or --from, for both say when it begins');
  const end = to === undefined ? timeOf(now) : instant('to', to) + (DAY_ALONE.test(to) ? DAY : 0n);
  const begin = since === undefined ? (from === undefined ? 0n : instant('from', from)) : end - spanOf(since);
  if (begin >= end) throw new UsageError('the time that is asked for ends before it begins');
  return { from: begin < 0n ? 0n : begin, to: end };
}

/** The last so many days. */
function lastDays(days: number, now: Date): TimeRange {
  return { from: timeOf(now) - BigInt(days * 86_400_000) * 1_000_000n, to: timeOf(now) };
}

function spanOf(text: string): bigint {
  const [, digits = '', unit = ''] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
  const size = UNITS[unit];
  if (size === undefined) throw new UsageError(`--since must be such as 30d, 12h or 90m, not '${text}'`);
  return BigInt(Number(digits) * size) * 1_000_000n;
}

/** When it begins: of a day its first instant. */
function instant(option: string, text: string): bigint {
  const [, day = '', minute = '00:00', seconds = ':00', zone = 'Z'] = WHEN.exec(text) ?? [];
  const time = parseTime(`${day}T${minute}${seconds}${zone}`);
  if (time === undefined)
    throw new UsageError(
      `--${option} must be a date such as 2026-11-22, or a time such as 2026-11-22T07:41 or 2026-11-22T07:41:15Z, not '${text}'`,
    );
  return time;
}

const DAYS_OF_LOKI = 30;

/** For what time Lokis are asked: not for all. */
export function rangeOfLoki(range: TimeRange | undefined, now: Date): TimeRange {
  if (range === undefined) return lastDays(DAYS_OF_LOKI, now);
  return range.from > 0n ? range : lastDays(DAYS_OF_LOKI, dateOf(range.to));
}
