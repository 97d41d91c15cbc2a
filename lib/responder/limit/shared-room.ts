/**
 * Room that several share. Nobody gets more once it would hold more than is free: one alone has half of it, and whoever comes
 * after it half of what is left, so that the next still finds some.
 */
export class SharedRoom {
  private readonly held = new Map<string, number>();
  private used = 0;

  /** @param most what there is of it */
  constructor(private readonly most: number) {}

  /** What is held by all. */
  get size(): number {
    return this.used;
  }

  /** Takes some of it, or nothing where that would be more than its share. */
  take(who: string, amount: number): boolean {
    const own = this.held.get(who) ?? 0;
    if (own + amount > this.most - this.used) return false;
    this.held.set(who, own + amount);
    this.used += amount;
    return true;
  }

  /** Gives back what was taken. */
  giveBack(who: string, amount: number): void {
    const own = (this.held.get(who) ?? 0) - amount;
    this.used -= amount;
    if (own > 0) this.held.set(who, own);
    else this.held.delete(who);
  }
}
