import type { FieldReader } from '../program/fields';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** How a duration is written: a number and one of s, m, h, d. */
const DURATION = /^[1-9][0-9]*[smhd]$/;

/** Seconds of a duration such as `4h`. */
export function secondsOf(duration: string): number {
  return Number.parseInt(duration, 10) * (SECONDS[duration.slice(-1)] ?? NaN);
}

/** Seconds of a duration in a configuration. */
export function readDuration(fields: FieldReader, key: string): number {
  return secondsOf(fields.text(key, DURATION, 'a number and one of s, m, h, d, such as "4h"'));
}

/** How long a response only counts further alerts of a Pod, where it says nothing. */
export const DEFAULT_COOLDOWN = '5m';
