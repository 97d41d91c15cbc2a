import type { Digest } from './digest';

const SMALLEST = 256;
const MOST = 0xffff_ffff;

/** A set of very many digests, or a number for each: in a table that is between three and six eighths full. */
export class DigestTable {
  private readonly width: number;
  /** The halves of each, side by side, and its number. */
  private cells: Uint32Array;
  private mask = SMALLEST - 1;
  private count = 0;

  constructor(holds: 'alone' | 'with numbers') {
    this.width = holds === 'with numbers' ? 3 : 2;
    this.cells = new Uint32Array(SMALLEST * this.width);
  }

  /** Whether it was not in there before. */
  add(digest: Digest): boolean {
    const before = this.count;
    this.cellOf(digest.low, digest.high);
    return this.count > before;
  }

  /** What its number is after as much has been added. */
  increase(digest: Digest, amount: number): number {
    const at = this.cellOf(digest.low, digest.high) + 2;
    return (this.cells[at] = Math.min(MOST, (this.cells[at] ?? 0) + amount));
  }

  /** Makes its number at least as large as this; by how much it has grown. */
  raise(digest: Digest, to: number): number {
    const at = this.cellOf(digest.low, digest.high) + 2;
    const before = this.cells[at] ?? 0;
    if (to <= before) return 0;
    this.cells[at] = Math.min(MOST, to);
    return to - before;
  }

  private cellOf(low: number, high: number): number {
    if (8 * this.count >= 6 * (this.mask + 1)) this.grow();
    // Both zero marks a free cell.
    return this.find(low >>> 0 || 1, high >>> 0);
  }

  private find(low: number, high: number): number {
    const { cells, mask, width } = this;
    for (let place = low & mask; ; place = (place + 1) & mask) {
      const at = place * width;
      const there = cells[at];
      if (there === low && cells[at + 1] === high) return at;
      if (there === 0) {
        cells[at] = low;
        cells[at + 1] = high;
        this.count++;
        return at;
      }
    }
  }

  private grow(): void {
    const { cells, width } = this;
    this.cells = new Uint32Array(2 * cells.length);
    this.mask = 2 * this.mask + 1;
    this.count = 0;
    for (let at = 0; at < cells.length; at += width) {
      const low = cells[at] ?? 0;
      if (low === 0) continue;
      const to = this.find(low, cells[at + 1] ?? 0);
      if (width === 3) this.cells[to + 2] = cells[at + 2] ?? 0;
    }
  }
}
