import { undecided } from '../settings/token';

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

/** Keys sorted, what is undefined left out. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const map = value as { readonly [key: string]: Json };
  return Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, sorted(map[key])]),
  );
}

/**
 * The text of a file that our program reads: JSON, each of the outer keys on a line of its own. `configText` is for files
 * that others read.
 */
export function jsonText(file: object): string {
  const open = undecided()?.printed('json', file);
  if (open !== undefined) return open;
  const lines = Object.entries(sorted(file as Json) as object)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return lines.length > 0 ? `{\n${lines.join(',\n')}\n}\n` : '{}\n';
}
