/** The use of a macro in a condition: its name, and where it stands in the text. */
export interface MacroReference {
  readonly name: string;
  readonly offset: number;
}

const BLANKS = /\s*/y;
const CONNECTIVE = /(?:and|or)(?=[\s(]|$)/y;
const NOT = /not(?=[\s(])/y;
/** A macro's name stands alone: what follows ends the operand. */
const LONE_NAME = /[a-zA-Z][a-zA-Z0-9_]*(?=\s*(?:\)|$)|\s+(?:and|or)(?:[\s(]|$))/y;
const FIELD = /[a-zA-Z][\w.]*(?:\[(?:"[^"]*"|'[^']*'|[^\]"'])*\])?/y;
const UNARY_OPERATOR = /exists(?=[\s)]|$)/y;
const OPERATOR = /[=!<>]=?|[a-z]+(?:\s+(?:oneof|anyof|allof))?(?=[\s(])/y;
const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/sy;
const BARE_VALUE = /[^\s(),="']+/y;

/**
 * The macros that a condition uses.
 *
 * A light reading, not a parser: it follows the grammar of conditions as far as it must to tell a macro's name from
 * a field or a value, and stops, with what it has found so far, where it doesn't understand the text.
 *
 * @param start what the text starts with: an operand, or (an appended text) `and` or `or`
 */
export function macroReferences(
  condition: string,
  start: 'operand' | 'connective' = 'operand',
): MacroReference[] {
  const found: MacroReference[] = [];
  const scanner = new Scanner(condition);
  let expected = start;
  for (;;) {
    scanner.skip(BLANKS);
    if (scanner.done) return found;
    if (expected === 'connective') {
      if (scanner.skipText(')')) continue;
      if (!scanner.skip(CONNECTIVE)) return found;
      expected = 'operand';
      continue;
    }
    if (scanner.skip(NOT) || scanner.skipText('(')) continue;
    const offset = scanner.offset;
    if (scanner.skip(LONE_NAME)) {
      const name = condition.slice(offset, scanner.offset);
      if (name === 'and' || name === 'or' || name === 'not') return found;
      found.push({ name, offset });
    } else if (!skipCheck(scanner)) {
      return found;
    }
    expected = 'connective';
  }
}

/** Skips a comparison: field, operator, value. */
function skipCheck(scanner: Scanner): boolean {
  if (!scanner.skip(FIELD)) return false;
  // A transformer, such as tolower(proc.name).
  if (scanner.at('(') && !scanner.skipGroup()) return false;
  scanner.skip(BLANKS);
  if (scanner.skip(UNARY_OPERATOR)) return true;
  if (!scanner.skip(OPERATOR)) return false;
  scanner.skip(BLANKS);
  if (scanner.at('(')) return scanner.skipGroup();
  if (scanner.skip(QUOTED)) return true;
  if (!scanner.skip(BARE_VALUE)) return false;
  return !scanner.at('(') || scanner.skipGroup();
}

class Scanner {
  offset = 0;

  constructor(private readonly text: string) {}

  get done(): boolean {
    return this.offset >= this.text.length;
  }

  at(sign: string): boolean {
    return this.text.startsWith(sign, this.offset);
  }

  skipText(sign: string): boolean {
    if (!this.at(sign)) return false;
    this.offset += sign.length;
    return true;
  }

  /** @param pattern a sticky one */
  skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.offset;
    const match = pattern.exec(this.text);
    if (match === null) return false;
    this.offset += match[0].length;
    return true;
  }

  /** Skips from a `(` past its `)`. */
  skipGroup(): boolean {
    let depth = 0;
    while (!this.done) {
      if (this.skip(QUOTED)) continue;
      if (this.at('(')) depth++;
      if (this.at(')')) depth--;
      this.offset++;
      if (depth === 0) return true;
    }
    return false;
  }
}
