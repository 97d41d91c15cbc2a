import { complement, LAST_CODE_POINT, namedClass, NEWLINE, union, type Range } from './characters';
import { RegexError } from './error';

/** A regular expression, parsed. */
export type Regex =
  | { readonly kind: 'empty' | 'line start' | 'line end' }
  | { readonly kind: 'class'; readonly ranges: readonly Range[] }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Regex[] }
  | { readonly kind: 'repeat'; readonly part: Regex; readonly least: number; readonly most: number };

/** RE2 counts no further, nested counts multiplied. */
const MOST_REPETITIONS = 1000;
/** Deeper than anyone writes; RE2 has no such bound, but Falco's values end at a few thousand characters. */
const DEEPEST = 1000;

/** An open group: the choices that ended, and the sequence that is being read. */
interface Group {
  readonly choices: Regex[];
  sequence: Regex[];
}

/**
 * A regular expression as Falco reads it: RE2 in its POSIX syntax. So no `\d`, `\w`, `\b`, `(?i)` or lazy `*?`; `^` and
 * `$` hold at every line's ends, and `.` is anything but a line feed.
 *
 * @throws {@link RegexError}
 */
export function parseRegex(pattern: string): Regex {
  const reader = new Reader(pattern);
  const outer: Group[] = [];
  let group: Group = { choices: [], sequence: [] };
  for (let c = reader.take(); c !== undefined; c = reader.take()) {
    switch (c) {
      case '(':
        if (outer.length >= DEEPEST) throw new RegexError(`has groups nested more than ${DEEPEST} deep`);
        outer.push(group);
        group = { choices: [], sequence: [] };
        break;
      case ')': {
        const enclosing = outer.pop();
        if (enclosing === undefined) throw new RegexError("has a ')' that closes no '('");
        enclosing.sequence.push(closed(group));
        group = enclosing;
        break;
      }
      case '|':
        group.choices.push(sequenceOf(group.sequence));
        group.sequence = [];
        break;
      case '*':
        repeatLast(group, c, 0, Infinity);
        break;
      case '+':
        repeatLast(group, c, 1, Infinity);
        break;
      case '?':
        repeatLast(group, c, 0, 1);
        break;
      case '{': {
        const count = reader.takeCount();
        if (count === undefined) group.sequence.push(character('{'));
        else repeatLast(group, count.text, count.least, count.most);
        break;
      }
      case '^':
        group.sequence.push({ kind: 'line start' });
        break;
      case '$':
        group.sequence.push({ kind: 'line end' });
        break;
      case '.':
        group.sequence.push({ kind: 'class', ranges: complement([[NEWLINE, NEWLINE]]) });
        break;
      case '[':
        group.sequence.push({ kind: 'class', ranges: readClass(reader) });
        break;
      case '\\':
        group.sequence.push(exactly(reader.takeEscaped()));
        break;
      default:
        group.sequence.push(character(c));
    }
  }
  if (outer.length > 0) throw new RegexError("has a '(' without its ')'");
  return closed(group);
}

function character(c: string): Regex {
  return exactly(c.codePointAt(0) ?? 0);
}

function exactly(code: number): Regex {
  return { kind: 'class', ranges: [[code, code]] };
}

function sequenceOf(parts: readonly Regex[]): Regex {
  const [only] = parts;
  if (only === undefined) return { kind: 'empty' };
  return parts.length === 1 ? only : { kind: 'sequence', parts };
}

function closed(group: Group): Regex {
  const last = sequenceOf(group.sequence);
  return group.choices.length === 0 ? last : { kind: 'choice', parts: [...group.choices, last] };
}

function repeatLast(group: Group, written: string, least: number, most: number): void {
  const counted = written.startsWith('{');
  if (counted && (Math.max(least, Number.isFinite(most) ? most : 0) > MOST_REPETITIONS || most < least)) {
    throw new RegexError(`has the count ${written}: RE2 takes 0 to ${MOST_REPETITIONS}, the smaller first`);
  }
  const part = group.sequence.pop();
  if (part === undefined) {
    const hint = written === '?' ? "RE2's POSIX syntax has no '(?…)': no look-around, no flags" : undefined;
    throw new RegexError(`has '${written}' with nothing before it to repeat`, hint);
  }
  const repeat: Regex = { kind: 'repeat', part, least, most };
  if (counted && (least >= 2 || most >= 2) && repetitionsLeft(repeat, MOST_REPETITIONS) === 0) {
    throw new RegexError(`repeats a part more than ${MOST_REPETITIONS} times in all with ${written}`);
  }
  // What is repeated without a bound stays the same when it is repeated so again; keeps `a****…` shallow.
  group.sequence.push(isStar(part) && isStar(repeat) ? part : repeat);
}

function isStar(regex: Regex): boolean {
  return regex.kind === 'repeat' && regex.least === 0 && regex.most === Infinity;
}

/** What nested counts leave of the repetitions that are allowed; 0 means too many. */
function repetitionsLeft(regex: Regex, allowed: number): number {
  switch (regex.kind) {
    case 'sequence':
    case 'choice':
      return Math.min(allowed, ...regex.parts.map((part) => repetitionsLeft(part, allowed)));
    case 'repeat': {
      const counted =
        regex.most === Infinity ? (regex.least >= 2 ? regex.least : 1) : Math.max(regex.most, 1);
      return repetitionsLeft(regex.part, Math.floor(allowed / counted));
    }
    default:
      return allowed;
  }
}

