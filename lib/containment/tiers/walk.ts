import { coverEverything, type AddressRange } from '../address';
import type { Residual } from '../network-policy/residual';
import type { PolicyRef } from '../objects';

/** A rule of a tier for traffic that leaves the Pod. */
export interface TierRule {
  readonly action: 'accept' | 'deny' | 'pass';
  /** What it is for, in a line. */
  readonly to: string;
  /** Addresses all of whose traffic it holds, whatever the port. A rule that also looks at something else holds none for sure. */
  readonly surely: readonly AddressRange[];
}

/** A policy of a tier that selects the Pod. */
export interface TierPolicy {
  readonly policy: PolicyRef;
  readonly selector: string;
  /** Lower comes first. */
  readonly precedence: number;
  /** In their order. */
  readonly rules: readonly TierRule[];
}

/** What a tier says of a Pod's egress. */
export interface TierVerdict {
  /** Whether every address is denied, whatever comes after the tier. */
  readonly denied: boolean;
  /** The addresses that are. */
  readonly ranges: readonly AddressRange[];
  /** By whose rules. */
  readonly by: readonly PolicyRef[];
  /** Policies that let the Pod out before it is denied. */
  readonly residuals: readonly Residual[];
  /** Whether some of the traffic skips the rest of the tier. */
  readonly passed: boolean;
}

/** Nothing said. */
export const SILENT: TierVerdict = { denied: false, ranges: [], by: [], residuals: [], passed: false };

/**
 * Walks a tier's policies by precedence, on top of what earlier tiers have decided. Policies of the same precedence may come
 * in any order, so each of them counts as if it were the first: what one of them accepts is open, though another denies it.
 */
export function walk(policies: readonly TierPolicy[], before: TierVerdict = SILENT): TierVerdict {
  const precedences = [...new Set(policies.map(({ precedence }) => precedence))].sort((a, b) => a - b);
  let state: TierVerdict = { ...before, passed: false };
  for (const precedence of precedences) {
    if (state.denied) return state;
    const ends = policies.filter((each) => each.precedence === precedence).map((each) => step(each, state));
    state = ends.reduce<TierVerdict>(
      (sum, end) =>
        decided({
          ranges: [...sum.ranges, ...end.ranges],
          by: [...sum.by, ...end.by],
          residuals: [...sum.residuals, ...end.residuals],
          passed: sum.passed || end.passed,
        }),
      state,
    );
  }
  return state;
}

/** What one policy adds, if it comes next. */
function step({ policy, selector, rules }: TierPolicy, before: TierVerdict): Omit<TierVerdict, 'denied'> {
  const ranges: AddressRange[] = [];
  const to: string[] = [];
  let { passed } = before;
  let denies = false;
  for (const rule of rules) {
    if (coverEverything([...before.ranges, ...ranges])) break;
    if (rule.action === 'accept') to.push(rule.to);
    else if (rule.action === 'pass') passed = true;
    // What a rule has passed on is not denied by the next one; which traffic that is, we don't reckon.
    else if (!passed) {
      ranges.push(...rule.surely);
      denies = true;
    }
  }
  return {
    ranges,
    passed,
    by: denies ? [policy] : [],
    residuals: to.length > 0 ? [{ policy, selector, to }] : [],
  };
}

function decided(verdict: Omit<TierVerdict, 'denied'>): TierVerdict {
  return { ...verdict, denied: coverEverything(verdict.ranges) };
}
