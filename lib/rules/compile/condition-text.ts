import type { Span } from '../language/ast';
import type { Range, Report, ScalarNode } from '../read/node';
import { placeInScalar } from '../read/scalar-places';

/** A stretch of a scalar in a rules file. */
export interface Origin {
  readonly scalar: ScalarNode;
  readonly report: Report;
  /** Offsets into the scalar's text. */
  readonly start: number;
  readonly end: number;
}

/** What comes into the place of a stretch of a text. */
export interface Replacement extends Span {
  readonly text: string;
}

interface Piece {
  readonly text: string;
  readonly origin: Origin | undefined;
  /** Whether the text is that of its origin, character by character; else it stands for the whole of it. */
  readonly exact: boolean;
}

/**
 * The text of a condition as Falco compiles it: put together from the scalars of several files, with items of lists in
 * the place of their names. It knows of each character where somebody wrote it.
 */
export class ConditionText {
  private whole: string | undefined;
  private flat: readonly Piece[] | undefined;
  private offsets: readonly number[] | undefined;

  /** @param parts put in a row only when somebody asks: of a condition that is appended to, nobody wants the ones between */
  private constructor(private parts: readonly (Piece | ConditionText)[]) {}

  get text(): string {
    return (this.whole ??= this.pieces.map(({ text }) => text).join(''));
  }

  private get pieces(): readonly Piece[] {
    if (this.flat !== undefined) return this.flat;
    const pieces: Piece[] = [];
    // A stack of its own: a text that was appended to a thousand times nests as deep.
    const open = [...this.parts].reverse();
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      if (!(part instanceof ConditionText)) {
        if (part.text !== '') pieces.push(part);
        continue;
      }
      const within = part.flat ?? part.parts;
      for (let i = within.length - 1; i >= 0; i--) {
        const inner = within[i];
        if (inner !== undefined) open.push(inner);
      }
    }
    this.parts = pieces;
    return (this.flat = pieces);
  }

  static of(scalar: ScalarNode, report: Report): ConditionText {
    const { text } = scalar;
    return new ConditionText([{ text, exact: true, origin: { scalar, report, start: 0, end: text.length } }]);
  }

  /** Text that nobody wrote. */
  static made(text: string): ConditionText {
    return new ConditionText([{ text, origin: undefined, exact: false }]);
  }

  /** Text that was made of a scalar's, and stands for it as a whole. */
  static madeOf(text: string, scalar: ScalarNode, report: Report): ConditionText {
    return new ConditionText([
      { text, exact: false, origin: { scalar, report, start: 0, end: scalar.text.length } },
    ]);
  }

  static join(...texts: readonly ConditionText[]): ConditionText {
    return ConditionText.joined(texts);
  }

  static joined(texts: readonly ConditionText[]): ConditionText {
    return new ConditionText(texts);
  }

  /** The text with others in the place of stretches of it, which they then stand for; in order, none meeting another. */
  replace(replacements: readonly Replacement[]): ConditionText {
    const pieces: Piece[] = [];
    const cutter = new Cutter(this.pieces);
    for (const { start, end, text } of replacements) {
      for (const piece of cutter.take(start)) pieces.push(piece);
      pieces.push({ text, origin: wordOf(cutter.take(end)), exact: false });
    }
    for (const piece of cutter.take(this.text.length)) pieces.push(piece);
    return new ConditionText(pieces);
  }

  /** The text without the blanks around it. */
  trimmed(): ConditionText {
    const { text } = this;
    let [start, end] = [0, text.length];
    while (start < end && isBlank(text, start)) start++;
    while (end > start && isBlank(text, end - 1)) end--;
    if (start === 0 && end === text.length) return this;
    const cutter = new Cutter(this.pieces);
    cutter.take(start);
    return new ConditionText(cutter.take(end));
  }

  /** Where a stretch was written: its first character's scalar counts. */
  placeOf(span: Span): { readonly report: Report; readonly range: Range } | undefined {
    const origin = this.originOf(span);
    if (origin === undefined) return undefined;
    const { scalar, report, start, end } = origin;
    return { report, range: placeInScalar(scalar, report, start, end) };
  }

  /** The reports of the files that it was written in. */
  reports(): Report[] {
    return [...new Set(this.pieces.flatMap(({ origin }) => (origin === undefined ? [] : [origin.report])))];
  }

  private originOf({ start, end }: Span): Origin | undefined {
    const { pieces } = this;
    for (let index = this.pieceAt(start); index < pieces.length; index++) {
      const piece = pieces[index];
      if (piece?.origin === undefined) continue;
      const { origin, exact } = piece;
      if (!exact) return origin;
      const from = index === 0 ? 0 : (this.ends[index - 1] ?? 0);
      const first = origin.start + Math.max(0, start - from);
      return {
        ...origin,
        start: first,
        end: Math.min(origin.end, Math.max(first, origin.start + end - from)),
      };
    }
    // An error at the end of the text is shown where the text ends.
    const last = pieces.findLast(({ origin }) => origin !== undefined)?.origin;
    return last && { ...last, start: Math.max(last.start, last.end - 1) };
  }

  /** The index of the piece that holds an offset; behind all of them for the end of the text. */
  private pieceAt(offset: number): number {
    const { ends } = this;
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The offset at which each piece ends. */
  private get ends(): readonly number[] {
    if (this.offsets !== undefined) return this.offsets;
    let end = 0;
    return (this.offsets = this.pieces.map(({ text }) => (end += text.length)));
  }
}

function isBlank(text: string, at: number): boolean {
  return ' \t\n\v\f\r'.includes(text.charAt(at));
}

/** Hands out the pieces of a text from left to right. */
class Cutter {
  private at = 0;
  private index = 0;
  private within = 0;

  constructor(private readonly pieces: readonly Piece[]) {}

  /** What stands from where it is to an offset. */
  take(to: number): Piece[] {
    const taken: Piece[] = [];
    while (this.at < to) {
      const piece = this.pieces[this.index];
      if (piece === undefined) break;
      const length = Math.min(piece.text.length - this.within, to - this.at);
      taken.push(part(piece, this.within, this.within + length));
      this.at += length;
      this.within += length;
      if (this.within === piece.text.length) {
        this.index++;
        this.within = 0;
      }
    }
    return taken;
  }
}

/** Where the first word of a stretch was written. */
function wordOf(stretch: readonly Piece[]): Origin | undefined {
  for (const { text, origin, exact } of stretch) {
    const blanks = text.length - text.trimStart().length;
    if (origin === undefined || blanks === text.length) continue;
    if (!exact) return origin;
    return { ...origin, start: origin.start + blanks, end: origin.start + text.trimEnd().length };
  }
  return undefined;
}

function part(piece: Piece, start: number, end: number): Piece {
  const { text, origin, exact } = piece;
  if (origin === undefined || !exact) return { ...piece, text: text.slice(start, end) };
  const stretch = { ...origin, start: origin.start + start, end: origin.start + end };
  return { text: text.slice(start, end), exact, origin: stretch };
}
