import type { Finding, Severity } from '../finding';

/** A place in a rules file: offsets into its text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Anything in the YAML of a rules file, as Falco's reader sees it: all scalars are text. */
export type Node = ScalarNode | NullNode | SequenceNode | MappingNode;

export interface ScalarNode extends Range {
  readonly type: 'scalar';
  readonly text: string;
}

/** Nothing at all, `~` or `null`. */
interface NullNode extends Range {
  readonly type: 'null';
}

interface SequenceNode extends Range {
  readonly type: 'sequence';
  readonly items: readonly Node[];
}

/** Keys that aren't scalars are left out; of a key that stands twice, Falco takes the first. */
export interface MappingNode extends Range {
  readonly type: 'mapping';
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: ScalarNode;
  readonly value: Node;
}

/** The value of a key, `undefined` if the mapping hasn't got it. */
export function valueOf(node: MappingNode, key: string): Node | undefined {
  return node.entries.find((entry) => entry.key.text === key)?.value;
}

/** Collects what is wrong with one file. */
export class Report {
  readonly findings: Finding[] = [];

  /** @param lineStarts offsets at which the file's lines start, the first 0 */
  constructor(
    readonly file: string,
    private readonly text: string,
    private readonly lineStarts: readonly number[],
  ) {}

  error(code: string, at: Range, message: string, hint?: string): void {
    this.add('error', code, at, message, hint);
  }

  warning(code: string, at: Range, message: string, hint?: string): void {
    this.add('warning', code, at, message, hint);
  }

  /** The source text of a place. */
  source(at: Range): string {
    return this.text.slice(at.start, at.end);
  }

  /** Line and column of an offset, from 1. */
  position(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }

  /** Whether nothing but blanks stands before it in its line. */
  isFirstInLine(offset: number): boolean {
    return this.text.slice(offset - this.position(offset).column + 1, offset).trim() === '';
  }

  private add(severity: Severity, code: string, at: Range, message: string, hint: string | undefined): void {
    const { line, column } = this.position(at.start);
    // A finding about several lines underlines the first only.
    const length = Math.max(
      1,
      this.source(at)
        .split(/[\r\n]/, 1)[0]
        ?.trimEnd().length ?? 1,
    );
    const finding = { file: this.file, line, column, length, severity, code, message };
    this.findings.push(hint === undefined ? finding : { ...finding, hint });
  }
}
