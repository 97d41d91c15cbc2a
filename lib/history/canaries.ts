import type { AlertRecord } from './read-connection';
import { textOf } from './fields';

/** So long is a tick, in nanoseconds: four a minute, so that a canary that comes a little late is told from one that is missing. */
export const TICK = 15_000_000_000n;
/** Ticks of a minute. */
export const TICKS_OF_MINUTE = 4;

const TICKS_OF_DAY = 24 * 60 * TICKS_OF_MINUTE;
const BYTES_OF_DAY = TICKS_OF_DAY / 8;
/** Days of nodes: a month of 3,300 nodes, and 72 MB. */
const MOST_DAYS = 100_000;

/** The name of a node among those of all clusters. */
export interface NodeName {
  readonly cluster: string | undefined;
  readonly node: string;
}

/** A node that wrote canaries. */
export interface CanaryNode extends NodeName {
  /** The ticks in which it did, in order, each once. */
  readonly ticks: () => Iterable<number>;
}

/**
 * When nodes were heard of: a bit for each tick of a day on which one was. In whatever order canaries come, and however often
 * they were stored, each counts once.
 */
export class Canaries {
  private readonly days = new Map<
    string,
    { readonly name: NodeName; readonly bits: Map<number, Uint8Array> }
  >();
  private dayCount = 0;
  private dropped = 0;

  /** @param most days of nodes that are kept */
  constructor(private readonly most = MOST_DAYS) {}

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.days.size === 0;
  }

  /** Canaries that are not kept, since there were too many days of too many nodes. */
  get leftOut(): number {
    return this.dropped;
  }

  /** Takes an alert of the canary's; one that doesn't say of which node is of no use. */
  note({ time, hostname, cluster, fields }: AlertRecord): void {
    const node = hostname ?? textOf(fields, 'evt.hostname');
    if (node !== undefined)
      this.add({ cluster: textOf(fields, 'cluster') ?? cluster, node }, Number(time / TICK));
  }

  /** @param tick since 1970 */
  add(name: NodeName, tick: number): void {
    const key = `${name.cluster ?? ''}\0${name.node}`;
    const known = this.days.get(key) ?? { name, bits: new Map<number, Uint8Array>() };
    const day = Math.floor(tick / TICKS_OF_DAY);
    let bits = known.bits.get(day);
    if (bits === undefined) {
      if (this.dayCount >= this.most) {
        this.dropped++;
        return;
      }
      this.dayCount++;
      bits = new Uint8Array(BYTES_OF_DAY);
      known.bits.set(day, bits);
      this.days.set(key, known);
    }
    const at = tick - day * TICKS_OF_DAY;
    bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  }

  /** All nodes, by their names. */
  nodes(): readonly CanaryNode[] {
    return [...this.days.entries()]
      .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
      .map(([, { name, bits }]) => ({ ...name, ticks: () => ticksIn(bits) }));
  }
}

function* ticksIn(days: ReadonlyMap<number, Uint8Array>): Generator<number, undefined> {
  for (const [day, bits] of [...days].sort(([a], [b]) => a - b)) {
    for (const [index, byte] of bits.entries()) {
      if (byte === 0) continue;
      for (let bit = 0; bit < 8; bit++)
        if ((byte & (1 << bit)) !== 0) yield day * TICKS_OF_DAY + 8 * index + bit;
    }
  }
  return undefined;
}
