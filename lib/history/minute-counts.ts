import { Digest } from './digest';
import { DigestTable } from './digest-table';

/** So many are noted in a piece, at two numbers each. */
const PIECE = 1024;

/** Counts of minutes by digests, and which lines they were made of. */
export class MinuteCounts {
  private readonly lines = new DigestTable('alone');
  /** Minutes of lines that stand for one attempt each: while there are no others, nobody has to tell them apart. */
  private singles: Uint32Array[] = [];
  private single = 0;
  /** Of each minute by who counted it, and the most that one of them counted. */
  private counts: { readonly sums: DigestTable; readonly most: DigestTable } | undefined;
  private readonly digest = new Digest();

  /** Whether no such line came before. */
  isNew(line: Digest): boolean {
    return this.lines.add(line);
  }

  /** How many attempts more are known of a minute by what somebody counted. */
  add(minute: Digest, run: string | undefined, count: number): number {
    if (this.counts !== undefined) return this.count(minute, run, count);
    if (run !== undefined || count !== 1) {
      this.counts = { sums: new DigestTable('with numbers'), most: new DigestTable('with numbers') };
      this.countSingles();
      return this.count(minute, run, count);
    }
    const at = this.single++ % PIECE;
    if (at === 0) this.singles.push(new Uint32Array(2 * PIECE));
    const piece = this.singles[this.singles.length - 1];
    if (piece === undefined) return 1;
    piece[2 * at] = minute.low;
    piece[2 * at + 1] = minute.high;
    return 1;
  }

  private count({ low, high }: Digest, run: string | undefined, count: number): number {
    if (this.counts === undefined) return 0;
    const { sums, most } = this.counts;
    const { digest } = this;
    const sum = sums.increase(digest.from(low, high).text(run ?? ''), count);
    return most.raise(digest.from(low, high), sum);
  }

  private countSingles(): void {
    const digest = new Digest();
    for (let at = 0; at < this.single; at++) {
      const piece = this.singles[Math.floor(at / PIECE)];
      const place = 2 * (at % PIECE);
      this.count(digest.from(piece?.[place] ?? 0, piece?.[place + 1] ?? 0), undefined, 1);
    }
    this.singles = [];
  }
}
