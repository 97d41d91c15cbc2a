import type { Span } from '../../rules/language/ast';
import type { Report, ScalarNode } from '../../rules/read/node';
import { placeInScalar } from '../../rules/read/scalar-places';
import { EditedText, type Edit } from './edited-text';
import { readItems, type ImportedItem } from './item';
import { repairsOf, type Repair } from './repair';

/** A place in the text of a rules file as it stands in the values; line and column start at 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A rules file of `customRules`: as it was written, and what of it is taken over. */
export class ImportedFile {
  readonly items: readonly ImportedItem[];
  private readonly report: Report | undefined;
  private readonly repairs: readonly Repair[];
  private readonly removed = new Map<ImportedItem, Edit>();
  private edited: EditedText;
  private whole = true;

  /** @param name in the package */
  constructor(
    readonly name: string,
    private readonly original: string,
  ) {
    const read = readItems(original);
    this.items = read?.items ?? [];
    this.report = read?.report;
    this.repairs = read === undefined ? [] : repairsOf(original, read);
    this.edited = new EditedText(original, this.repairs);
  }

  /** What is taken over, as a text; `undefined` where it is nothing. */
  get text(): string | undefined {
    const isEmpty = this.removed.size > 0 && this.kept.length === 0;
    if (!this.whole || isEmpty) return undefined;
    const { text } = this.edited;
    return this.removed.size > 0 ? `${text.trimEnd()}\n` : text;
  }

  get kept(): readonly ImportedItem[] {
    return this.whole ? this.items.filter((item) => !this.removed.has(item)) : [];
  }

  /** The changes to what is taken over. */
  get changes(): readonly Repair[] {
    return this.repairs.filter(({ item }) => !this.removed.has(item) && this.whole);
  }

  /** Where a place of {@link text} was in the values. */
  placeBefore({ line, column }: Place): Place {
    if (this.report !== undefined) return this.place(this.edited.originalOffset(line, column));
    // What ends too early is refused behind its end.
    return { line: Math.min(line, this.original.trimEnd().split('\n').length), column };
  }

  /** The item at a place of {@link text}. */
  itemAt({ line, column }: Place): ImportedItem | undefined {
    const offset = this.edited.originalOffset(line, column);
    const holds = ({ start, end }: { start: number; end: number }): boolean =>
      start <= offset && offset < end;
    return this.kept.find(({ node }) => holds(node)) ?? this.kept.find((item) => holds(this.linesOf(item)));
  }

  /** Where an offset into the text of the values stands. */
  place(offset: number): Place {
    return this.report?.position(offset) ?? { line: 1, column: 1 };
  }

  /** Where a stretch of a scalar's text stands. */
  placeIn(scalar: ScalarNode, { start, end }: Span): Place {
    return this.report === undefined
      ? { line: 1, column: 1 }
      : this.place(placeInScalar(scalar, this.report, start, end).start);
  }

  /** Items go, with their lines and the comments right above them; where they can't go alone, all of the file. */
  leaveOut(items: readonly ImportedItem[]): void {
    for (const item of items) this.removed.set(item, { ...this.linesOf(item), text: '' });
    this.edited = new EditedText(this.original, [...this.repairs, ...this.removed.values()]);
    const left = readItems(this.edited.text);
    if (left?.items.length !== this.items.length - this.removed.size) this.leaveOutAll();
  }

  /** All of it goes. */
  leaveOutAll(): void {
    this.whole = false;
  }

  private linesOf({ node }: ImportedItem): { start: number; end: number } {
    const before = this.original.slice(0, node.start);
    const dash = /-\s*$/.exec(before)?.index ?? node.start;
    const line = this.original.lastIndexOf('\n', dash - 1) + 1;
    const comments = /(?:^|\n)((?:[ \t]*#[^\n]*\n)+)$/.exec(before.slice(0, line));
    const comment = comments?.[1] ?? '';
    // A comment at the top is about the file.
    const start = comment.length === line ? line : line - comment.length;
    const last = this.original.slice(0, node.end).trimEnd().length;
    const next = this.original.indexOf('\n', last);
    return { start, end: next === -1 ? this.original.length : next + 1 };
  }
}
