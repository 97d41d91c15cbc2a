/**
 * JSON as Go prints it too, so that a template of a chart gives the same bytes: keys in the order of their code points,
 * and the two separators of lines that JavaScript leaves as they are, escaped.
 */

/** The keys of a map in the order of their code points, which is that of their bytes; JavaScript's own goes by UTF-16. */
export function sortedKeys(map: object): string[] {
  return Object.keys(map).sort((one, other) => {
    const [left, right] = [[...one], [...other]];
    const at = left.findIndex((character, index) => character !== right[index]);
    if (at < 0) return left.length - right.length;
    return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
  });
}

/** A value as JSON in one line; what is undefined in a map is left out. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null)
    return JSON.stringify(value ?? null).replace(/[\u2028\u2029]/g, (separator) =>
      separator === '\u2028' ? '\\u2028' : '\\u2029',
    );
  const map = value as Readonly<Record<string, unknown>>;
  const entries = sortedKeys(map)
    .filter((key) => map[key] !== undefined)
    .map((key) => `${sortedJson(key)}:${sortedJson(map[key])}`);
  return `{${entries.join(',')}}`;
}
