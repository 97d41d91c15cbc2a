import { setImmediate } from 'node:timers/promises';
import { settledAtOnce } from '../../lib/cli/at-once';

test('so many at once and no more, each at its place whatever comes first', async () => {
  let running = 0;
  let most = 0;
  const outcomes = await settledAtOnce(
    8,
    Array.from({ length: 100 }, (_, index) => index),
    async (index) => {
      running += 1;
      most = Math.max(most, running);
      // The later ones are the faster ones.
      for (let turns = 100 - index; turns > 0; turns--) await setImmediate();
      running -= 1;
      if (index % 10 === 3) throw new Error(`${index} failed`);
      return index;
    },
  );
  expect(most).toBe(8);
  expect(outcomes).toHaveLength(100);
  for (const [index, outcome] of outcomes.entries())
    expect(outcome).toEqual(
      index % 10 === 3
        ? { status: 'rejected', reason: new Error(`${index} failed`) }
        : { status: 'fulfilled', value: index },
    );
});

test('nothing to do', async () => {
  expect(await settledAtOnce(8, [], () => Promise.reject(new Error('never')))).toEqual([]);
});
