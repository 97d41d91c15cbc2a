import type { Advice } from './advice';

const MOST = 50;

/** Workloads without a policy, and why: a line each. */
export function unadvised(advice: readonly Advice[]): readonly string[] {
  const lines = advice.flatMap((each) =>
    each.kind === 'none'
      ? [`${each.namespace}, ${each.workload}: no policy is advised, because ${each.why}`]
      : [],
  );
  return lines.length > MOST
    ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more workloads without a policy`]
    : lines;
}
