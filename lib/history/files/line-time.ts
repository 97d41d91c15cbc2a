import { later, parseTime } from '../time';

const [ZERO, NINE, POINT, Z] = [0x30, 0x39, 0x2e, 0x5a] as const;
/** `2026-11-22T07:41:`, and with the seconds. */
const MINUTE = 17;
const SECONDS = 19;
const HOUR = 11;
/** After the year 2262 nobody needs to be fast. */
const MOST = 1n << 63n;
const TENS = [1, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 10, 1] as const;

/** Reads times as nearly all alerts have them, in UTC, where each is in the same minute as the last or soon after it. */
export class LineTime {
  private readonly minute = new Uint8Array(MINUTE);
  private isKnown = false;
  /** When it begins. */
  private begins = 0n;

  /** As `parseTime` of these bytes; `undefined` too for what is written in another way. */
  read(bytes: Uint8Array, from: number, to: number): bigint | undefined {
    if (to - from <= SECONDS || bytes[to - 1] !== Z) return undefined;
    const [tens, ones] = [(bytes[from + MINUTE] ?? 0) - ZERO, (bytes[from + MINUTE + 1] ?? 0) - ZERO];
    if (tens < 0 || tens > 5 || ones < 0 || ones > 9) return undefined;
    const fraction = fractionOf(bytes, from + SECONDS, to - 1);
    if (fraction < 0 || (!this.isSame(bytes, from) && !this.begin(bytes, from))) return undefined;
    return later(this.begins, (10 * tens + ones) * 1_000_000_000 + fraction);
  }

  private isSame(bytes: Uint8Array, from: number): boolean {
    if (!this.isKnown) return false;
    for (let at = MINUTE - 1; at >= 0; at--) if (bytes[from + at] !== this.minute[at]) return false;
    return true;
  }

  private begin(bytes: Uint8Array, from: number): boolean {
    const text = Buffer.from(bytes.subarray(from, from + MINUTE)).toString('latin1');
    // Of the 24th hour there is but the first second.
    const begins = text.startsWith('24', HOUR) ? undefined : parseTime(`${text}00Z`);
    this.isKnown = begins !== undefined && begins < MOST;
    if (begins === undefined || !this.isKnown) return false;
    this.begins = begins;
    this.minute.set(bytes.subarray(from, from + MINUTE));
    return true;
  }
}

/** In nanoseconds, of `.744381641`, of up to nine digits, or nothing; -1 for anything else. */
function fractionOf(bytes: Uint8Array, from: number, to: number): number {
  if (from === to) return 0;
  const digits = to - from - 1;
  if (bytes[from] !== POINT || digits < 1 || digits > 9) return -1;
  let value = 0;
  for (let at = from + 1; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) return -1;
    value = 10 * value + byte - ZERO;
  }
  return value * (TENS[digits] ?? 1);
}
