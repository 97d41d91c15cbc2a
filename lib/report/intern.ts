/** Things by their keys, each with a number in the order in which it came; no more than a limit. */
export class Interned<T> {
  readonly items: T[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** The number of what has this key; `undefined` where there is no room for one more. */
  numberOf(key: string, make: () => T): number | undefined {
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    if (this.items.length >= this.most) return undefined;
    this.numbers.set(key, this.items.length);
    return this.items.push(make()) - 1;
  }
}
