/** Rows of an exception: of each field the values that it may have. */
export type Row = readonly (readonly string[])[];

/**
 * Joins rows that differ in one field only, as long as there are any: the rows left allow exactly the combinations that
 * the given ones did.
 */
export function mergeRows(rows: readonly Row[]): Row[] {
  let merged = rows.map((row) => row.map((values) => [...new Set(values)].sort()));
  for (let before = Infinity; merged.length < before;) {
    before = merged.length;
    const width = merged[0]?.length ?? 0;
    // From the end: addresses and ports are there, which vary most.
    for (let column = width - 1; column >= 0; column--) merged = joinBy(column, merged);
  }
  return merged;
}

function joinBy(column: number, rows: readonly string[][][]): string[][][] {
  const alike = new Map<string, { row: string[][]; values: Set<string> }>();
  for (const row of rows) {
    const key = JSON.stringify(row.map((values, index) => (index === column ? [] : values)));
    const found = alike.get(key);
    if (found === undefined) alike.set(key, { row, values: new Set(row[column]) });
    else for (const value of row[column] ?? []) found.values.add(value);
  }
  return [...alike.values()].map(({ row, values }) =>
    row.map((own, index) => (index === column ? [...values].sort() : own)),
  );
}

/** How many values stand in rows. */
export function sizeOf(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + row.reduce((width, values) => width + values.length, 0), 0);
}

/** How many combinations rows allow. */
export function combinationsOf(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + row.reduce((product, values) => product * values.length, 1), 0);
}
