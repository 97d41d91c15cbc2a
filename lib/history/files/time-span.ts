import { dateOf, parseTime } from '../time';

/** How many characters of a time tell it to the second. */
const SECONDS = 19;
const PLAIN_KEY = '"time":"';
const KEY = Buffer.from(PLAIN_KEY);
/** What Falco ends its lines with: `"time":"2026-11-22T07:41:15.744381641Z"}`. */
const FALCO_END = KEY.length + 30 + 2;
const Z = 0x5a;
/** As other writers put it. */
const SPACED_KEY = /"time"\s*:\s*"/;

/** From when to when the alerts of a file are, to the second; found without reading them. */
export class TimeSpan {
  private least: Buffer | undefined;
  private most: Buffer | undefined;

  /** Takes note of the time of the line that begins and ends there. */
  note(bytes: Buffer, start: number, end: number): void {
    const fromEnd = end - FALCO_END;
    if (fromEnd > start && stands(KEY, bytes, fromEnd) && bytes[end - 3] === Z)
      this.add(bytes, fromEnd + KEY.length);
    else this.noteText(bytes.toString('latin1', start, end));
  }

  /** The first and the last second, in UTC; `undefined` where no line told a time. */
  get(): { readonly first: string; readonly last: string } | undefined {
    return this.least === undefined || this.most === undefined
      ? undefined
      : { first: `${this.least.toString()}Z`, last: `${this.most.toString()}Z` };
  }

  /** Takes note of a time in RFC 3339. */
  noteTime(text: string): void {
    if (text.endsWith('Z')) this.add(Buffer.from(text), 0);
    else this.addOther(text);
  }

  private noteText(line: string): void {
    const key = line.indexOf(PLAIN_KEY);
    const from = key < 0 ? behindSpaced(line) : key + PLAIN_KEY.length;
    if (from === undefined) return;
    const to = line.indexOf('"', from);
    this.noteTime(line.slice(from, to < 0 ? undefined : to));
  }

  private add(bytes: Buffer, from: number): void {
    const isFirst = this.least === undefined || compare(bytes, from, this.least) < 0;
    const isLast = this.most === undefined || compare(bytes, from, this.most) > 0;
    if (!isFirst && !isLast) return;
    const seconds = bytes.toString('latin1', from, from + SECONDS);
    if (!looksLikeTime(seconds)) return;
    if (isFirst) this.least = Buffer.from(seconds);
    if (isLast) this.most = Buffer.from(seconds);
  }

  /** One of another zone. */
  private addOther(text: string): void {
    const time = parseTime(text);
    if (time !== undefined) this.add(Buffer.from(dateOf(time).toISOString()), 0);
  }
}

function behindSpaced(line: string): number | undefined {
  const found = SPACED_KEY.exec(line);
  return found === null ? undefined : found.index + found[0].length;
}

function stands(wanted: Buffer, bytes: Buffer, from: number): boolean {
  for (let at = 0; at < wanted.length; at++) if (bytes[from + at] !== wanted[at]) return false;
  return true;
}

/** Whether a time, to the second, is before or after another. */
function compare(bytes: Buffer, from: number, other: Buffer): number {
  for (let at = 0; at < SECONDS; at++) {
    const difference = (bytes[from + at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Nearly every line of a file in order is the last so far: to parse each would take longer than all the rest. */
function looksLikeTime(text: string): boolean {
  return /^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)$/.test(
    text,
  );
}
