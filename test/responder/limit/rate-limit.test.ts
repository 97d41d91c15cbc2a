import fc from 'fast-check';
import { RateLimit } from '../../../lib/responder/limit/rate-limit';

let now = 0;
beforeEach(() => {
  now = 0;
});

const limit = (over: Partial<ConstructorParameters<typeof RateLimit>[0]> = {}): RateLimit =>
  new RateLimit({ perSecond: 10, burst: 20, most: 3, now: () => now, ...over });

test('a burst at once, then as much as comes back', () => {
  const rate = limit();
  for (let each = 0; each < 20; each++) {
    expect(rate.waitOf('a')).toBe(0);
    rate.take('a', 1);
  }
  expect(rate.waitOf('a')).toBeGreaterThan(0);
  expect(rate.waitOf('b')).toBe(0);
  now = 99;
  rate.take('a', 1);
  expect(rate.waitOf('a')).toBeGreaterThan(0);
  now += rate.waitOf('a');
  expect(rate.waitOf('a')).toBe(0);
});

test('what is larger than the burst is taken, and owed', () => {
  const rate = limit();
  rate.take('a', 120);
  expect(rate.waitOf('a')).toBe(10_001);
  now = 10_000;
  expect(rate.waitOf('a')).toBe(1);
  now = 10_001;
  expect(rate.waitOf('a')).toBe(0);
});

test('what is given back fills it up, and no further', () => {
  const rate = limit();
  rate.take('a', 20);
  rate.take('a', -1);
  expect(rate.waitOf('a')).toBe(0);
  rate.take('a', -1000);
  rate.take('a', 20);
  expect(rate.waitOf('a')).toBe(1);
});

test('a clock that goes back gives nothing and takes nothing', () => {
  const rate = limit();
  now = 5_000;
  rate.take('a', 30);
  now = 0;
  expect(rate.waitOf('a')).toBe(1_001);
});

test('of more senders than are remembered the one that was quiet longest begins anew', () => {
  const rate = limit();
  for (const sender of ['a', 'b', 'c']) rate.take(sender, 25);
  rate.take('a', 1);
  rate.take('d', 25);
  expect(rate.size).toBe(3);
  expect(['a', 'b', 'c', 'd'].map((sender) => rate.waitOf(sender) > 0)).toEqual([true, false, true, true]);
});

test('however it comes, nobody gets more than the burst and what comes back, but for the last', () => {
  const steps = fc.array(fc.record({ after: fc.nat(500), cost: fc.integer({ min: 1, max: 40 }) }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (asked) => {
      now = 0;
      const rate = limit();
      let taken = 0;
      for (const { after, cost } of asked) {
        now += after;
        if (rate.waitOf('a') > 0) continue;
        expect(taken).toBeLessThan(20 + (now / 1000) * 10 + 1e-6);
        rate.take('a', cost);
        taken += cost;
      }
    }),
  );
});
