import { isJsonObject } from './json-value';
import { endOfText } from './json-text';

/** A whole number that a double may not hold: nanoseconds since 1970 are such. Or a part of another, or of a text. */
const LONG = /-?\d{16,}/g;
/** What before or behind it makes it a part of another number. */
const PART = /[\d.eE+-]/;
/** Nothing has more digits than this and a meaning; to read a million of them takes half a second. */
const MOST_DIGITS = 100;
/** Before the digits of a number that stands as text for a moment. */
const MARK = '\u0001';

/** `JSON.parse` with all digits: whole numbers beyond 2^53 become bigints, up to a hundred digits. */
export function parseExactJson(text: string): unknown {
  // Most lines hold no such number, and are read much faster.
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return withNumbers(JSON.parse(withTexts(text)));
}

/** The JSON with long numbers as marked texts. */
function withTexts(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  let start = text.indexOf('"');
  let end = start < 0 ? -1 : endOfText(text, start);
  for (const { index, 0: digits } of text.matchAll(LONG)) {
    while (start >= 0 && end >= 0 && end < index) {
      start = text.indexOf('"', end + 1);
      end = start < 0 ? -1 : endOfText(text, start);
    }
    // A text that doesn't end is no JSON, as `JSON.parse` will say.
    const inText = start >= 0 && start < index;
    const next = index + digits.length;
    const part = PART.test(text[index - 1] ?? '') || PART.test(text[next] ?? '');
    if (inText || part || digits.length > MOST_DIGITS) continue;
    parts.push(text.slice(copied, index), '"\\u0001', digits, '"');
    copied = next;
  }
  return parts.join('') + text.slice(copied);
}

/** The value with numbers in place of marked texts; it is new, and changed where it lies. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(MARK) ? numberOf(value) : value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) value[index] = withNumbers(item);
    return value;
  }
  if (!isJsonObject(value)) return value;
  for (const [key, item] of Object.entries(value)) {
    const read = withNumbers(item);
    // Not by assignment: the key may be `__proto__`.
    if (read !== item)
      Object.defineProperty(value, key, {
        value: read,
        writable: true,
        enumerable: true,
        configurable: true,
      });
  }
  return value;
}

function numberOf(value: string): string | number | bigint {
  const digits = value.slice(1);
  if (!/^-?\d{16,}$/.test(digits)) return value;
  const number = Number(digits);
  return String(number) === digits ? number : BigInt(digits);
}

/** JSON in which bigints are text, for nothing else keeps their digits everywhere. */
export function printJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
}
