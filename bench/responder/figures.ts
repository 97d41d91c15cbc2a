/** What a share of the values does not pass: `0.5` is the median. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Median and 99th percentile, as people read them. */
export function printTimes(values: readonly number[]): string {
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(values, share).toFixed(1));
  return `p50 ${p50 ?? ''} ms, p99 ${p99 ?? ''} ms`;
}

/** A line of the result: the ratio first, since the machine has moods. */
export function printRatio(ratio: number, aim: number, what: string, absolute: string): void {
  const met = ratio <= aim ? 'met' : 'MISSED';
  console.log(`${ratio.toFixed(2).padStart(7)} × ${what}  (aim ${aim} ×: ${met}; ${absolute})`);
}

/** A line of a figure that is no ratio. */
export function printFigure(value: number, unit: string, aim: number, what: string, more = ''): void {
  const met = value <= aim ? 'met' : 'MISSED';
  console.log(
    `${value.toFixed(0).padStart(7)} ${unit} ${what}  (aim ${aim} ${unit}: ${met}${more && `; ${more}`})`,
  );
}
