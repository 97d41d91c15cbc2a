/** How long to wait after failures in a row, in milliseconds. */
export interface BackOffLimits {
  readonly least: number;
  readonly most: number;
}

/** Each failure of a key doubles its wait, until it is forgotten. */
export class BackOff {
  private readonly failures = new Map<string, number>();

  constructor(private readonly limits: BackOffLimits) {}

  /** Counts a failure; how long to wait now. */
  next(key: string): number {
    const before = this.failures.get(key) ?? 0;
    this.failures.set(key, before + 1);
    return Math.min(this.limits.least * 2 ** before, this.limits.most);
  }

  /** Failures in a row. */
  failed(key: string): number {
    return this.failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.failures.delete(key);
  }
}
