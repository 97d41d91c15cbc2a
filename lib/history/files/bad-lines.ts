/** A line that can't be read, and where it stands. */
export interface BadLine {
  readonly line: number;
  readonly reason: string;
}

/** So many are named. */
const MOST_NAMED = 10;

/** Lines that can't be read: the first are named, all are counted. */
export class BadLines<T extends BadLine = BadLine> {
  private readonly first: T[] = [];
  private all = 0;

  get count(): number {
    return this.all;
  }

  get named(): readonly T[] {
    return this.first;
  }

  note(bad: T): void {
    this.all++;
    if (this.first.length < MOST_NAMED) this.first.push(bad);
  }
}
