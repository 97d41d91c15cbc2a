/** RFC 3339 as Go and Falco write it; digits behind the point beyond nine don't count. */
const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,30}))?(Z|[+-]\d\d:?\d\d)$/;
const MILLION = 1_000_000n;

/** A time in nanoseconds since 1970; `undefined` for what is none, and for what was before 1970. */
export function parseTime(text: string): bigint | undefined {
  if (text.length > 64) return undefined;
  const [, seconds = '', fraction = '', zone = ''] = RFC_3339.exec(text) ?? [];
  if (seconds === '') return undefined;
  const milliseconds = Date.parse(seconds + zone);
  // Node takes 30 February for 2 March, but not a 32nd.
  if (!(milliseconds >= 0) || Date.parse(`${seconds.slice(0, 10)}T00:00:00Z`) !== dayOf(seconds))
    return undefined;
  return BigInt(milliseconds) * MILLION + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
}

function dayOf(seconds: string): number {
  const [year, month, day] = [seconds.slice(0, 4), seconds.slice(5, 7), seconds.slice(8, 10)].map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day));
  return date.getUTCDate() === day ? date.getTime() : NaN;
}

/** A time in nanoseconds as RFC 3339 in UTC, with nine digits behind the point. */
export function printTime(time: bigint): string {
  const nanoseconds = time % 1_000_000_000n;
  return `${dateOf(time).toISOString().slice(0, 19)}.${String(nanoseconds).padStart(9, '0')}Z`;
}

/** To the millisecond. */
export function dateOf(time: bigint): Date {
  return new Date(millisecondsOf(time));
}

const PARTS = new BigUint64Array(1);
const HALVES = new Uint32Array(PARTS.buffer);
const [LOW, HIGH] = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? [0, 1] : [1, 0];
/** What 32 bits hold, in nanoseconds: so many milliseconds and so much more. */
const [MILLISECONDS_OF_HIGH, REST_OF_HIGH] = [4294, 967_296];

/** Milliseconds since 1970, rounded down; many times as fast as to divide large integers. */
export function millisecondsOf(time: bigint): number {
  PARTS[0] = time;
  if (PARTS[0] !== time) return Number(time / MILLION);
  const [low = 0, high = 0] = [HALVES[LOW], HALVES[HIGH]];
  const rest = high * REST_OF_HIGH + low;
  const whole = Math.floor(rest / 1e6);
  // What lies right below a whole number is rounded to it.
  return high * MILLISECONDS_OF_HIGH + (whole * 1e6 > rest ? whole - 1 : whole);
}

/** In nanoseconds. */
export function timeOf(date: Date): bigint {
  return BigInt(date.getTime()) * MILLION;
}

/** A time and so many nanoseconds, less than 2^52: without a large integer but the one that comes out. */
export function later(time: bigint, nanoseconds: number): bigint {
  PARTS[0] = time;
  const low = (HALVES[LOW] ?? 0) + nanoseconds;
  HALVES[LOW] = low;
  HALVES[HIGH] = (HALVES[HIGH] ?? 0) + Math.floor(low / 2 ** 32);
  return PARTS[0];
}

/** A date to the minute, for people. */
export function printMinute(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}
