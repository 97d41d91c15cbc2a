/** A table for people: columns as wide as their widest cell, but for the last one. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, at) => (at === head.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A time in its two largest units: `3h56m`, `4m`, `12s`; `-` for what is none. */
export function inShort(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return '-';
  const left = Math.max(0, milliseconds);
  const first = UNITS.findIndex(([, size]) => left >= size);
  const [unit, size] = UNITS[first < 0 ? 3 : first] ?? UNITS[3];
  const [nextUnit, nextSize] = UNITS[first + 1] ?? ['', 0];
  const whole = Math.floor(left / size);
  const rest = nextSize === 0 || first < 0 ? 0 : Math.floor((left - whole * size) / nextSize);
  // Nobody counts the seconds of minutes.
  return rest === 0 || unit === 'm' ? `${whole}${unit}` : `${whole}${unit}${rest}${nextUnit}`;
}
