/** A time in which a node, or all of one thing, was not watched. */
interface CoverageGap {
  /** What was not watched: a node's name. */
  readonly what: string;
  readonly from: Date;
  readonly to: Date;
  readonly why: string;
}

interface NodeMinutes {
  readonly expected: number;
  readonly covered: number;
}

/**
 * How much of what was asked for could have been seen: "no rows" is "nobody" only as far as this goes. It is measured in
 * minutes of nodes, by records that each node must have written every minute.
 */
export type Coverage =
  | { readonly kind: 'unknown'; readonly why: string }
  | {
      readonly kind: 'measured';
      readonly nodeMinutes: NodeMinutes;
      readonly gaps: readonly CoverageGap[];
      /** Namespaces of which nothing is seen. */
      readonly exempt: readonly string[];
    };

/** No canary writes records yet. */
export const NOT_MEASURED: Coverage = { kind: 'unknown', why: 'no canary records' };

/** In one line, for people. */
export function coverageText(coverage: Coverage): string {
  if (coverage.kind === 'unknown') return `coverage unknown: ${coverage.why}`;
  const { nodeMinutes, gaps, exempt } = coverage;
  const not = [
    ...(exempt.length === 0 ? [] : [`namespaces ${exempt.join(', ')} (exempt)`]),
    ...gaps.map(({ what, from, to, why }) => `${what}, ${minute(from)}–${untilText(from, to)} (${why})`),
  ];
  const tail = not.length === 0 ? '' : `; not covered: ${not.join('; ')}`;
  return `covered: ${coveredShare(nodeMinutes)} of node-minutes${tail}`;
}

/** Rounded down: what isn't covered is never rounded away. */
export function coveredShare({ expected, covered }: NodeMinutes): string {
  if (expected <= 0) return '0 %';
  const hundredths = Math.floor((10_000 * covered) / expected);
  return `${(hundredths / 100).toFixed(2)} %`;
}

function minute(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}

function untilText(from: Date, to: Date): string {
  const [day, other] = [minute(from), minute(to)];
  return day.slice(0, 10) === other.slice(0, 10) ? other.slice(11) : other;
}
