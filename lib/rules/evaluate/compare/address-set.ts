import { compareWords, type Address } from './address';
import type { AddressRange } from './network';

/** Whether an address is in one of some ranges: found by halving sorted ranges, however many there are. */
export class AddressSet {
  private readonly v4First: number[] = [];
  private readonly v4Last: number[] = [];
  private readonly v6First: (readonly number[])[] = [];
  private readonly v6Last: (readonly number[])[] = [];

  constructor(ranges: readonly AddressRange[]) {
    for (const { first, last } of ranges.toSorted(byFirst)) {
      if (first.family === 4 && last.family === 4) this.addV4(first.value, last.value);
      if (first.family === 6 && last.family === 6) this.addV6(first.words, last.words);
    }
  }

  has(address: Address): boolean {
    return address.family === 4 ? this.hasV4(address.value) : this.hasV6(address.words);
  }

  private addV4(first: number, last: number): void {
    const index = this.v4Last.length - 1;
    const before = this.v4Last[index];
    if (before !== undefined && first <= before) {
      this.v4Last[index] = Math.max(before, last);
    } else {
      this.v4First.push(first);
      this.v4Last.push(last);
    }
  }

  private addV6(first: readonly number[], last: readonly number[]): void {
    const index = this.v6Last.length - 1;
    const before = this.v6Last[index];
    if (before !== undefined && compareWords(first, before) <= 0) {
      if (compareWords(last, before) > 0) this.v6Last[index] = last;
    } else {
      this.v6First.push(first);
      this.v6Last.push(last);
    }
  }

  private hasV4(value: number): boolean {
    let low = 0;
    let high = this.v4Last.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.v4Last[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return value >= (this.v4First[low] ?? Infinity);
  }

  private hasV6(words: readonly number[]): boolean {
    let low = 0;
    let high = this.v6Last.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareWords(this.v6Last[middle] ?? [], words) < 0) low = middle + 1;
      else high = middle;
    }
    const first = this.v6First[low];
    return first !== undefined && compareWords(words, first) >= 0;
  }
}

function byFirst(a: AddressRange, b: AddressRange): number {
  if (a.first.family === 4 && b.first.family === 4) return a.first.value - b.first.value;
  if (a.first.family === 6 && b.first.family === 6) return compareWords(a.first.words, b.first.words);
  return a.first.family - b.first.family;
}
