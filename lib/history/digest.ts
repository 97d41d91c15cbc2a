import { randomBytes } from 'node:crypto';

const { imul } = Math;
const [SEED, OTHER_SEED] = [randomBytes(4).readInt32LE(), randomBytes(4).readInt32LE()];

/**
 * 64 bits that stand for texts and numbers one after the other, in two halves that are mixed in different ways from seeds that
 * nobody knows: of ten million there are two with the same once in three hundred thousand times.
 */
export class Digest {
  low = SEED;
  high = OTHER_SEED;

  /** Goes on with a text. */
  text(text: string): this {
    let { low, high } = this;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      low = imul(low ^ unit, 0x01000193);
      low ^= low >>> 15;
      high = imul(high ^ unit, 0x2c1b3c6d);
      high ^= high >>> 13;
    }
    this.low = low;
    this.high = high;
    return this.number(text.length);
  }

  /** Goes on with some of these bytes, behind which there are four more; how many they are is for others to tell. */
  bytes(view: DataView, from: number, to: number): this {
    let { low, high } = this;
    for (let at = from; at < to; at += 4) {
      const more = to - at;
      const word = view.getInt32(at, true) & (more < 4 ? (1 << (8 * more)) - 1 : -1);
      low = imul(low ^ word, 0x01000193);
      low ^= low >>> 15;
      high = imul(high ^ word, 0x2c1b3c6d);
      high ^= high >>> 13;
    }
    this.low = low;
    this.high = high;
    return this;
  }

  /** Goes on with the last 32 bits of a number. */
  number(value: number): this {
    let low = imul(this.low ^ value, 0x85ebca6b);
    low = imul(low ^ (low >>> 13), 0xc2b2ae35);
    let high = imul(this.high ^ value, 0x9e3779b1);
    high = imul(high ^ (high >>> 15), 0x297a2d39);
    this.low = low ^ (low >>> 16);
    this.high = high ^ (high >>> 14);
    return this;
  }

  /** Goes on from there instead. */
  from(low: number, high: number): this {
    this.low = low;
    this.high = high;
    return this;
  }
}
