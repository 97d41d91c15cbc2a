import { ROOT, VALUES, type Condition } from './node';

/** Where in a template something is printed. */
export interface Place {
  /** Whether a `range` around it has moved the dot. */
  readonly inRange: boolean;
  /** Conditions that hold there. */
  readonly known: ReadonlySet<string>;
}

/** Outside of everything. */
export const TOP: Place = { inRange: false, known: new Set() };

/** Inside of a `range`. */
export function inRange(place: Place): Place {
  return { ...place, inRange: true };
}

/** Where a condition holds. */
export function where(condition: Condition, place: Place): Place {
  return { ...place, known: new Set([...place.known, ...condition.parts.map(({ code }) => code)]) };
}

/** Whether a condition holds at a place; nothing where only the chart's values tell. */
export function holdsAt(condition: Condition, place: Place): boolean | undefined {
  if (condition.parts.every(({ code }) => place.known.has(code))) return true;
  return condition.negation.parts.every(({ code }) => place.known.has(code)) ? false : undefined;
}

/** A code as it is written at a place. */
export function written(code: string, place: Place): string {
  return code
    .replaceAll(VALUES, place.inRange ? '$.Values' : '.Values')
    .replaceAll(ROOT, place.inRange ? '$' : '.');
}

const INDENT = '\u0003';

/** Prints what an expression gives on lines of its own, as far to the right as the action itself. */
export function nindent(code: string, by = 0): string {
  return `{{- ${code} | nindent ${INDENT}${by}${INDENT} }}`;
}

/** Lines further to the right, and what {@link nindent} prints with them; empty lines stay empty. */
export function indented(text: string, by: number): string {
  return text
    .replace(/^(?=.)/gm, ' '.repeat(by))
    .replace(
      new RegExp(`${INDENT}(\\d+)${INDENT}`, 'g'),
      (_match, from: string) => `${INDENT}${Number(from) + by}${INDENT}`,
    );
}

/** A template as it is in its file. */
export function finished(text: string): string {
  return text.replaceAll(INDENT, '');
}
