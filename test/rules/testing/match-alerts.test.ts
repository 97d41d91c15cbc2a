import * as fc from 'fast-check';
import { matchAlerts } from '../../../lib/rules/testing/match-alerts';

/** The most alerts that can be given away, by trying all. */
function most(fits: readonly (readonly boolean[])[], counts: readonly number[], alert = 0): number {
  if (alert === fits.length) return 0;
  let best = most(fits, counts, alert + 1);
  for (const [expectation, count] of counts.entries()) {
    if (count === 0 || fits[alert]?.[expectation] !== true) continue;
    const rest = counts.map((each, index) => (index === expectation ? each - 1 : each));
    best = Math.max(best, 1 + most(fits, rest, alert + 1));
  }
  return best;
}

test('as many alerts are taken as can be, none twice, and none that does not fit', () => {
  const cases = fc.integer({ min: 1, max: 4 }).chain((expectations) =>
    fc.tuple(
      fc.array(fc.nat(2), { minLength: expectations, maxLength: expectations }),
      fc.array(fc.array(fc.boolean(), { minLength: expectations, maxLength: expectations }), {
        maxLength: 5,
      }),
    ),
  );
  fc.assert(
    fc.property(cases, ([counts, fits]) => {
      const { taken, left } = matchAlerts(fits.length, counts, (e, a) => fits[a]?.[e] === true);
      const all = [...taken.flat(), ...left];
      expect(all.toSorted((a, b) => a - b)).toEqual(fits.map((_, index) => index));
      taken.forEach((alerts, expectation) => {
        expect(alerts.length).toBeLessThanOrEqual(counts[expectation] ?? 0);
        for (const alert of alerts) expect(fits[alert]?.[expectation]).toBe(true);
      });
      expect(taken.flat()).toHaveLength(most(fits, counts));
    }),
  );
});

test('it is not slow where many alerts are the same', () => {
  const { taken, left } = matchAlerts(50_000, [49_000, 2_000], (expectation) => expectation === 0);
  expect([taken[0]?.length, taken[1]?.length, left.length]).toEqual([49_000, 0, 1_000]);
});
