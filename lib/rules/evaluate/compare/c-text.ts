/**
 * Text as Falco's C library sees it: bytes, of which only ASCII letters have a case.
 *
 * Falco never sets a locale, so `tolower`, `strcasestr` and `fnmatch` work byte by byte.
 */

/** The letters A to Z made small; no other character changes. */
export function asciiLower(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The letters a to z made capital; no other character changes. */
export function asciiUpper(text: string): string {
  return isAscii(text) ? text.toUpperCase() : text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** A text whose characters are the bytes of the given one. */
export function bytesOf(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false;
  return true;
}
