import type { Exception } from './exceptions';

type Values = Exception['values'];

/**
 * The exceptions of a rule, to which items of files append. It grows in place, and finds by name: thousands of items may
 * each append one.
 */
export class ExceptionList {
  private readonly list: (Exception & { values: Values[number][] })[] = [];
  private readonly places = new Map<string, number>();

  /** In the order in which they came up; of one name there may be several. */
  get all(): readonly Exception[] {
    return this.list;
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  add(exception: Exception): void {
    if (!this.has(exception.name)) this.places.set(exception.name, this.list.length);
    this.list.push({ ...exception, values: [...exception.values] });
  }

  /** Appends to the first of that name. */
  addValues(name: string, values: Values): void {
    const place = this.places.get(name);
    if (place === undefined) return;
    for (const value of values) this.list[place]?.values.push(value);
  }
}
