import { plainTextOf } from '../asked';

/** So much is looked through at once: it stays near the processor. */
const PIECE = 1 << 16;

/** Finds the next place in a text that may be one of a line that is looked for. */
type Finder = (text: string, from: number) => number;

/**
 * Tells of the lines of a block whether they may hold what is asked for, without reading them. To be asked in the order in
 * which they stand.
 */
export class LineFilter {
  private readonly finders: readonly Finder[] | undefined;
  private block: Buffer = Buffer.alloc(0);
  /** A part of the block, as text: a byte is a character. */
  private piece = '';
  private from = 0;
  private to = 0;
  private next: number[] = [];

  /**
   * @param patterns regular expressions of which a line must fit one; every line may if it is `undefined`
   * @param texts texts of which a line may hold one instead, as they are written
   */
  constructor(patterns: readonly string[] | undefined, texts: readonly string[] = []) {
    this.finders = patterns && [...patterns.map(finderOf), ...texts.map(plainFinder), nextEscape];
    this.next = (this.finders ?? []).map(() => -1);
  }

  /** Begins a block. */
  begin(bytes: Buffer): void {
    this.block = bytes;
    this.to = 0;
  }

  /** Whether the line of the block that begins and ends there may hold it. */
  mayHold(start: number, end: number): boolean {
    const { finders } = this;
    if (finders === undefined) return true;
    if (end > this.to) this.read(start, end);
    const { from, piece, next } = this;
    for (let index = 0; index < finders.length; index++) {
      let at = next[index] ?? -1;
      if (at < start) next[index] = at = from + (finders[index]?.(piece, start - from) ?? Infinity);
      if (at < end) return true;
    }
    return false;
  }

  private read(start: number, end: number): void {
    this.from = start;
    this.to = Math.max(end, Math.min(this.block.length, start + PIECE));
    this.piece = this.block.toString('latin1', start, this.to);
    this.next.fill(-1);
  }
}

function finderOf(pattern: string): Finder {
  const plain = plainTextOf(pattern);
  if (plain !== undefined) return plainFinder(plain);
  const expression = new RegExp(pattern, 'gi');
  return (text, from) => {
    expression.lastIndex = from;
    return expression.exec(text)?.index ?? Infinity;
  };
}

function plainFinder(plain: string): Finder {
  return (text, from) => {
    const at = text.indexOf(plain, from);
    return at < 0 ? Infinity : at;
  };
}

const ESCAPE = '\\u00';
/** The rest of the escape of a letter, a digit, or what else names and addresses are made of. */
const OF_NAMES = /^(?:2[d-f]|3[0-9a]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])$/i;

/** JSON may write any character as an escape: nobody does it with these, but a line that does may hide what is looked for. */
function nextEscape(text: string, from: number): number {
  for (let at = text.indexOf(ESCAPE, from); at >= 0; at = text.indexOf(ESCAPE, at + 1)) {
    const rest = at + ESCAPE.length;
    if (OF_NAMES.test(text.slice(rest, rest + 2))) return at;
  }
  return Infinity;
}
