/** Fields of an alert itself that are read; {@link LineScanner} tells of `time` apart. */
const OWN = ['rule', 'priority', 'hostname'] as const;
/** Fields of its output of which connections are made. */
const OUTPUT: readonly string[] = [
  ...['cluster', 'container.id', 'evt.arg.addr', 'evt.arg.tuple', 'evt.hostname', 'evt.rawres', 'evt.res'],
  ...['evt.type', 'fd.l4proto', 'fd.name', 'fd.rip', 'fd.rip.name', 'fd.rport', 'fd.sip', 'fd.sip.name'],
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

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, POINT] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x2e] as const;
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, ZERO, GREATER] = [0x7b, 0x7d, 0x5b, 0x5d, 0x30, 0x3e] as const;
const LETTER_U = 0x75;
/** As Go writes it, and so falcosidekick. */
const ESCAPED_GREATER = Buffer.from('\\u003e');
const LITERALS = ['null', 'true', 'false'].map((text) => Buffer.from(text));
/** Begins a field among what is found; no JSON holds it. */
const MARK = 1;
const TIME = 1;
const FIELDS = 2;
const FIRST_FIELD = 3;
/** So much is found in a line at most. */
export const MOST_WORDS = 128;
const MOST_BYTES = 4 * MOST_WORDS;

/** 1 for bytes that stand for themselves within a text of JSON. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
const IS_DIGIT = oneOf('0123456789');
const IS_HEX = oneOf('0123456789abcdefABCDEF');
/** What may follow a backslash, but for u. */
const IS_ESCAPE = oneOf('"\\/bfnrt');

/** 1 for each of these. */
function oneOf(letters: string): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (letters.includes(String.fromCharCode(byte)) ? 1 : 0));
}

/** A name that is looked for, and its number. */
interface Name {
  readonly bytes: Uint8Array;
  readonly number: number;
}

/** Names by their lengths and two of their letters. */
class Names {
  private readonly byPlace: (readonly Name[])[] = Array.from({ length: 256 }, () => []);

  constructor(names: readonly (readonly [string, number])[]) {
    for (const [name, number] of names) {
      const bytes = Buffer.from(name);
      const place = placeOf(bytes, 0, bytes.length);
      this.byPlace[place] = [...(this.byPlace[place] ?? []), { bytes, number }];
    }
  }

  /** The number of the name that stands there; 0 for any other. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const found = this.byPlace[placeOf(bytes, from, to)] ?? [];
    for (const { bytes: name, number } of found) {
      if (name.length === to - from && isAt(bytes, from, name)) return number;
    }
    return 0;
  }
}

function placeOf(bytes: Uint8Array, from: number, to: number): number {
  return (7 * (to - from) + 31 * (bytes[to - 1] ?? 0) + 13 * (bytes[(from + to) >> 1] ?? 0)) & 255;
}

/**
 * Finds in a line of JSON all that is read of an alert, but its time, without making anything of it: two lines in which it finds
 * the same bytes tell of the same connection, at different times.
 *
 * It is as strict as JSON.parse. What it doesn't know, such as spaces, names twice, objects in objects, or what the
 * collector adds to a line that it has counted, it leaves to whoever parses.
 */
export class LineScanner {
  /** What was found: the bytes as they stood there, each behind the number of its field; the rest of the last word is zero. */
  readonly words = new Uint32Array(MOST_WORDS);
  /** How many words that are. */
  length = 0;
  /** Where the text of the time stands, without quotes. */
  timeFrom = 0;
  timeTo = 0;
  private readonly found = new Uint8Array(this.words.buffer);
  private readonly own: Names;
  private readonly output: Names;
  private readonly tuples: ReadonlySet<number>;
  /** In which line each field was seen last. */
  private readonly seenIn: Uint32Array;
  private line = 0;
  private filled = 0;

  /** @param never names that a line may not have, of the alert itself */
  constructor(private readonly never: readonly string[]) {
    const number = (name: string): number => FIRST_FIELD + OWN.length + OUTPUT.indexOf(name);
    this.own = new Names([
      ...[['time', TIME] as const, ['output_fields', FIELDS] as const],
      ...OWN.map((name, at) => [name, FIRST_FIELD + at] as const),
      ...this.never.map((name) => [name, -1] as const),
    ]);
    this.output = new Names(OUTPUT.map((name) => [name, number(name)] as const));
    this.tuples = new Set(TUPLES.map(number));
    this.seenIn = new Uint32Array(FIRST_FIELD + OWN.length + OUTPUT.length);
  }

  /** `false` where the line, which begins and ends with a brace, has to be parsed. More must follow it. */
  scan(bytes: Uint8Array, from: number, to: number): boolean {
    this.line = (this.line + 1) >>> 0;
    this.filled = 0;
    this.timeTo = 0;
    if (this.members(bytes, from, this.own) !== to || this.timeTo === 0) return false;
    while ((this.filled & 3) !== 0) this.found[this.filled++] = 0;
    this.length = this.filled >> 2;
    return true;
  }

