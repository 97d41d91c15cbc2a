import { randomBytes } from 'node:crypto';
import type { Connection } from './connection';

const SMALLEST = 1024;

/**
 * Which connections have been seen, whatever way they came: stored twice, sent on by falcosidekick and by the collector, or
 * raised by two rules. The same one has the same time to the nanosecond, node, container and destination; a store adds,
 * sorts and cuts what else there is.
 *
 * It holds eight bytes of each, by hashing with a seed that nobody knows: a million take 16 MB.
 */
export class Seen {
  private readonly seeds = [randomBytes(4).readUInt32LE(), randomBytes(4).readUInt32LE()] as const;
  private low = new Uint32Array(SMALLEST);
  private high = new Uint32Array(SMALLEST);
  private count = 0;

  /** Whether it is the first time. */
  add(connection: Connection): boolean {
    const identity = identityOf(connection);
    const [first, second] = this.seeds;
    // Both zero marks a free place.
    return this.insert(hash(identity, first) || 1, hash(identity, second));
  }

  private insert(low: number, high: number): boolean {
    if (2 * (this.count + 1) > this.low.length) this.grow();
    const mask = this.low.length - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      if (this.low[at] === 0) {
        this.low[at] = low;
        this.high[at] = high;
        this.count++;
        return true;
      }
      if (this.low[at] === low && this.high[at] === high) return false;
    }
  }

  private grow(): void {
    const [low, high] = [this.low, this.high];
    this.low = new Uint32Array(2 * low.length);
    this.high = new Uint32Array(2 * low.length);
    this.count = 0;
    for (const [at, value] of low.entries()) if (value !== 0) this.insert(value, high[at] ?? 0);
  }
}

function identityOf({ first, last, node, containerId, pod, namespace, destination }: Connection): string {
  const { address, port } = destination;
  const span = first === last ? String(first) : `${first}-${last}`;
  return [span, node, containerId, namespace, pod, address, port].join('\0');
}

/** FNV-1a over 16-bit units, stirred at the end as MurmurHash3 does. */
function hash(text: string, seed: number): number {
  let value = seed ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
