// What a character may be part of. The two kinds of blank differ: Falco skips ' ', \t, \b, \r and \n between tokens, while
// its expressions for texts and for `not` know the POSIX class of spaces, which has \v and \f, but not \b.
export const BLANK = 1;
export const SPACE = 2;
const LETTER = 4;
const DIGIT = 8;
const UNDERSCORE = 16;
const HEX_DIGIT = 32;
/** Ends a text without quotes. */
export const ENDS_BARE_TEXT = 64;
/** Ends a field's argument without quotes. */
export const ENDS_BARE_ARGUMENT = 128;

const WORD = LETTER | DIGIT | UNDERSCORE;

const CLASSES = new Uint8Array(128);
mark(' \t\b\r\n', BLANK);
mark(' \t\r\n\v\f', SPACE | ENDS_BARE_TEXT | ENDS_BARE_ARGUMENT);
mark('()"\'=,', ENDS_BARE_TEXT);
mark('[]"\'', ENDS_BARE_ARGUMENT);
mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', LETTER);
mark('0123456789', DIGIT | HEX_DIGIT);
mark('abcdefABCDEF', HEX_DIGIT);
mark('_', UNDERSCORE);

function mark(characters: string, classes: number): void {
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    CLASSES[code] = (CLASSES[code] ?? 0) | classes;
  }
}

/** Whether the character at an offset is of one of the classes; past the end none is. */
export function isOneOf(classes: number, text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code < 128 && ((CLASSES[code] ?? 0) & classes) !== 0;
}

/** Where a run of characters of the classes ends. */
export function endOfRun(classes: number, text: string, offset: number): number {
  let end = offset;
  while (end < text.length && isOneOf(classes, text, end)) end++;
  return end;
}

/** Where a run of characters of none of the classes ends. */
export function endOfOthers(classes: number, text: string, offset: number): number {
  let end = offset;
  while (end < text.length && !isOneOf(classes, text, end)) end++;
  return end;
}

/** Where an identifier that starts at the offset ends; the offset itself if there is none. */
export function endOfIdentifier(text: string, offset: number): number {
  return isOneOf(LETTER, text, offset) ? endOfRun(WORD, text, offset + 1) : offset;
}

/** Where a field's name (identifiers joined by dots) ends; the offset itself if there is none. */
export function endOfFieldName(text: string, offset: number): number {
  const first = endOfIdentifier(text, offset);
  if (first === offset) return offset;
  let end = first;
  while (text[end] === '.') {
    const next = endOfIdentifier(text, end + 1);
    if (next === end + 1) break;
    end = next;
  }
  return end === first ? offset : end;
}

/** Where a number (`-1`, `1.5e+3`, `0x1f`) ends; the offset itself if there is none. */
export function endOfNumber(text: string, offset: number): number {
  const second = text[offset + 1];
  if (text[offset] === '0' && (second === 'x' || second === 'X')) {
    const end = endOfRun(HEX_DIGIT, text, offset + 2);
    if (end > offset + 2) return end;
  }
  const digits = text[offset] === '+' || text[offset] === '-' ? offset + 1 : offset;
  let end = endOfRun(DIGIT, text, digits);
  if (end === digits) return offset;
  if (text[end] === '.') end = endOfRun(DIGIT, text, end + 1);
  // An exponent needs its sign: Falco reads 1e3 as 1, and what follows as a mistake.
  const sign = text[end + 1];
  if ((text[end] === 'e' || text[end] === 'E') && (sign === '+' || sign === '-')) {
    const exponent = endOfRun(DIGIT, text, end + 2);
    if (exponent > end + 2) end = exponent;
  }
  return end;
}
