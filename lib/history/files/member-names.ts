import { endOfPlain, Wanted } from './json-bytes';

const [QUOTE, COLON] = [0x22, 0x3a] as const;
/** So many names are remembered that nobody looks for. */
const MOST_OTHERS = 256;

/** A name of a member of an object. */
export interface MemberName {
  /** As it stands, behind its first quote: with the other one, and a colon. */
  readonly wanted: Wanted;
  /** 0 for one that nobody looks for. */
  readonly number: number;
  /** The one that followed it last. */
  next: MemberName | undefined;
}

/** Finds names that are looked for. Writers have theirs in one order: mostly the one that is expected is there. */
export class MemberNames {
  /** Stands before the first member of an object. */
  readonly beginning: MemberName = { wanted: new Wanted(new Uint8Array()), number: 0, next: undefined };
  private readonly byPlace: (readonly MemberName[])[] = Array.from({ length: 256 }, () => []);
  private others = 0;

  /** @param names with their numbers, which are not 0 */
  constructor(names: readonly (readonly [string, number])[]) {
    for (const [name, number] of names) {
      const bytes = Buffer.from(`${name}":`);
      this.keep({ wanted: new Wanted(bytes), number, next: undefined }, bytes);
    }
  }

  /** The name that stands there, in plain letters and before a colon; `undefined` where none does. */
  after(last: MemberName, view: DataView, from: number): MemberName | undefined {
    const { next } = last;
    if (next?.wanted.isAt(view, from) === true) return next;
    const found = this.find(view, from);
    last.next = found;
    return found;
  }

  private find(view: DataView, from: number): MemberName | undefined {
    const to = endOfPlain(view, from);
    if (view.getUint8(to) !== QUOTE || view.getUint8(to + 1) !== COLON) return undefined;
    const length = to + 2 - from;
    const bytes = Uint8Array.from({ length }, (_, at) => view.getUint8(from + at));
    for (const name of this.byPlace[placeOf(bytes)] ?? [])
      if (name.wanted.length === length && name.wanted.isAt(view, from)) return name;
    const other = { wanted: new Wanted(bytes), number: 0, next: undefined };
    if (this.others < MOST_OTHERS) {
      this.others++;
      this.keep(other, bytes);
    }
    return other;
  }

  private keep(name: MemberName, bytes: Uint8Array): void {
    const place = placeOf(bytes);
    this.byPlace[place] = [...(this.byPlace[place] ?? []), name];
  }
}

/** By its length and two of its letters. */
function placeOf(bytes: Uint8Array): number {
  const { length } = bytes;
  return (7 * length + 31 * (bytes[length - 3] ?? 0) + 13 * (bytes[length >> 1] ?? 0)) & 255;
}