/** What stands after `[`, up to and with its `]`. */
function readClass(reader: Reader): readonly Range[] {
  const start = reader.position - 1;
  const unclosed = (): RegexError => new RegexError(`has a '[' without its ']': ${reader.from(start)}`);
  const negated = reader.skip('^');
  const ranges: Range[] = [];
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    if (reader.peek() === undefined) throw unclosed();
    if (!first && reader.peek() === '-' && reader.peek(1) !== ']') {
      throw new RegexError("has a '-' within [ ] that is neither a range nor first or last");
    }
    const name = reader.takeClassName();
    if (name !== undefined) {
      const named = namedClass(name);
      if (named === undefined) throw new RegexError(`has no such class: [:${name}:]`);
      ranges.push(...named);
      continue;
    }
    const low = reader.takeInClass() ?? fail(unclosed());
    if (reader.peek() !== '-' || reader.peek(1) === ']' || reader.peek(1) === undefined) {
      ranges.push([low, low]);
      continue;
    }
    reader.take();
    const high = reader.takeInClass() ?? fail(unclosed());
    if (high < low) throw new RegexError('has a range within [ ] whose end comes before its start');
    ranges.push([low, high]);
  }
  reader.take();
  return negated ? complement(ranges) : union(ranges);
}

function fail(error: RegexError): never {
  throw error;
}

const ESCAPED: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, a: 7, f: 12, v: 11 };
/** Classes of Perl, and what POSIX calls them. */
const PERL: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[[:word:]]',
  W: '[^[:word:]]',
  s: '[[:space:]]',
  S: '[^[:space:]]',
};

/** Reads a pattern character by character. */
class Reader {
  private readonly characters: readonly string[];
  position = 0;

  constructor(pattern: string) {
    this.characters = Array.from(pattern);
  }

  peek(ahead = 0): string | undefined {
    return this.characters[this.position + ahead];
  }

  take(): string | undefined {
    const c = this.characters[this.position];
    if (c !== undefined) this.position++;
    return c;
  }

  skip(c: string): boolean {
    if (this.peek() !== c) return false;
    this.position++;
    return true;
  }

  from(position: number): string {
    return this.characters.slice(position, position + 40).join('');
  }

  takeInClass(): number | undefined {
    const c = this.take();
    return c === '\\' ? this.takeEscaped() : c?.codePointAt(0);
  }

  /** The name of `[:name:]`, if that stands here. */
  takeClassName(): string | undefined {
    if (this.peek() !== '[' || this.peek(1) !== ':') return undefined;
    for (let end = this.position + 2; end + 1 < this.characters.length; end++) {
      if (this.characters[end] !== ':' || this.characters[end + 1] !== ']') continue;
      const name = this.characters.slice(this.position + 2, end).join('');
      this.position = end + 2;
      return name;
    }
    return undefined;
  }

  /** The rest of `{2}`, `{2,}` or `{2,5}`; nothing is taken where `{` is a character like any other. */
  takeCount(): { readonly text: string; readonly least: number; readonly most: number } | undefined {
    const rest = this.characters.slice(this.position, this.position + 32).join('');
    const match = /^(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/.exec(rest);
    if (match === null) return undefined;
    const [text, least, comma, most] = match;
    this.position += text.length;
    const upper = comma === undefined ? least : most;
    return { text: `{${text}`, least: Number(least), most: upper === undefined ? Infinity : Number(upper) };
  }

  /** The character that an escape stands for; its backslash is taken already. */
  takeEscaped(): number {
    const c = this.take();
    if (c === undefined) throw new RegexError('ends in a backslash');
    const simple = Object.hasOwn(ESCAPED, c) ? ESCAPED[c] : undefined;
    if (simple !== undefined) return simple;
    if (c === 'x') return this.takeHexadecimal();
    if (c >= '0' && c <= '7') return this.takeOctal(c);
    const code = c.codePointAt(0) ?? 0;
    if (code < 0x80 && !/[a-zA-Z0-9]/.test(c)) return code;
    const instead = Object.hasOwn(PERL, c) ? `write ${String(PERL[c])}` : undefined;
    throw new RegexError(`has '\\${c}', which RE2's POSIX syntax does not know`, instead);
  }

  private takeOctal(first: string): number {
    let digits = first;
    for (
      let next = this.peek();
      digits.length < 3 && next !== undefined && /[0-7]/.test(next);
      next = this.peek()
    ) {
      digits += next;
      this.position++;
    }
    if (digits.length === 1 && first !== '0') {
      throw new RegexError(`has '\\${first}': RE2 knows no back references`);
    }
    return Number.parseInt(digits, 8);
  }

  private takeHexadecimal(): number {
    const rest = this.characters.slice(this.position, this.position + 4096).join('');
    const match = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(rest);
    const code = match === null ? NaN : Number.parseInt(match[1] ?? match[2] ?? '', 16);
    if (match === null || !(code <= LAST_CODE_POINT)) {
      throw new RegexError("has '\\x' without two hexadecimal digits, or {…} with a code point");
    }
    this.position += match[0].length;
    return code;
  }
}
