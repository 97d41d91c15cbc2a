/** Keys in the order in which they came, each once; any may be taken out. */
export class Lane {
  private readonly keys = new Set<string>();
  // Kept between calls: a new iterator would step over all that has been taken from the front since.
  private next = this.keys.values();

  get size(): number {
    return this.keys.size;
  }

  /** Puts a key at the end, if it isn't in yet. */
  push(key: string): void {
    this.keys.add(key);
  }

  /** Takes a key out, wherever it stands. */
  remove(key: string): boolean {
    return this.keys.delete(key);
  }

  /** Takes the first key out. */
  shift(): string | undefined {
    if (this.keys.size === 0) return undefined;
    let next = this.next.next();
    if (next.done === true) {
      this.next = this.keys.values();
      next = this.next.next();
    }
    if (next.done === true) return undefined;
    this.keys.delete(next.value);
    return next.value;
  }
}
