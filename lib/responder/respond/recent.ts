/** What has been seen lately: each key for its time, and at most so many. The oldest go first. */
export class Recent {
  private readonly until = new Map<string, number>();

  constructor(
    private readonly most: number,
    private readonly now: () => number,
  ) {}

  /** Whether a key has been seen and its time isn't over. */
  has(key: string): boolean {
    return (this.until.get(key) ?? -Infinity) > this.now();
  }

  /** From now on it has been seen, for a time. */
  add(key: string, milliseconds: number): void {
    this.until.delete(key);
    const [oldest] = this.until.keys();
    if (this.until.size >= this.most && oldest !== undefined) this.until.delete(oldest);
    this.until.set(key, this.now() + milliseconds);
  }
}
