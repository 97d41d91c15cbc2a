/** Which alert was taken for which expectation, by their indexes. */
export interface Matching {
  /** By expectation: the alerts that it got. */
  readonly taken: readonly (readonly number[])[];
  /** Alerts that nobody expected. */
  readonly left: readonly number[];
}

/**
 * Gives as many alerts as can be to expectations that they fit, none twice: one that fits two goes where the other
 * expectation can do without it.
 *
 * @param counts how many alerts each expectation wants
 */
export function matchAlerts(
  alerts: number,
  counts: readonly number[],
  fits: (expectation: number, alert: number) => boolean,
): Matching {
  const holder = new Array<number>(alerts).fill(-1);
  const got = counts.map(() => 0);
  for (let alert = 0; alert < alerts; alert++) {
    const taker = counts.findIndex((count, each) => (got[each] ?? 0) < count && fits(each, alert));
    if (taker < 0) continue;
    holder[alert] = taker;
    got[taker] = (got[taker] ?? 0) + 1;
  }
  /** Finds one more alert for an expectation, for which others may have to change theirs. */
  const oneMore = (expectation: number, asked: Set<number>): boolean => {
    asked.add(expectation);
    for (const [alert, held] of holder.entries()) {
      if (held === expectation || asked.has(held) || !fits(expectation, alert)) continue;
      if (held >= 0 && !oneMore(held, asked)) continue;
      holder[alert] = expectation;
      return true;
    }
    return false;
  };
  for (const [expectation, count] of counts.entries()) {
    while ((got[expectation] ?? 0) < count && oneMore(expectation, new Set())) {
      got[expectation] = (got[expectation] ?? 0) + 1;
    }
  }
  const indexes = holder.map((_, alert) => alert);
  return {
    taken: counts.map((_, expectation) => indexes.filter((alert) => holder[alert] === expectation)),
    left: indexes.filter((alert) => holder[alert] === -1),
  };
}
