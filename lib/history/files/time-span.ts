import { dateOf, parseTime } from '../time';

/** How many characters of a time tell it to the second. */
const SECONDS = 19;
const KEY = '"time":"';
/** What Falco ends its lines with: `"time":"2026-11-22T07:41:15.744381641Z"}`. */
const FALCO_END = KEY.length + 30 + 2;

/** From when to when the alerts of a file are, to the second; found without reading them. */
export class TimeSpan {
  private least: string | undefined;
  private most: string | undefined;

  /** Takes note of the time of the line that begins and ends there. */
  note(block: string, start: number, end: number): void {
    const fromEnd = end - FALCO_END;
    const key = fromEnd > start && block.startsWith(KEY, fromEnd) ? fromEnd : block.indexOf(KEY, start);
    if (key < 0 || key >= end) return;
    const from = key + KEY.length;
    const seconds = block.slice(from, from + SECONDS);
    if (this.least !== undefined && this.most !== undefined && seconds >= this.least && seconds <= this.most)
      return;
    const time = parseTime(block.slice(from, block.indexOf('"', from)));
    if (time === undefined) return;
    // In UTC, and a text of its own, which holds no block in the memory.
    const own = dateOf(time).toISOString().slice(0, SECONDS);
    if (this.least === undefined || own < this.least) this.least = own;
    if (this.most === undefined || own > this.most) this.most = own;
  }

  /** The first and the last second, in UTC; `undefined` where no line told a time. */
  get(): { readonly first: string; readonly last: string } | undefined {
    return this.least === undefined || this.most === undefined
      ? undefined
      : { first: `${this.least}Z`, last: `${this.most}Z` };
  }
}
