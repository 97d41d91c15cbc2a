/** How fast each sender may be. */
export interface RateLimitProps {
  /** What comes back in a second. */
  readonly perSecond: number;
  /** What may be taken at once by whoever took nothing for a while. */
  readonly burst: number;
  /** Senders that are remembered; of more, whoever was quiet longest begins anew. */
  readonly most: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/**
 * A bucket of tokens for each sender. Whoever has any may take as many as it needs, also more than there are, and owes the
 * rest: what is larger than a bucket must not be refused for ever.
 */
export class RateLimit {
  private readonly buckets = new Map<string, { readonly level: number; readonly at: number }>();

  constructor(private readonly props: RateLimitProps) {}

  /** Senders that are remembered. */
  get size(): number {
    return this.buckets.size;
  }

  /** In how many milliseconds a sender may come again; 0 where it may now. */
  waitOf(sender: string): number {
    const level = this.levelOf(sender);
    return level > 0 ? 0 : Math.floor((-level / this.props.perSecond) * 1000) + 1;
  }

  /** Takes what a sender has cost; less than nothing gives it back. */
  take(sender: string, cost: number): void {
    const { burst, most, now } = this.props;
    const level = Math.min(burst, this.levelOf(sender) - cost);
    this.buckets.delete(sender);
    const [quietest] = this.buckets.keys();
    if (this.buckets.size >= most && quietest !== undefined) this.buckets.delete(quietest);
    this.buckets.set(sender, { level, at: now() });
  }

  private levelOf(sender: string): number {
    const { perSecond, burst, now } = this.props;
    const bucket = this.buckets.get(sender);
    if (bucket === undefined) return burst;
    return Math.min(burst, bucket.level + (Math.max(0, now() - bucket.at) / 1000) * perSecond);
  }
}
