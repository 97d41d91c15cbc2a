import { dateOf, parseTime } from '../time';

/** How many characters of a time tell it to the second. */
const SECONDS = 19;
const KEY = '"time":"';
/** What Falco ends its lines with: `"time":"2026-11-22T07:41:15.744381641Z"}`. */
const FALCO_END = KEY.length + 30 + 2;
const Z = 0x5a;
/** As other writers put it. */
const SPACED_KEY = /"time"\s*:\s*"/g;

/** From when to when the alerts of a file are, to the second; found without reading them. */
export class TimeSpan {
  private least: string | undefined;
  private most: string | undefined;

  /** Takes note of the time of the line that begins and ends there. */
  note(block: string, start: number, end: number): void {
    const fromEnd = end - FALCO_END;
    const isFalcos = fromEnd > start && block.startsWith(KEY, fromEnd);
    const from = isFalcos ? fromEnd + KEY.length : behindKey(block, start, end);
    if (from === undefined) return;
    const to = isFalcos ? end - 2 : block.indexOf('"', from);
    if (block.charCodeAt(to - 1) === Z) this.add(block.slice(from, from + SECONDS));
    else this.addOther(block.slice(from, to));
  }

  /** At the end of a block: what is kept must not hold it in the memory. */
  settle(): void {
    this.least = this.least && Buffer.from(this.least).toString();
    this.most = this.most && Buffer.from(this.most).toString();
  }

  /** The first and the last second, in UTC; `undefined` where no line told a time. */
  get(): { readonly first: string; readonly last: string } | undefined {
    return this.least === undefined || this.most === undefined
      ? undefined
      : { first: `${this.least}Z`, last: `${this.most}Z` };
  }

  /** Takes note of a time in RFC 3339, in UTC. */
  noteTime(text: string): void {
    this.add(text.slice(0, SECONDS));
  }

  private add(seconds: string): void {
    const isFirst = this.least === undefined || seconds < this.least;
    const isLast = this.most === undefined || seconds > this.most;
    if ((!isFirst && !isLast) || !looksLikeTime(seconds)) return;
    if (isFirst) this.least = seconds;
    if (isLast) this.most = seconds;
  }

  /** One of another zone. */
  private addOther(text: string): void {
    const time = parseTime(text);
    if (time !== undefined) this.add(dateOf(time).toISOString().slice(0, SECONDS));
  }
}

/** Where the text of the time begins; `undefined` for a line without one. */
function behindKey(block: string, start: number, end: number): number | undefined {
  const line = block.slice(start, end);
  const key = line.indexOf(KEY);
  if (key >= 0) return start + key + KEY.length;
  const [found] = line.matchAll(SPACED_KEY);
  return found && start + found.index + found[0].length;
}

/** Nearly every line of a file in order is the last so far: to parse each would take longer than all the rest. */
function looksLikeTime(text: string): boolean {
  return /^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)$/.test(
    text,
  );
}
