/** What comes into the place of a stretch of a text; offsets, the end exclusive. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text after edits, which still knows where each line of it stood before them. */
export class EditedText {
  readonly text: string;
  private readonly edits: readonly Edit[];

  /** @param edits none meeting another, but one may lie within another, which then counts alone */
  constructor(
    private readonly original: string,
    edits: readonly Edit[],
  ) {
    this.edits = edits
      .filter((edit, index) =>
        // By an alias of YAML the same stretch can be meant twice.
        edits.every(
          (other, at) => at === index || !isWithin(edit, other) || (isWithin(other, edit) && index < at),
        ),
      )
      .toSorted((a, b) => a.start - b.start);
    let at = 0;
    const parts = this.edits.map(({ start, end, text }) => {
      const part = original.slice(at, start) + text;
      at = end;
      return part;
    });
    this.text = parts.join('') + original.slice(at);
  }

  /** The offset in the text before the edits of a place after them; lines and columns start at 1. */
  originalOffset(line: number, column: number): number {
    const offset = offsetOf(this.text, line, column);
    let longer = 0;
    for (const { start, end, text } of this.edits) {
      const from = start + longer;
      if (offset < from) break;
      if (offset < from + text.length) return start;
      longer += text.length - (end - start);
    }
    return Math.min(offset - longer, this.original.length);
  }
}

function isWithin(inner: Edit, outer: Edit): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
}
