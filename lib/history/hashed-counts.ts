import { randomBytes } from 'node:crypto';

const SMALLEST = 1024;
const MOST = 0xffff_ffff;

/**
 * A number for each of very many texts, by hashing with a seed that nobody knows: twelve bytes of each, in a table that is a
 * quarter to half full.
 */
export class HashedCounts {
  private readonly seeds = [randomBytes(4).readUInt32LE(), randomBytes(4).readUInt32LE()] as const;
  private low = new Uint32Array(SMALLEST);
  private high = new Uint32Array(SMALLEST);
  private numbers = new Uint32Array(SMALLEST);
  private count = 0;

  /** What the text's number is after as much has been added. */
  add(text: string, amount: number): number {
    const at = this.placeOf(text);
    return (this.numbers[at] = Math.min(MOST, (this.numbers[at] ?? 0) + amount));
  }

  /** Makes the text's number at least as large as this; by how much it has grown. */
  raise(text: string, to: number): number {
    const at = this.placeOf(text);
    const before = this.numbers[at] ?? 0;
    if (to <= before) return 0;
    this.numbers[at] = Math.min(MOST, to);
    return to - before;
  }

  private placeOf(text: string): number {
    const [first, second] = this.seeds;
    if (2 * (this.count + 1) > this.low.length) this.grow();
    // Both zero marks a free place.
    return this.find(hash(text, first) || 1, hash(text, second));
  }

  private find(low: number, high: number): number {
    const mask = this.low.length - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      if (this.low[at] === low && this.high[at] === high) return at;
      if (this.low[at] === 0) {
        this.low[at] = low;
        this.high[at] = high;
        this.count++;
        return at;
      }
    }
  }

  private grow(): void {
    const [low, high, numbers] = [this.low, this.high, this.numbers];
    this.low = new Uint32Array(2 * low.length);
    this.high = new Uint32Array(2 * low.length);
    this.numbers = new Uint32Array(2 * low.length);
    this.count = 0;
    for (const [at, value] of low.entries())
      if (value !== 0) this.numbers[this.find(value, high[at] ?? 0)] = numbers[at] ?? 0;
  }
}

/** FNV-1a over 16-bit units, stirred at the end as MurmurHash3 does. */
function hash(text: string, seed: number): number {
  let value = seed ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
