import type { FieldValue } from './event';

/** A value longer than this is cut where people read it: command lines can be very long. */
const SHOWN = 200;

/** A value of an event for people: text in quotes, and nothing in it that a terminal would obey. */
export function printableValue(value: FieldValue): string {
  if (typeof value !== 'string')
    return Array.isArray(value) ? `(${value.map(printableValue).join(', ')})` : String(value);
  const shown = value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value;
  return inert(JSON.stringify(shown));
}

/** Events hold what programs of strangers were called with: no control or format character of it, and no half of one, reaches a terminal. */
export function inert(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
