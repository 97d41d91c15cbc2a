import type { Range, Report, ScalarNode } from './node';

/** Where the characters of scalars stand in their file: escapes, folds and indentation come between the two. */
const PLACES = new WeakMap<ScalarNode, readonly number[] | undefined>();

/** Where a stretch of a scalar's text stands in the file; the whole scalar where that can't be told. */
export function placeInScalar(scalar: ScalarNode, report: Report, start: number, end: number): Range {
  if (!PLACES.has(scalar)) PLACES.set(scalar, placesOf(scalar, report));
  const places = PLACES.get(scalar);
  const first = places?.[start] ?? places?.at(-1);
  if (places === undefined || first === undefined) return scalar;
  const last = places[Math.max(start, end - 1)] ?? first;
  return { start: first, end: Math.max(first, last) + 1 };
}

function placesOf(scalar: ScalarNode, report: Report): number[] | undefined {
  const raw = report.source(scalar);
  const style = raw[0];
  let at = style === '"' || style === "'" ? 1 : 0;
  if (style === '|' || style === '>') at = raw.indexOf('\n') + 1;
  const places: number[] = [];
  for (const char of units(scalar.text)) {
    if (isBlank(char)) {
      places.push(scalar.start + at);
      if (isBlank(raw[at])) at++;
      else if (raw[at] === '\\') at += escapeLength(raw, at);
      continue;
    }
    while (isBlank(raw[at]) || (style === '"' && raw[at] === '\\' && isBlank(raw[at + 1]))) at++;
    const length = style === '"' && raw[at] === '\\' ? escapeLength(raw, at) : 1;
    if (length === 1 && raw[at] !== char) return undefined;
    places.push(scalar.start + at);
    at += style === "'" && char === "'" ? 2 : length;
  }
  return places;
}

/** UTF-16 units, as offsets count them. */
function units(text: string): string[] {
  return text.split('');
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}

/** How long an escape of YAML is, from its backslash. */
function escapeLength(raw: string, at: number): number {
  const digits = { x: 2, u: 4, U: 8 }[raw[at + 1] ?? ''] ?? 0;
  return 2 + digits;
}
