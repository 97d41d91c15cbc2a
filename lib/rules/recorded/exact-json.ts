/** Strings, to be passed over, or whole numbers that a double may not hold: nanoseconds since 1970 are such. */
const STRING_OR_LONG = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;
/** Before the digits of a number that stands as text for a moment. */
const MARK = '\u0001';

/** `JSON.parse` with all digits: whole numbers beyond 2^53 become bigints. */
export function parseExactJson(text: string): unknown {
  // Most lines hold no such number, and are read much faster.
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const marked = text.replace(STRING_OR_LONG, (found) =>
    found.startsWith('"') ? found : `"\\u0001${found}"`,
  );
  return JSON.parse(marked, (_, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(MARK)) return value;
    const digits = value.slice(1);
    if (!/^-?\d{16,}$/.test(digits)) return value;
    const number = Number(digits);
    return String(number) === digits ? number : BigInt(digits);
  });
}

/** JSON in which bigints are text, for nothing else keeps their digits everywhere. */
export function printJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
}
