import { Digest } from '../digest';
import { endOfValue, Wanted, WORD } from './json-bytes';
import { MemberNames } from './member-names';

/** Fields of an alert itself that are read; {@link LineScanner} tells of `time` apart. */
const OWN = ['rule', 'priority', 'hostname'] as const;
/** Fields of its output of which connections are made. */
const OUTPUT: readonly string[] = [
  ...['cluster', 'container.id', 'evt.arg.addr', 'evt.arg.tuple', 'evt.hostname', 'evt.rawres', 'evt.res'],
  ...[
    'evt.type',
    'fd.cip',
    'fd.l4proto',
    'fd.name',
    'fd.rip',
    'fd.rip.name',
    'fd.rport',
    'fd.sip',
    'fd.sip.name',
  ],
  ...['fd.sport', 'k8s.ns.name', 'k8s.pod.name', 'k8s.pod.uid', 'k8smeta.deployment.name'],
  ...['k8smeta.ns.name', 'k8smeta.pod.name', 'k8smeta.pod.uid', 'k8smeta.rs.name', 'proc.exepath'],
  'proc.name',
];
/** Of `10.0.0.1:51006->10.0.0.2:443` only the end is read: the port before it is another each time. */
const TUPLES = ['evt.arg.tuple', 'fd.name'];

/** Whether what a field of the output says is among what {@link LineScanner} finds. */
export function isScanned(field: string): boolean {
  return OUTPUT.includes(field);
}

const [QUOTE, BACKSLASH, COMMA, MINUS] = [0x22, 0x5c, 0x2c, 0x2d] as const;
const [OPEN, CLOSE, GREATER, SPACE] = [0x7b, 0x7d, 0x3e, 0x20] as const;
/** As Go writes it, and so falcosidekick. */
const ESCAPED_GREATER = new Wanted(Buffer.from('\\u003e'));
const TIME = 1;
const FIELDS = 2;
const FIRST_FIELD = 3;
/** More than there are numbers. */
const NUMBERS = 64;

/**
 * Finds in a line of JSON all that is read of an alert, but its time, without making anything of it: two lines with the same
 * digest tell of the same connection, at different times.
 *
 * It is as strict as JSON.parse. What it doesn't know, such as spaces, names twice, objects in objects, or what the
 * collector adds to a line that it has counted, it leaves to whoever parses.
 */
export class LineScanner {
  /** Of what was found: the bytes as they stood there, and of which fields. */
  readonly digest = new Digest();
  /** Where the text of the time stands, without quotes. */
  timeFrom = 0;
  timeTo = 0;
  private readonly own: MemberNames;
  private readonly output: MemberNames;
  private readonly tuples: ReadonlySet<number>;
  /** In which line each field was seen last. */
  private readonly seenIn: Uint32Array;
  private readonly low: number;
  private readonly high: number;
  private line = 0;
  private bytes: Uint8Array = new Uint8Array();
  private view = new DataView(this.bytes.buffer);

  /** @param never names that a line may not have, of the alert itself */
  constructor(private readonly never: readonly string[]) {
    const number = (name: string): number => FIRST_FIELD + OWN.length + OUTPUT.indexOf(name);
    this.own = new MemberNames([
      ...[['time', TIME] as const, ['output_fields', FIELDS] as const],
      ...OWN.map((name, at) => [name, FIRST_FIELD + at] as const),
      ...this.never.map((name) => [name, -1] as const),
    ]);
    this.output = new MemberNames(OUTPUT.map((name) => [name, number(name)] as const));
    this.tuples = new Set(TUPLES.map(number));
    this.seenIn = new Uint32Array(FIRST_FIELD + OWN.length + OUTPUT.length);
    ({ low: this.low, high: this.high } = this.digest);
  }

  /** `false` where the line, which begins and ends with a brace, has to be parsed. */
  scan(bytes: Uint8Array, from: number, to: number): boolean {
    // Whatever is looked for ends there.
    if (to + WORD > bytes.length || (bytes[to] ?? SPACE) >= SPACE) return false;
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.line = (this.line + 1) >>> 0;
    this.timeTo = 0;
    this.digest.from(this.low, this.high);
    return this.members(from, this.own) === to && this.timeTo > 0;
  }

  /** Where the object that begins there ends; -1 if that is not known. */
  private members(from: number, names: MemberNames): number {
    const { view } = this;
    let at = from + 1;
    let last = names.beginning;
    for (;;) {
      if (view.getUint8(at) !== QUOTE) return -1;
      const name = names.after(last, view, at + 1);
      if (name === undefined) return -1;
      last = name;
      at += 1 + name.wanted.length;
      at = name.number === 0 ? endOfValue(view, at) : this.member(at, name.number);
      if (at < 0) return -1;
      const next = view.getUint8(at++);
      if (next === CLOSE) return at;
      if (next !== COMMA) return -1;
    }
  }

  private member(from: number, number: number): number {
    if (number < 0 || this.seenIn[number] === this.line) return -1;
    this.seenIn[number] = this.line;
    const { view } = this;
    if (number === FIELDS) return view.getUint8(from) === OPEN ? this.members(from, this.output) : -1;
    const end = endOfValue(view, from);
    if (number === TIME) {
      if (view.getUint8(from) !== QUOTE) return -1;
      this.timeFrom = from + 1;
      this.timeTo = end - 1;
      return end;
    }
    if (end < 0) return -1;
    const begin = this.tuples.has(number) ? startOfLastEnd(view, from, end) : from;
    this.digest.number(NUMBERS * (end - begin) + number).bytes(view, begin, end);
    return end;
  }
}

/** Where the last arrow of a tuple begins; its whole value where it has none, or isn't plain. */
function startOfLastEnd(view: DataView, from: number, end: number): number {
  let found = from;
  for (let at = from + 1; at < end - 1; at++) {
    const byte = view.getUint8(at);
    if (byte === BACKSLASH) {
      if (view.getUint8(at - 1) !== MINUS || !ESCAPED_GREATER.isAt(view, at)) return from;
      found = at - 1;
      at += ESCAPED_GREATER.length - 1;
    } else if (byte === MINUS && view.getUint8(at + 1) === GREATER) found = at;
  }
  return found;
}
