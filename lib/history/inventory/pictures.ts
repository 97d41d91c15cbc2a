import type { PictureRecord } from '../../inventory/record';
import { parseTime } from '../time';

const SECOND = 1_000_000_000n;
/** The clocks of replicas may differ by so much. */
const SKEW = 30n * SECOND;
/** Where no picture tells how often there is one. */
const USUAL_EVERY = 6n * 3600n * SECOND;

interface Picture {
  readonly began: bigint;
  readonly every: bigint;
}

/** The latest picture of each cluster: what it does not tell of had ended. */
export class Pictures {
  private readonly latest = new Map<string, Picture>();

  add({ cluster, began: text, every }: PictureRecord): void {
    const began = parseTime(text);
    const before = this.latest.get(cluster)?.began;
    if (began !== undefined && (before === undefined || began > before))
      this.latest.set(cluster, { began, every: BigInt(every) * SECOND });
  }

  /** Whether one began so much after something was seen that it would have told of it. */
  hasPassedOver(cluster: string, seen: bigint): boolean {
    const picture = this.latest.get(cluster);
    return picture !== undefined && picture.began > seen + SKEW;
  }

  /** How often there is one, in nanoseconds. */
  every(cluster: string): bigint {
    return this.latest.get(cluster)?.every ?? USUAL_EVERY;
  }
}
