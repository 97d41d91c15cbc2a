import { undecided } from '../settings/token';
import { sortedJson, sortedKeys } from '../sorted-json';

/**
 * The text of a file that our program reads: JSON, each of the outer keys on a line of its own. `configText` is for files
 * that others read.
 */
export function jsonText(file: object): string {
  const open = undecided()?.printed('json', file);
  if (open !== undefined) return open;
  const map = file as Readonly<Record<string, unknown>>;
  const lines = sortedKeys(map)
    .filter((key) => map[key] !== undefined)
    .map((key) => `  ${sortedJson(key)}: ${sortedJson(map[key])}`);
  return lines.length > 0 ? `{\n${lines.join(',\n')}\n}\n` : '{}\n';
}
