/**
 * Whether Falco takes a text for a whole number: blanks before, a sign and digits, nothing behind. It reads them with
 * `sscanf`, which neither minds a sign for unsigned numbers nor a number too large (libs, `sinsp_numparser`).
 */
export function isWholeNumber(text: string): boolean {
  return /^[ \t\n\v\f\r]*[+-]?\d+$/.test(text);
}

/** A text as C sees it: up to its first NUL. */
export function upToNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
