import { Latencies } from '../../../lib/responder/report/latencies';

/** How many were measured, and the sum of their seconds. */
const measured = (latencies: Latencies): readonly (number | undefined)[] =>
  ['_count', '_sum'].map(
    (name) => latencies.cut.metric().samples.find(({ suffix }) => suffix === name)?.value,
  );

test('Pods that never become contained keep no room from the next', () => {
  const latencies = new Latencies();
  for (let index = 0; index < 100_000; index++) latencies.begin(`never-${index}`, 0);
  latencies.begin('last', 0);
  latencies.contained('last', 5_000);
  // The first of them is not remembered any more.
  latencies.contained('never-0', 9_000);
  expect(measured(latencies)).toEqual([1, 5]);
});

test('a Pod that is alerted again is measured from the first time, and one that is given up not at all', () => {
  const latencies = new Latencies();
  latencies.begin('a', 0);
  latencies.begin('a', 900);
  latencies.begin('b', 0);
  latencies.forget('b');
  latencies.contained('a', 1_000);
  latencies.contained('b', 1_000);
  expect(measured(latencies)).toEqual([1, 1]);
});