  /** Where the object that begins there ends; -1 if that is not known. */
  private members(bytes: Uint8Array, from: number, names: Names): number {
    let at = from + 1;
    for (;;) {
      if (bytes[at] !== QUOTE) return -1;
      const name = at + 1;
      for (at = name; IS_PLAIN[bytes[at] ?? 0] === 1;) at++;
      if (bytes[at] !== QUOTE || bytes[at + 1] !== COLON) return -1;
      const number = names.find(bytes, name, at);
      at = number === 0 ? endOfValue(bytes, at + 2) : this.member(bytes, at + 2, number);
      if (at < 0) return -1;
      const next = bytes[at++];
      if (next === CLOSE) return at;
      if (next !== COMMA) return -1;
    }
  }

  private member(bytes: Uint8Array, from: number, number: number): number {
    if (number < 0 || this.seenIn[number] === this.line) return -1;
    this.seenIn[number] = this.line;
    if (number === FIELDS) return bytes[from] === OPEN ? this.members(bytes, from, this.output) : -1;
    const end = endOfValue(bytes, from);
    if (number === TIME) {
      if (bytes[from] !== QUOTE) return -1;
      this.timeFrom = from + 1;
      this.timeTo = end - 1;
      return end;
    }
    return this.note(bytes, this.tuples.has(number) ? startOfLastEnd(bytes, from, end) : from, end, number);
  }

  private note(bytes: Uint8Array, from: number, end: number, number: number): number {
    const { found } = this;
    let { filled } = this;
    // Some room is left to fill the last word.
    if (end < 0 || filled + end - from > MOST_BYTES - 8) return -1;
    found[filled++] = MARK;
    found[filled++] = number;
    for (let at = from; at < end; at++) found[filled++] = bytes[at] ?? 0;
    this.filled = filled;
    return end;
  }
}

/** Behind the value that begins there; -1 for what is none, or an object, or in a list of lists. */
function endOfValue(bytes: Uint8Array, from: number): number {
  return bytes[from] === OPEN_LIST ? endOfList(bytes, from) : endOfPlainValue(bytes, from);
}

function endOfList(bytes: Uint8Array, from: number): number {
  if (bytes[from + 1] === CLOSE_LIST) return from + 2;
  for (let at = from + 1; ;) {
    at = endOfPlainValue(bytes, at);
    if (at < 0) return -1;
    const next = bytes[at++];
    if (next === CLOSE_LIST) return at;
    if (next !== COMMA) return -1;
  }
}

function endOfPlainValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from] ?? 0;
  if (first === QUOTE) return endOfText(bytes, from + 1);
  if (first === MINUS || IS_DIGIT[first] === 1) return endOfNumber(bytes, from);
  for (const literal of LITERALS) {
    if (literal[0] === first) return isAt(bytes, from, literal) ? from + literal.length : -1;
  }
  return -1;
}

function endOfText(bytes: Uint8Array, from: number): number {
  const isPlain = IS_PLAIN;
  for (let at = from; ;) {
    while (isPlain[bytes[at] ?? 0] === 1) at++;
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] !== BACKSLASH) return -1;
    at++;
    const digits = bytes[at] === LETTER_U ? 4 : 0;
    if (digits === 0 && IS_ESCAPE[bytes[at] ?? 0] !== 1) return -1;
    for (const last = at + digits; at < last;) if (IS_HEX[bytes[++at] ?? 0] !== 1) return -1;
    at++;
  }
}

/** Without an exponent. */
function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from;
  if (bytes[at] === ZERO) at++;
  else if ((at = endOfDigits(bytes, at)) < 0) return -1;
  return bytes[at] === POINT ? endOfDigits(bytes, at + 1) : at;
}

function endOfDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (IS_DIGIT[bytes[at] ?? 0] === 1) at++;
  return at === from ? -1 : at;
}

/** Where the last arrow of a tuple begins; its whole value where it has none, or isn't plain. */
function startOfLastEnd(bytes: Uint8Array, from: number, end: number): number {
  let found = from;
  for (let at = from + 1; at < end - 1; at++) {
    if (bytes[at] === BACKSLASH) {
      if (bytes[at - 1] !== MINUS || !isAt(bytes, at, ESCAPED_GREATER)) return from;
      found = at - 1;
      at += ESCAPED_GREATER.length - 1;
    } else if (bytes[at] === MINUS && bytes[at + 1] === GREATER) found = at;
  }
  return found;
}

function isAt(bytes: Uint8Array, from: number, text: Uint8Array): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[from + at] !== text[at]) return false;
  return true;
}
